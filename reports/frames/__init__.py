"""Rows of the database as typed frames, one SQL read each; instants are aware and in UTC."""
