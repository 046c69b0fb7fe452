"""What the demo company orders together: for who comes, and from who leaves."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.offerings.models import Bundle, BundleAnswer, BundleLine, CatalogItem, ReturnRule

Standing, Source = BundleLine.Standing, BundleAnswer.Source


@dataclass(frozen=True)
class Line:
    """One item: how it stands in the list, how many working days from the day, its answers."""

    item: str
    days: int = 0
    standing: str = Standing.REQUIRED
    # By question: "=text" is fixed, "text" stands there at first, "@question" is the common one.
    answers: tuple[tuple[str, str], ...] = ()


COMING = (
    Line("Account for a colleague", -3),
    Line("Contract and payroll", -5),
    Line("New laptop", -3, answers=(("reason", "=new"), ("model", "light"), ("pick_up", "@where"))),
    Line("Mobile phone", -1, Standing.PRESELECTED, (("number", "=new"), ("plan", "europe"))),
    Line("Badge", -1, Standing.PRESELECTED, (("reason", "=new"),)),
    Line(
        "Desk or chair",
        -1,
        Standing.PRESELECTED,
        (("details", "Desk and chair for a new colleague."),),
    ),
    Line("Expense account", 0, Standing.PRESELECTED),
    Line("Software license", 0, Standing.OPTIONAL, (("why", "For a new colleague."),)),
    Line("Parking space", 0, Standing.OPTIONAL, (("details", "For a new colleague."),)),
    Line("Language lessons", 10, Standing.OPTIONAL, (("details", "For a new colleague."),)),
)
LEAVING = (Line("Last pay"),)
SOURCES = {"=": Source.FIXED, "@": Source.COMMON}


def make_bundles() -> dict[str, Bundle]:
    """Both, still empty: items name them before they can name items."""
    return {
        "New colleague": Bundle.objects.create(name="New colleague", date_question="starts_on"),
        "Leaving": Bundle.objects.create(
            name="Leaving",
            person_question="who",
            date_question="last_day",
            takes_back=True,
        ),
    }


def fill_bundles(bundles: Mapping[str, Bundle]) -> None:
    """Add the lines, and what is ordered to take things back."""
    for name, lines in (("New colleague", COMING), ("Leaving", LEAVING)):
        for place, line in enumerate(lines):
            _add(bundles[name], line, place)
    ReturnRule.objects.create(
        bundle=bundles["Leaving"], item=CatalogItem.objects.get(title="Return a device")
    )


def _add(bundle: Bundle, line: Line, place: int) -> None:
    made = BundleLine.objects.create(
        bundle=bundle,
        item=CatalogItem.objects.get(title=line.item),
        standing=line.standing,
        days=line.days,
        sort_order=place,
    )
    for position, (question, text) in enumerate(line.answers):
        source = SOURCES.get(text[0], Source.FIRST)
        BundleAnswer.objects.create(
            line=made,
            question=question,
            source=source,
            value=text[1:] if text[0] in SOURCES else text,
            sort_order=position,
        )
