"""atlas.toml: its tables, what it asks for in vain, the settings that the other stages read."""
