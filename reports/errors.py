"""What cannot be done, in words for a person."""


class Refused(Exception):
    """The text says why."""
