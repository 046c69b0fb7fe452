"""Reads the activities of a help desk: one row per activity of a case, without states."""
