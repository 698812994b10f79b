"""The commands, by their file names."""
