"""The local provider: directories to growable columns, blind to plugins."""
