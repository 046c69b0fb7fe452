"""What IT asks of who orders something, and what its desk notes of faults."""

from itil.fields.definition import Condition, Definition, Effect, Kind, Operator

from .asking import ROOM, WHY, ask, form, option, when

EQUIPMENT: dict[str, Definition] = {
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
    "Account": form(
        (
            "",
            (
                ask("name", Kind.TEXT, "Name of the colleague"),
                ask("starts_on", Kind.DATE, "From when?"),
                ask("manager", Kind.PERSON, "Manager"),
                ask(
                    "groups",
                    Kind.CHOICES,
                    "Which teams does the colleague work with?",
                    option("design", "Design"),
                    option("sales", "Sales"),
                    option("planning", "Planning"),
                    required=False,
                ),
            ),
        ),
    ),
    "Return a device": form(
        (
            "",
            (
                ask("device", Kind.DEVICE, "Which one?"),
                ask(
                    "how",
                    Kind.CHOICE,
                    "How does it come back?",
                    option("desk", "I bring it to the desk"),
                    option("collect", "Please collect it"),
                    default="desk",
                ),
                ask("room", Kind.TEXT, "Where is it?", conditions=when("how", "collect")),
            ),
        ),
    ),
    "End an access": form(
        (
            "",
            (
                ask("what", Kind.TEXT, "Which access?"),
                ask("last_day", Kind.DATE, "On which day?", required=False),
            ),
        ),
    ),
    "Fault of a device": form(
        (
            "",
            (
                ask("device", Kind.DEVICE, "Which device?", required=False),
                ask(
                    "since",
                    Kind.CHOICE,
                    "Since when?",
                    option("always", "Since the person has it"),
                    option("lately", "Lately"),
                    required=False,
                ),
                ask(
                    "changed",
                    Kind.TEXT,
                    "What was changed before?",
                    conditions=when("since", "lately"),
                ),
            ),
        ),
    ),
    "Fault of the network": form(
        (
            "",
            (
                ask(
                    "way",
                    Kind.CHOICE,
                    "How is it connected?",
                    option("cable", "By cable"),
                    option("air", "By Wi-Fi"),
                    required=False,
                ),
                ask("socket", Kind.TEXT, "Label of the socket", conditions=when("way", "cable")),
            ),
        ),
    ),
}
