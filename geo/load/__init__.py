"""An atlas folder, read once, checked and joined."""
