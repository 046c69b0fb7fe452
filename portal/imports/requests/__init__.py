"""Reads the service requests of a city: one row per case, as it stood when the file was made."""
