"""Read the files of an atlas folder: bytes to features and tables, each with the line it stands on."""
