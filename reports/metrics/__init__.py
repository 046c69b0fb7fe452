"""Definitions of the figures: plain functions over frames, without a database."""
