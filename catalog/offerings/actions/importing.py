"""Taking over a catalog that was kept elsewhere."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.text import slugify

from catalog.offerings.models import CatalogItem, CatalogPage, DepartmentPage
from catalog.offerings.parse import Offer
from itil.calendars.models import BusinessCalendar, WeeklyOpening
from itil.tickets.models import Category
from portal.people.models import Team

LONGEST_SOURCE = 60
WORKING_DAYS = range(5)


@dataclass(frozen=True)
class Calendars:
    """The hours by which promises are counted: in working days, and in days."""

    working: BusinessCalendar
    daily: BusinessCalendar


@dataclass
class Imported:
    """How many of each kind are new."""

    departments: int = 0
    topics: int = 0
    teams: int = 0
    items: int = 0
    already_there: int = 0


@dataclass
class _Writer:
    """Finds or makes what offers name."""

    catalog: CatalogPage
    calendars: Calendars
    audience: str
    told: Imported = field(default_factory=Imported)
    departments: dict[str, DepartmentPage] = field(default_factory=dict)
    topics: dict[str, Category] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)

    def add(self, offer: Offer, reference: str) -> None:
        self.department(offer.department).add_child(
            instance=CatalogItem(
                title=offer.name,
                summary=offer.topic,
                icon=offer.icon,
                category=self.topic(offer.topic),
                audience=self.audience,
                team=self.team(offer.team) if offer.team else None,
                calendar=self.calendars.working if offer.working else self.calendars.daily,
                delivery_business_days=offer.days,
                source_reference=reference,
            )
        )
        self.told.items += 1

    def department(self, name: str) -> DepartmentPage:
        if name not in self.departments:
            known = DepartmentPage.objects.child_of(self.catalog).filter(title=name).first()
            if known is None:
                known = self.catalog.add_child(
                    instance=DepartmentPage(title=name, icon="building-community")
                )
                self.told.departments += 1
            self.departments[name] = known
        return self.departments[name]

    def topic(self, name: str) -> Category:
        if name not in self.topics:
            self.topics[name], is_new = Category.objects.get_or_create(name=name, parent=None)
            self.told.topics += is_new
        return self.topics[name]

    def team(self, name: str) -> Team:
        if name not in self.teams:
            known = Team.objects.filter(name=name).first()
            if known is None:
                known = Team.objects.create(name=name, slug=_free_slug(name))
                self.told.teams += 1
            self.teams[name] = known
        return self.teams[name]


@transaction.atomic
def add_offers(
    offers: Iterable[Offer],
    *,
    catalog: CatalogPage,
    source: str,
    calendars: Calendars,
    audience: str = CatalogItem.Audience.EVERYBODY,
    progress: Callable[[Iterable[Offer]], Iterable[Offer]] = iter,
) -> Imported:
    """Publish every offer as an item, with its department, topic and team; all or nothing.

    `source` names where they come from: an item that was taken from there before is left as it is,
    because its editors may have changed it since.
    """
    writer = _Writer(catalog, calendars, audience)
    prefix = reference_of(source, "")
    known = set(
        CatalogItem.objects.filter(source_reference__startswith=prefix).values_list(
            "source_reference", flat=True
        )
    )
    for offer in progress(offers):
        reference = reference_of(source, offer.name)
        if reference in known:
            writer.told.already_there += 1
        else:
            writer.add(offer, reference)
    return writer.told


@transaction.atomic
def calendars_of(
    source: str, *, time_zone: str, opens: int, closes: int, country: str = "", region: str = ""
) -> Calendars:
    """The calendars of the catalog called `source`, made when they are missing: Monday to Friday
    from `opens` to `closes` (minutes after midnight) without the public holidays, and every day.

    ValidationError when there is no such zone or holiday list.
    """
    source = source[:LONGEST_SOURCE]
    working = BusinessCalendar(
        name=f"{source}, working days",
        time_zone=time_zone,
        holiday_country=country,
        holiday_subdivision=region,
    )
    known = BusinessCalendar.objects.filter(name=working.name).first()
    if known is None:
        working.full_clean()
        working.save()
        WeeklyOpening.objects.bulk_create(
            WeeklyOpening(calendar=working, weekday=day, opens=opens, closes=closes)
            for day in WORKING_DAYS
        )
    daily, _made = BusinessCalendar.objects.get_or_create(
        name=f"{source}, every day", defaults={"time_zone": time_zone, "always_open": True}
    )
    return Calendars(known or working, daily)


def reference_of(source: str, name: str) -> str:
    """The key of the item called `name` in the catalog called `source`; who imports requests finds
    their items by it.
    """
    return f"{slugify(source)[:LONGEST_SOURCE]}:{' '.join(name.split())}"


def _free_slug(name: str) -> str:
    base = slugify(name) or "team"
    slug, number = base, 2
    while Team.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug
