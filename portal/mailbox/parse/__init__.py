"""Reading mail: pure functions from bytes to a `ParsedMail`. mail.py is the way in."""

from .mail import ParsedMail, parse

__all__ = ["ParsedMail", "parse"]
