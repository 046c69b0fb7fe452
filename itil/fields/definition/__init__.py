"""What a form asks: pure data, its rules and its checks. Knows no tables and no present time."""

from .checking import problems
from .draft import as_draft, from_draft, named
from .rules import Standing, standing
from .shape import (
    Condition,
    Definition,
    Effect,
    Group,
    Kind,
    Match,
    Operator,
    Option,
    Profile,
    Question,
    Section,
    Test,
)
from .values import Answer, Typed, fault, is_empty, read
from .words import differences, when

__all__ = [
    "Answer",
    "Condition",
    "Definition",
    "Effect",
    "Group",
    "Kind",
    "Match",
    "Operator",
    "Option",
    "Profile",
    "Question",
    "Section",
    "Standing",
    "Test",
    "Typed",
    "as_draft",
    "differences",
    "fault",
    "from_draft",
    "is_empty",
    "named",
    "problems",
    "read",
    "standing",
    "when",
]
