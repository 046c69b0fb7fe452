"""The task inbox, one task, and what people do to it."""
