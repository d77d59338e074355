"""Live preview: builds again what a change shows on, and tells open pages."""
