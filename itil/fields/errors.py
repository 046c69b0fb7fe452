"""The refusals of forms that are made without code."""

from collections.abc import Sequence


class FormRefused(Exception):
    """A form was not published; nothing was changed. `problems` are sentences, in their order."""

    def __init__(self, problems: Sequence[str]):
        self.problems = tuple(problems)
        super().__init__(" ".join(self.problems))


class NotAllowed(Exception):
    """This person may not publish forms."""
