"""What human resources asks of who orders something."""

from itil.fields.definition import Definition, Kind

from .asking import PHONE, TELL, WHY, ask, form

COLLEAGUES: dict[str, Definition] = {
    "New colleague": form(
        (
            "Who comes",
            (
                ask("name", Kind.TEXT, "Name of the new colleague"),
                ask("starts_on", Kind.DATE, "First day", minimum="today"),
                ask("manager", Kind.PERSON, "Manager", profile="self"),
                ask("where", Kind.LOCATION, "Office", profile="location"),
            ),
        ),
    ),
    "Leaving": form(
        (
            "",
            (
                ask("who", Kind.PERSON, "Who leaves?"),
                ask("last_day", Kind.DATE, "Last day", minimum="today-30"),
            ),
        ),
    ),
    "Contract of a colleague": form(
        (
            "",
            (
                ask("name", Kind.TEXT, "Name of the colleague"),
                ask("starts_on", Kind.DATE, "First day"),
                ask("hours", Kind.NUMBER, "Hours a week", minimum="4", maximum="40", default="36"),
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
}
