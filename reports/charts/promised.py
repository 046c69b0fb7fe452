"""What promises were made for, in words."""

from itil.tickets.models import Priority, Severity
from reports.frames.codes import SEVERITIES, level_of


def level_name(code: str | int) -> str:
    """`High`, or `sev2` by the scale of a contract. `code`: that of `codes.level_code`, which every
    priority of a ticket is, too; another one is its own name."""
    names = {str(value): str(label) for value, label in Priority.choices}
    names |= {str(one): str(Severity(level_of(one)[1]).label) for one in SEVERITIES}
    return names.get(str(code), str(code))
