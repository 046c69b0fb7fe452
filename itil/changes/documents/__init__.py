"""Files made of changes."""
