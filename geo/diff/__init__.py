"""What differs between two atlases, as text and as a map."""
