"""The index page and its pictures, drawn without a browser."""
