"""The pictures of planned changes."""
