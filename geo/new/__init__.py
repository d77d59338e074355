"""A new atlas folder from a file as somebody has it."""
