"""An atlas folder to a folder of pages: what has to be made again and why, written whole, verified."""
