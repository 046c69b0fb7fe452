"""What finance, facilities and legal ask of who orders something."""

from itil.fields.definition import Condition, Definition, Effect, Kind, Operator

from .asking import ROOM, TELL, WHEN, WHERE, ask, form, option, when

OFFICES: dict[str, Definition] = {
    "Badge": form(
        (
            "",
            (
                ask("name", Kind.TEXT, "Name on the badge", profile="name"),
                ask("where", Kind.LOCATION, "Which building?", profile="location"),
                ask(
                    "reason",
                    Kind.CHOICE,
                    "What do you need?",
                    option("new", "A new badge"),
                    option("lost", "Mine is lost"),
                    option("doors", "More doors on mine"),
                ),
                ask("doors", Kind.TEXT, "Which doors?", conditions=when("reason", "doors")),
            ),
        ),
    ),
    "Expense account": form(
        (
            "",
            (
                ask("name", Kind.TEXT, "Name of the colleague"),
                ask("starts_on", Kind.DATE, "From when?"),
            ),
        )
    ),
    "Last pay": form(
        ("", (ask("who", Kind.PERSON, "Who leaves?"), ask("last_day", Kind.DATE, "Last day")))
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
    "Short": form(("", (TELL, WHEN))),
}
