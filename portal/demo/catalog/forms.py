"""What the demo company asks of who orders something."""

from datetime import datetime
from decimal import Decimal

from itil.fields.actions import compose
from itil.fields.definition import (
    Condition,
    Definition,
    Effect,
    Kind,
    Operator,
    Option,
    Question,
    Section,
)
from itil.fields.models import FieldSet


def option(value: str, label: str, price: int | None = None, text: str = "") -> Option:
    return Option(value, label, help=text, price=None if price is None else Decimal(price))


def when(question: str, value: str = "") -> tuple[Condition, ...]:
    """Shown when `question` was answered so; without a value, when it was answered at all."""
    operator = Operator.IS if value else Operator.ANSWERED
    return (Condition.when(Effect.SHOW, question, operator, value),)


def ask(key: str, kind: Kind, label: str, *options: Option, **more) -> Question:
    """A question that has to be answered, unless `required` says otherwise."""
    return Question(key=key, kind=kind, label=label, options=options, **{"required": True} | more)


def form(*sections: tuple[str, tuple[Question, ...]]) -> Definition:
    return Definition(
        tuple(
            Section(key=f"part_{place}", title=title, questions=questions)
            for place, (title, questions) in enumerate(sections, start=1)
        )
    )


WHY = ask("why", Kind.LONG_TEXT, "Why do you need it?", help="One sentence is enough.")
WHEN = ask("needed_on", Kind.DATE, "When do you need it?", minimum="today", required=False)
WHERE = ask("where", Kind.LOCATION, "Where?", profile="location")
ROOM = ask("room", Kind.TEXT, "Room or desk", help="For instance 2.14", maximum="40")
TELL = ask("details", Kind.LONG_TEXT, "What is it about?")
PHONE = ask("phone", Kind.TEXT, "Telephone for questions", profile="phone", required=False)

