"""What an address is about, who may open it and who may do something there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from . import matrix
from .matrix import TICKETS, names
from .world import World

Values = Callable[[World, str], dict[str, Any]]
Arguments = Callable[[World, str], tuple]


@dataclass(frozen=True)
class Address:
    """An address about one record of `kind`.

    `opens` and `acts` tell for each record who may look at it and who may do there what the page
    is for; `acts` is None for a page that is only looked at. `values` is a form that would do.
    `witness` is a person with the right and a record with which it works; `unproven` says why there
    is none in this world. `is_open` pages answer everybody in `opens`; others may have nothing to
    show to some of them.
    """

    kind: str
    arguments: Arguments
    opens: Mapping[str, frozenset[str]]
    acts: Mapping[str, frozenset[str]] | None = None
    values: Values = lambda _world, _name: {}
    witness: tuple[str, str] | None = None
    unproven: str = ""
    is_open: bool = False

    def url(self, world: World, view: str, name: str) -> str:
        return reverse(view, args=self.arguments(world, name))


def sets(table: Mapping[str, str]) -> dict[str, frozenset[str]]:
    return {name: names(who) for name, who in table.items()}


def of_tickets(right: str) -> dict[str, frozenset[str]]:
    """For each ticket the people who have this right of `matrix.Rights`."""
    return {name: names(getattr(rights, right)) for name, rights in TICKETS.items()}


def either(*tables: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    return {
        name: frozenset().union(*(table.get(name, frozenset()) for table in tables))
        for name in tables[0]
    }


def number_of(world: World, name: str, *more: Any) -> tuple:
    return (world.tickets[name].number, *more)


def key_of(kind: str, key: str, *more: Any) -> Arguments:
    return lambda world, name: (getattr(world.things[kind][name], key), *more)


DESK, PORTAL = of_tickets("desk"), of_tickets("portal")
WORKS, LEADS, CLASSIFY = of_tickets("works"), of_tickets("leads"), of_tickets("classify")
ASSIGNS, PLANS = of_tickets("assign"), of_tickets("plan")
SIDE = of_tickets("side")
NOTES_WRITTEN = {name: who | (names("cleo pam chad") & DESK[name]) for name, who in WORKS.items()}
NOTED = ("printer", "router", "payroll")
ORDERED = ("laptop", "transfer", "badge", "bundled", "bundled_too")


def of_ticket(
    acts: Mapping[str, frozenset[str]] | None = None, *more: Any, **fields: Any
) -> Address:
    """A page about a ticket at the desk."""
    return Address(
        "ticket",
        lambda world, name: number_of(world, name, *more),
        DESK,
        acts,
        **fields,
    )


def of_request(acts: Mapping[str, frozenset[str]] | None = None, **fields: Any) -> Address:
    """A page about one of the own requests."""
    return Address("ticket", number_of, PORTAL, acts, **fields)


def of_order(opens: Mapping[str, frozenset[str]], **fields: Any) -> Address:
    """A page about an order."""
    return Address("order", number_of, {name: opens[name] for name in ORDERED}, **fields)


def of_task(*more: Any, acts: Mapping[str, str] | None = None, **fields: Any) -> Address:
    """A page about a task."""
    table = sets(acts) if acts else None
    return Address("task", key_of("task", "number", *more), sets(matrix.TASKS), table, **fields)


def form(**values: Any) -> Values:
    return lambda _world, _name: values


def edit_form(world: World, name: str) -> dict[str, Any]:
    ticket = world.tickets[name]
    return {
        "title": "Another subject",
        "impact": ticket.impact,
        "urgency": ticket.urgency,
        "organization": ticket.organization_id,
        "version": ticket.version,
    }


def person_form(field: str, who: str) -> Values:
    return lambda world, _name: {field: world.people[who].pk}


def place_of_item(world: World, name: str) -> tuple:
    item = world.things["item"][name]
    return (item.get_parent().slug, item.slug)


def order_form(world: World, name: str) -> dict[str, Any]:
    answers = {"q-model": "light", "q-reason": "new"}
    return {"who": "me", "quantity": 1, "do": "send"} | answers


def of_device(*more: Any, acts: str | None = None, **fields: Any) -> Address:
    """A page about an item of the estate."""
    return Address(
        "device",
        key_of("device", "number", *more),
        sets(matrix.DEVICES),
        {"device": names(acts)} if acts else None,
        **fields,
    )


def of_service() -> Address:
    """A page about what is provided, with the tickets and items of it."""
    return Address(
        "service",
        lambda world, _name: (world.cast.mail_service.pk,),
        sets({"mail": matrix.ESTATE}),
        is_open=True,
    )


def of_device_of_ticket(acts: Mapping[str, frozenset[str]], **fields: Any) -> Address:
    """A page about an item that a ticket is about."""
    return Address(
        "ticket",
        lambda world, name: number_of(world, name, world.things["device"]["device"].number),
        {name: DESK[name] for name in ("printer", "payroll")},
        acts,
        **fields,
    )


def mail_form(who: str) -> Values:
    return lambda world, _name: {"person": world.people[who].email}


def attach_form(world: World) -> dict[str, Any]:
    device = world.things["device"]["device"]
    return {"q": device.number, "item": device.pk, "role": "affected"}


def fields_form(world: World, name: str) -> dict[str, Any]:
    form, ticket = world.things["form"]["place"], world.tickets[name]
    return {"form": form.pk, "version": ticket.version, "q-floor": "first"}


def relate_form(world: World, _name: str) -> dict[str, Any]:
    other = world.things["relation"]["device"].source
    return {"q": other.number, "target": f"item-{other.pk}", "type": "connected_to"}


VOTE = {"decision": "approved", "reason": ""}
