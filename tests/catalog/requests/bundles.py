"""Bundles: what a new colleague needs, and what somebody who leaves gives back."""

from dataclasses import dataclass
from datetime import date

from catalog.offerings.models import Bundle, BundleAnswer, BundleLine, CatalogItem, ReturnRule
from catalog.requests import actions
from catalog.requests.models import Draft
from itil.cmdb import actions as items
from itil.cmdb.models import ConfigurationItem, ItemClass
from itil.fields.definition import Definition, Kind, Option, Question, Section
from tests.cast import MONDAY
from tests.catalog.offerings import shop

from . import orders
from .orders import Counter

Standing, Source = BundleLine.Standing, BundleAnswer.Source
# Monday, two weeks after the stories begin.
FIRST_DAY = date(2026, 3, 16)
TYPED = {"name": "Kim", "starts": FIRST_DAY.isoformat(), "place": ""}


@dataclass
class Welcome:
    """The bundle's item, and what it orders: a laptop, always; a badge; a key only when wanted."""

    shelf: Counter
    item: CatalogItem
    badge: CatalogItem
    laptop: BundleLine
    access: BundleLine
    key: BundleLine


def form_of(*questions: Question) -> Definition:
    return Definition((Section("all", questions=questions),))


def line(bundle: Bundle, item: CatalogItem, answers=(), **fields) -> BundleLine:
    made = BundleLine.objects.create(bundle=bundle, item=item, **fields)
    for question, source, value in answers:
        BundleAnswer.objects.create(line=made, question=question, source=source, value=value)
    return made


def welcome(shelf: Counter) -> Welcome:
    """Common: name, first day, place. Ann may order it."""
    common = form_of(
        Question("name", Kind.TEXT, "Name", required=True),
        Question("starts", Kind.DATE, "First day", required=True),
        Question("place", Kind.LOCATION, "Where"),
    )
    badge_form = form_of(
        Question("starts", Kind.DATE, "From when?", required=True),
        Question("holder", Kind.TEXT, "Name on it", required=True),
        Question(
            "doors",
            Kind.CHOICE,
            "Which doors?",
            required=True,
            options=(Option("main", "Main door"), Option("all", "All doors")),
        ),
    )
    badge = shop.item(
        "Badge",
        department=shop.department("Facilities", team=shelf.cast.network_team),
        form=orders.publish(shelf.cast, badge_form, "Badge").field_set,
        calendar=shelf.cast.calendar,
        delivery_business_days=1,
    )
    bundle = Bundle.objects.create(name="New colleague", date_question="starts")
    laptop = line(
        bundle,
        shelf.laptop,
        [("model", Source.FIXED, "light"), ("extras", Source.FIRST, "dock, monitor")],
        standing=Standing.REQUIRED,
        days=-3,
    )
    access = line(bundle, badge, [("holder", Source.COMMON, "name")], days=0)
    key = line(bundle, shelf.key, standing=Standing.OPTIONAL, days=5)
    item = shop.item(
        "New colleague",
        department=shop.department("People"),
        form=orders.publish(shelf.cast, common, "Joining").field_set,
        bundle=bundle,
    )
    return Welcome(shelf, item, badge, laptop, access, key)


def parts(story: Welcome, **changes) -> dict:
    """What is ticked and answered when all open questions are: laptop and badge."""
    found = {
        str(story.laptop.pk): {"on": True, "typed": {"reason": "new"}},
        str(story.access.pk): {"on": True, "typed": {"doors": "main"}},
        str(story.key.pk): {"on": False, "typed": {}},
    }
    return found | changes


def begun(story: Welcome, typed=TYPED, **changes) -> Draft:
    """What Ann typed, kept as a draft."""
    values = {"by": story.shelf.cast.ann, "parts": parts(story)} | changes
    return actions.save_draft(
        changes.pop("key", None) or Draft().uuid,
        item=story.item,
        form_version=story.item.form.current,
        typed=typed,
        at=MONDAY,
        **values,
    )


def data(story: Welcome, **changes) -> dict[str, str]:
    """What the page of the bundle sends."""
    laptop, badge = f"p-{story.laptop.pk}", f"p-{story.access.pk}"
    return {
        "q-name": "Kim",
        "q-starts": FIRST_DAY.isoformat(),
        f"{laptop}-q-reason": "new",
        f"{badge}-on": "1",
        f"{badge}-q-doors": "main",
    } | changes


@dataclass
class Farewell:
    """The bundle's item; what Ann has: a laptop, and an access that was delivered."""

    shelf: Counter
    item: CatalogItem
    collect: CatalogItem
    revoke: CatalogItem
    thing: ConfigurationItem


def thing(cast, name="Light 14", slug="laptop", holder=None) -> ConfigurationItem:
    """An item of the estate; in the hands of `holder`."""
    kind, _new = ItemClass.objects.get_or_create(slug=slug, defaults={"name": slug.capitalize()})
    made = items.create_item(
        by=None,
        name=name,
        item_class=kind,
        organization=cast.halden,
        status="in_stock",
        at=MONDAY,
    )
    return items.hand_over(made, holder, by=None, at=MONDAY) if holder else made


def farewell(shelf: Counter) -> Farewell:
    """Max, who is Ann's manager, orders it."""
    cast = shelf.cast
    common = form_of(
        Question("who", Kind.PERSON, "Who leaves?", required=True),
        Question("last", Kind.DATE, "Last day", required=True),
    )
    collect_form = form_of(Question("device", Kind.DEVICE, "Which one?", required=True))
    revoke_form = form_of(Question("what", Kind.TEXT, "What?", required=True))
    collect = shop.item(
        "Return a device", form=orders.publish(cast, collect_form, "Return").field_set
    )
    revoke = shop.item("End an access", form=orders.publish(cast, revoke_form, "End").field_set)
    shelf.key.ended_by = revoke
    shelf.key.save()
    bundle = Bundle.objects.create(
        name="Leaving", person_question="who", date_question="last", takes_back=True
    )
    ReturnRule.objects.create(bundle=bundle, item=collect)
    item = shop.item(
        "Someone leaves", form=orders.publish(cast, common, "Leaving").field_set, bundle=bundle
    )
    return Farewell(shelf, item, collect, revoke, thing(cast, holder=cast.ann))
