"""The addresses of the estate: items, services, and what tickets are about, as in addresses.py."""

from . import matrix
from .about import (
    CLASSIFY,
    DESK,
    Address,
    attach_form,
    form,
    key_of,
    mail_form,
    number_of,
    of_device,
    of_device_of_ticket,
    of_service,
    of_ticket,
    relate_form,
    sets,
)
from .matrix import AGENTS, names

OF_ITEMS = {
    "cmdb:item": of_device(is_open=True),
    "cmdb:map": of_device(is_open=True),
    "cmdb:impact": of_device(is_open=True),
    "desk:item_tickets": of_device(is_open=True),
    "cmdb:edit": of_device(acts=AGENTS, unproven="It asks what the class of the item asks."),
    "cmdb:move": of_device(
        "retire", acts=AGENTS, values=form(note="It broke."), witness=("bo", "device")
    ),
    "cmdb:hand_over": of_device(acts=AGENTS, values=mail_form("con"), witness=("bo", "device")),
    "cmdb:take_back": of_device(acts=AGENTS, witness=("bo", "device")),
    "cmdb:relate": of_device(
        acts=AGENTS,
        values=relate_form,
        witness=("bo", "device"),
    ),
    "cmdb:unrelate": Address(
        "relation",
        lambda world, name: (
            world.things["device"][name].number,
            world.things["relation"][name].pk,
        ),
        sets(matrix.DEVICES),
        {"device": names(AGENTS)},
        witness=("bo", "device"),
    ),
    "cmdb:import": Address(
        "import",
        key_of("import", "uuid"),
        {"sheet": names(AGENTS)},
        {"sheet": names(AGENTS)},
        witness=("bo", "sheet"),
        is_open=True,
    ),
    "cmdb:rejects": Address(
        "import", key_of("import", "uuid"), {"sheet": names(AGENTS)}, is_open=True
    ),
    "selfservice:report-device": Address(
        "device",
        key_of("device", "number"),
        {"device": names("ann")},
        {"device": names("ann")},
        witness=("ann", "device"),
    ),
    "cmdb:revoke_label": of_device(
        acts=AGENTS, unproven="It has no label; Ann is given one by reporting."
    ),
    "cmdb:new": Address(
        "class", lambda _world, name: (name,), sets({"router": AGENTS}), is_open=True
    ),
    "cmdb:service": of_service(),
    "desk:service_tickets": of_service(),
    "desk:detach_item": of_device_of_ticket(CLASSIFY, witness=("bo", "printer")),
    "desk:keep_evidence": of_device_of_ticket(CLASSIFY, witness=("bo", "printer")),
    "desk:evidence": Address(
        "ticket",
        lambda world, name: number_of(world, name, world.things["impact"][name].pk),
        {name: DESK[name] for name in ("printer", "payroll")},
        is_open=True,
    ),
    "desk:attach_item": of_ticket(
        CLASSIFY, values=lambda world, _name: attach_form(world), witness=("bo", "laptop")
    ),
}