FORMS: dict[str, Definition] = {
    "Laptop": form(
        (
            "",
            (
                ask(
                    "model",
                    Kind.CHOICE,
                    "Which model?",
                    option("light", "Light 14", 980, "Mail, documents, calls. 1.2 kg, 16 GB"),
                    option("creator", "Creator 14", 1890, "Design, video. 1.6 kg, 32 GB"),
                    option("station", "Workstation 16", 2640, "3D and data work. 2.4 kg, 64 GB"),
                ),
                ask(
                    "reason",
                    Kind.CHOICE,
                    "Why do you need it?",
                    option("new", "I am new, or have no laptop"),
                    option("old", "Mine needs replacing"),
                    option("other", "Something else"),
                ),
                ask(
                    "old_tag",
                    Kind.TEXT,
                    "Asset tag of the old laptop",
                    help="On the underside, such as HAL-10233.",
                    pattern=r"HAL-\d{5}",
                    pattern_hint="HAL- and five digits, such as HAL-10233.",
                    conditions=when("reason", "old"),
                ),
                ask(
                    "explain",
                    Kind.LONG_TEXT,
                    "Tell us what you need it for",
                    conditions=when("reason", "other"),
                ),
            ),
        ),
        (
            "What goes with it",
            (
                ask(
                    "extras",
                    Kind.CHOICES,
                    "Add to it",
                    option("dock", "USB-C dock", 140),
                    option("monitor", "27 inch monitor", 260, "With cable and stand"),
                    option("bag", "Backpack", 45),
                    required=False,
                ),
                ask(
                    "monitor_room",
                    Kind.TEXT,
                    "At which desk do you want the monitor?",
                    conditions=(
                        Condition.when(Effect.SHOW, "extras", Operator.CONTAINS, "monitor"),
                    ),
                ),
                ask("pick_up", Kind.LOCATION, "Where do you pick it up?", profile="location"),
            ),
        ),
    ),
    "Monitor": form(
        (
            "",
            (
                ask(
                    "size",
                    Kind.CHOICE,
                    "Which size?",
                    option("m24", "24 inch", 190),
                    option("m27", "27 inch", 260),
                ),
                ROOM,
            ),
        ),
    ),
    "Mobile phone": form(
        (
            "",
            (
                ask(
                    "plan",
                    Kind.CHOICE,
                    "Where do you use it?",
                    option("home", "In our country", 14),
                    option("europe", "In Europe", 22),
                    option("world", "All over the world", 48),
                ),
                ask(
                    "number",
                    Kind.CHOICE,
                    "Which number?",
                    option("new", "A new one"),
                    option("keep", "I bring my number"),
                ),
                ask(
                    "own_number",
                    Kind.TEXT,
                    "Your number",
                    profile="phone",
                    pattern=r"\+?[0-9 ]{8,20}",
                    pattern_hint="Digits, such as +31 6 1234 5678.",
                    conditions=when("number", "keep"),
                ),
            ),
        ),
    ),
    "Software": form(
        (
            "",
            (
                ask(
                    "program",
                    Kind.CHOICE,
                    "Which program?",
                    option("diagrams", "Diagrams", 4),
                    option("projects", "Project planning", 18),
                    option("design", "Design suite", 38),
                    option("other", "Another one"),
                ),
                ask("name", Kind.TEXT, "Which one?", conditions=when("program", "other")),
                WHY,
            ),
        ),
    ),
    "Access": form(
        (
            "",
            (
                ask("system", Kind.TEXT, "To what?", help="The folder, mailbox or program."),
                ask(
                    "rights",
                    Kind.CHOICE,
                    "What do you want to do there?",
                    option("read", "Read"),
                    option("edit", "Read and change"),
                ),
                ask("until", Kind.DATE, "Until when?", minimum="today+1", required=False),
                WHY,
            ),
        ),
    ),
    "New colleague": form(
        (
            "Who comes",
            (
                ask("name", Kind.TEXT, "Name of the new colleague"),
                ask("starts_on", Kind.DATE, "First day", minimum="today"),
                ask("manager", Kind.PERSON, "Manager", profile="self"),
                ask("place", Kind.LOCATION, "Office", profile="location"),
            ),
        ),
        (
            "What is needed",
            (
                ask(
                    "kit",
                    Kind.CHOICES,
                    "To be ready on the first day",
                    option("laptop", "Laptop", 980),
                    option("phone", "Mobile phone", 220),
                    option("badge", "Badge", 0),
                    option("desk", "Desk and chair", 640),
                ),
                ask("remarks", Kind.LONG_TEXT, "Anything else?", required=False),
            ),
        ),
    ),
    "Leaving": form(
        (
            "",
            (
                ask("who", Kind.PERSON, "Who leaves?"),
                ask("last_day", Kind.DATE, "Last day", minimum="today-30"),
                ask(
                    "mailbox",
                    Kind.CHOICE,
                    "What happens to the mailbox?",
                    option("close", "It is closed"),
                    option("forward", "It is forwarded for a month"),
                ),
                ask("to", Kind.PERSON, "To whom?", conditions=when("mailbox", "forward")),
            ),
        ),
    ),
    "Leave": form(
        (
            "",
            (
                ask("days", Kind.DATE_SPAN, "From when to when?"),
                ask("stand_in", Kind.PERSON, "Who stands in?", required=False),
                ask("remarks", Kind.LONG_TEXT, "Anything to add?", required=False),
            ),
        ),
    ),
    "Training": form(
        (
            "",
            (
                ask("course", Kind.TEXT, "Which course?"),
                ask("price", Kind.MONEY, "What does it cost?", minimum="0"),
                ask("days", Kind.DATE_SPAN, "When?", required=False),
                WHY,
            ),
        ),
    ),
    "Journey": form(
        (
            "",
            (
                ask("destination", Kind.TEXT, "Where to?"),
                ask("days", Kind.DATE_SPAN, "When?"),
                ask(
                    "by",
                    Kind.CHOICES,
                    "What shall we book?",
                    option("train", "Train"),
                    option("flight", "Flight"),
                    option("hotel", "Hotel"),
                ),
                ask("cost", Kind.MONEY, "What may it cost?", minimum="1"),
            ),
        ),
    ),
    "Payment": form(
        (
            "",
            (
                ask("payee", Kind.TEXT, "Who is paid?"),
                ask("amount", Kind.MONEY, "How much?", minimum="0.01"),
                ask("papers", Kind.FILE, "Receipt or invoice"),
                ask("cost_centre", Kind.TEXT, "Charged to", profile="cost_centre"),
            ),
        ),
    ),
    "Room": form(
        (
            "",
            (
                ask("on", Kind.DATE, "Which day?", minimum="today"),
                ask("time", Kind.TIME_SPAN, "From when to when?"),
                ask("people", Kind.NUMBER, "How many people?", minimum="1", maximum="200"),
                ask(
                    "extras",
                    Kind.CHOICES,
                    "What goes with it?",
                    option("coffee", "Coffee and tea"),
                    option("lunch", "Lunch"),
                    option("screen", "Screen and sound"),
                    required=False,
                ),
                ask(
                    "diets",
                    Kind.LONG_TEXT,
                    "Diets and allergies",
                    required=False,
                    conditions=(Condition.when(Effect.SHOW, "extras", Operator.CONTAINS, "lunch"),),
                ),
            ),
        ),
    ),
    "Repair": form(("", (WHERE, ROOM, TELL, ask("photo", Kind.FILE, "Photo", required=False)))),
    "Contract": form(
        (
            "",
            (
                ask("party", Kind.TEXT, "With whom?"),
                ask("paper", Kind.FILE, "The draft"),
                ask("value", Kind.MONEY, "What is it worth?", minimum="0"),
                WHEN,
                TELL,
            ),
        ),
    ),
    "Confidential": form(
        (
            "",
            (
                TELL,
                PHONE,
                ask(
                    "consent",
                    Kind.CONSENT,
                    "I agree that those who handle it read what I wrote",
                ),
            ),
        ),
    ),
    "Short": form(("", (TELL, WHEN))),
}


def make_forms(now: datetime) -> dict[str, FieldSet]:
    """Compose and publish them all, by name."""
    return {name: compose(name, asked, by=None, at=now).field_set for name, asked in FORMS.items()}
