"""The refusals of calendars."""


class HolidayFileRefused(Exception):
    """A file of holidays has mistakes. `problems` are (line, what is wrong), in order of lines."""

    def __init__(self, problems: list[tuple[int, str]]):
        self.problems = problems
        super().__init__("; ".join(f"{line}: {reason}" for line, reason in problems))
