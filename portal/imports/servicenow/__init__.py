"""Reads the incident audit log of a ServiceNow instance (one row per saved state of a record)."""
