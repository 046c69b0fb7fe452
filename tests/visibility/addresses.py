"""Every address of the product: what it is about, who may open it, who may do something there.

A new address needs an entry here or in lists.py; `test_pages.py` says so and names it.
"""

from . import matrix
from .about import (
    ASSIGNS,
    CLASSIFY,
    DESK,
    LEADS,
    NOTED,
    ORDERED,
    PLANS,
    PORTAL,
    SIDE,
    VOTE,
    WORKS,
    Address,
    edit_form,
    either,
    fields_form,
    form,
    key_of,
    number_of,
    of_order,
    of_request,
    of_task,
    of_ticket,
    order_form,
    person_form,
    place_of_item,
    sets,
)
from .addresses_bills import OF_BILLS
from .addresses_changes import OF_CHANGES
from .addresses_contracts import OF_CONTRACTS
from .addresses_estate import OF_ITEMS
from .addresses_estimates import OF_ESTIMATES
from .addresses_itil import INCIDENTS, OF_MAJORS, OF_PROBLEMS, OF_RELEASES
from .addresses_margins import OF_MARGINS
from .addresses_money import OF_COLLECTING
from .addresses_schedules import OF_SCHEDULES
from .addresses_time import OF_TIME
from .matrix import TICKETS, names

OWN_TIMER = "It is about the own timer, whatever ticket it runs on; Bo's runs nowhere."


AT_THE_DESK = OF_TIME | {
    "desk:ticket": of_ticket(is_open=True),
    "desk:deadlines": of_ticket(is_open=True),
    "desk:say": of_ticket(
        WORKS, values=form(text="Hello", **{"as": "reply"}), witness=("bo", "printer")
    ),
    "desk:take": of_ticket(WORKS, witness=("hal", "lamp")),
    "desk:take_over": of_ticket(WORKS, witness=("bo", "badge")),
    "desk:assign": of_ticket(
        ASSIGNS, values=person_form("person", "cleo"), witness=("bo", "printer")
    ),
    "desk:hand_over": of_ticket(
        ASSIGNS,
        values=lambda world, _name: {"team": world.cast.network_team.pk},
        witness=("cleo", "printer"),
    ),
    "desk:edit": of_ticket(CLASSIFY, values=edit_form, witness=("cleo", "server")),
    "desk:priority": of_ticket(
        LEADS, values=form(priority=1, reason="The board waits."), witness=("cleo", "laptop")
    ),
    "desk:lift": of_ticket(LEADS, witness=("cleo", "printer")),
    "desk:supplier_answered": of_ticket(WORKS, witness=("ned", "router")),
    "desk:exclude": of_ticket(
        LEADS,
        values=form(clock="all", reason="force_majeure", note="The river rose."),
        witness=("cleo", "printer"),
    ),
    "desk:book_time": of_ticket(
        WORKS,
        values=lambda world, _name: {
            "minutes": 15,
            "activity": world.cast.activity.pk,
            "work_date": "2026-03-02",
        },
        witness=("bo", "printer"),
    ),
    "desk:start_timer": of_ticket(WORKS, witness=("bo", "printer")),
    "desk:pause_timer": of_ticket(DESK, unproven=OWN_TIMER),
    "desk:discard_timer": of_ticket(DESK, unproven=OWN_TIMER),
    "desk:stop_timer": of_ticket(DESK, unproven=OWN_TIMER),
    "desk:move": of_ticket(
        WORKS,
        "resolve",
        values=form(resolution_code="fixed", note="It runs again."),
        witness=("bo", "printer"),
    ),
    "desk:merge": of_ticket(
        WORKS,
        values=lambda world, _name: {"into": world.tickets["lamp"].number},
        witness=("bo", "printer"),
    ),
    "desk:split": Address(
        "message",
        lambda world, name: (world.tickets[name].number, world.things["message"][name].uuid),
        # A manager and a clerk read no texts, so there is nothing for them to split out.
        {name: names(TICKETS[name].notes) | (DESK[name] & PORTAL[name]) for name in INCIDENTS},
        WORKS,
        values=form(title="A matter of its own"),
        witness=("bo", "printer"),
    ),
    "tasks:add": of_ticket(
        PLANS,
        values=lambda world, _name: {
            "title": "Look into it",
            "team": world.cast.desk_team.pk,
            "evidence_kind": "none",
        },
        witness=("bo", "printer"),
    ),
    "desk:fill_in": Address(
        "ticket",
        number_of,
        {name: CLASSIFY[name] for name in INCIDENTS},
        CLASSIFY,
        values=fields_form,
        witness=("bo", "printer"),
        is_open=True,
    ),
    "desk:related": of_ticket(
        WORKS,
        values=lambda world, name: {
            "to": world.tickets["printer" if name == "fire" else "fire"].number,
            "how": "related",
        },
        witness=("bo", "lamp"),
    ),
    "desk:unrelate": of_ticket(
        WORKS,
        values=lambda world, _name: {"to": world.tickets["fire"].number, "how": "related"},
        witness=("bo", "printer"),
    ),
    "desk:unmerge": of_ticket(WORKS, witness=("bo", "twin")),
    "requests:send_back": of_order(
        DESK, acts=WORKS, values=form(note="Which door?"), witness=("bo", "bundled")
    ),
    "requests:to_request": of_ticket(
        CLASSIFY,
        values=lambda world, _name: {"item": world.things["item"]["key"].pk, "quantity": 1},
        unproven="Its address names the item, too; test_retyping_pages.py sends it.",
    ),
    "requests:to_incident": of_ticket(
        CLASSIFY,
        values=form(impact=2, urgency=2, reason="The old one is broken."),
        witness=("bo", "bundled"),
    ),
}
OF_REQUESTERS = {
    "selfservice:request": of_request(is_open=True),
    "selfservice:comment": of_request(
        PORTAL, values=form(text="And now?"), witness=("wim", "printer")
    ),
    "selfservice:confirm": of_request(SIDE, witness=("dot", "fixed")),
    "selfservice:rate": of_request(
        {name: who - names("con dot") for name, who in SIDE.items()},
        values=form(score=4),
        witness=("dov", "fixed"),
    ),
    "selfservice:reopen": of_request(
        SIDE, values=form(reason="It came back."), witness=("dot", "fixed")
    ),
    "selfservice:withdraw": of_request(
        SIDE, values=form(reason="It works again."), witness=("amy", "lamp")
    ),
    "requests:change": of_order(
        either(DESK, PORTAL),
        acts=either(SIDE, WORKS),
        values=lambda world, name: (
            order_form(world, name)
            | {"version": world.tickets[name].version, "q-reason": "new", "q-model": "creator"}
        ),
        witness=("ann", "laptop"),
    ),
    "requests:again": of_order(
        either(DESK, PORTAL),
        acts={
            name: names("amy" if name == "transfer" else "dov" if "bundled" in name else "ann")
            for name in ORDERED
        },
        witness=("ann", "badge"),
    ),
    "requests:order": Address(
        "item",
        place_of_item,
        sets(matrix.ITEMS),
        sets(matrix.ITEMS),
        values=order_form,
        witness=("amy", "key"),
        is_open=True,
    ),
    "requests:keep": Address(
        "item",
        place_of_item,
        sets(matrix.ITEMS),
        sets(matrix.ITEMS),
        values=order_form,
        witness=("amy", "key"),
    ),
    "requests:remove": Address(
        "draft",
        key_of("draft", "uuid"),
        sets(matrix.DRAFTS),
        sets(matrix.DRAFTS),
        witness=("ann", "carted"),
    ),
    "requests:bundle": Address(
        "bundle", key_of("bundle", "number"), sets(matrix.BUNDLES), is_open=True
    ),
    "requests:draft": Address("draft", key_of("draft", "uuid"), sets(matrix.DRAFTS), is_open=True),
    "requests:discard": Address(
        "draft",
        key_of("draft", "uuid"),
        sets(matrix.DRAFTS),
        sets(matrix.DRAFTS),
        witness=("ann", "laptop"),
    ),
    "people:end_stand_in": Address(
        "delegation",
        key_of("delegation", "pk"),
        {"max": names("max")},
        {"max": names("max")},
        witness=("max", "max"),
    ),
}
OF_TASKS = {
    "tasks:task": of_task(is_open=True),
    "tasks:take": of_task(acts=matrix.TASKS_WORKED, witness=("cleo", "cut")),
    "tasks:assign": of_task(
        acts=matrix.TASKS_GIVEN, values=person_form("person", "cleo"), witness=("bo", "cut")
    ),
    "tasks:hand_over": of_task(
        acts=matrix.TASKS_GIVEN,
        values=lambda world, _name: {"team": world.cast.hr_team.pk},
        witness=("bo", "cut"),
    ),
    "tasks:tick": of_task(
        acts=matrix.TASKS_WORKED, values=form(item=0, done=1), witness=("bo", "cut")
    ),
    "tasks:finish": of_task(acts=matrix.TASKS_WORKED, witness=("ned", "form")),
    "tasks:move": of_task(
        "block", acts=matrix.TASKS_WORKED, values=form(note="No wire."), witness=("bo", "cut")
    ),
    "tasks:again": of_task(acts=matrix.TASKS_GIVEN, witness=("bo", "lost")),
    "tasks:wait_for": of_task(
        acts=matrix.TASKS_GIVEN,
        values=lambda world, _name: {"predecessor": world.things["task"]["cut"].pk},
        unproven="It takes a task that is not ready yet.",
    ),
}
OF_APPROVALS = {
    "approvals:vote": Address("vote", key_of("vote", "uuid"), sets(matrix.VOTES), is_open=True),
    "approvals:decide": Address(
        "vote",
        key_of("vote", "uuid"),
        sets(matrix.VOTES),
        sets(matrix.VOTES),
        values=form(**VOTE),
        witness=("sal", "laptop"),
    ),
    "approvals:withdraw": Address(
        "vote",
        key_of("vote", "uuid"),
        sets(matrix.VOTES),
        sets(matrix.VOTES),
        unproven="It needs a step of several votes, of which one is given.",
    ),
    "approvals:ask": Address(
        "vote",
        key_of("vote", "uuid"),
        sets(matrix.VOTES),
        sets(matrix.VOTES),
        values=form(text="Is it urgent?"),
        witness=("max", "transfer"),
    ),
    "approvals:file": Address(
        # No file came with it; tests/itil/approvals opens some.
        "vote",
        key_of("vote", "uuid", 1),
        {"transfer": frozenset()},
    ),
    "approvals:question": Address(
        "question",
        key_of("question", "uuid"),
        sets(matrix.QUESTIONS),
        sets(matrix.QUESTIONS),
        values=form(text="It is."),
        witness=("ann", "laptop"),
        is_open=True,
    ),
}
FILES = {
    "conversation:attachment": Address(
        "file",
        key_of("file", "uuid"),
        {name: TICKETS[name].read_by for name in INCIDENTS}
        | {f"{name}_note": names(TICKETS[name].notes) for name in NOTED},
        is_open=True,
    ),
    "tasks:file": Address(
        "evidence", key_of("evidence", "uuid"), sets({"wire": matrix.TASKS["wire"]}), is_open=True
    ),
}
OF_MONEY = (
    {
        f"invoices:{view}": Address(
            "invoice", key_of("invoice", "uuid"), sets(matrix.INVOICES), is_open=True
        )
        for view in ("detail", "progress", "pdf", "hours")
    }
    | {
        "invoices:line": Address(
            "invoice", key_of("invoice", "uuid", 1), sets(matrix.INVOICES), is_open=True
        ),
        "invoices:issue": Address(
            "invoice",
            key_of("invoice", "uuid"),
            {"globex": names("bea")},
            {"globex": names("bea")},
            witness=("bea", "globex"),
            is_open=True,
        ),
        "invoices:billing-run": Address(
            "run", key_of("run", "uuid"), sets(matrix.RUNS), is_open=True
        ),
        "invoices:run-progress": Address(
            "run", key_of("run", "uuid"), sets(matrix.RUNS), is_open=True
        ),
        "invoices:run-issue": Address(
            "run",
            key_of("run", "uuid"),
            {"march": names("bea")},
            {"march": names("bea")},
            witness=("bea", "march"),
            is_open=True,
        ),
        "invoices:run-resume": Address(
            "run",
            key_of("run", "uuid"),
            {"march": names("bea")},
            {"march": names("bea")},
            unproven="the run has ended",
        ),
        "invoices:run-cancel": Address(
            "run",
            key_of("run", "uuid"),
            {"march": names("bea")},
            {"march": names("bea")},
            unproven="the run has ended",
            is_open=True,
        ),
    }
    | OF_BILLS
)
OF_ARTICLES = {
    "knowledgebase:feedback": Address(
        "article",
        key_of("article", "pk"),
        sets(matrix.ARTICLES),
        sets(matrix.ARTICLES),
        values=form(solved="yes"),
        witness=("visitor", "public"),
    ),
    "wagtail_serve": Address(
        "article",
        lambda world, name: (world.things["article"][name].url.removeprefix("/"),),
        sets(matrix.ARTICLES),
        is_open=True,
    ),
}
ADDRESSES: dict[str, Address] = {
    **AT_THE_DESK,
    **OF_REQUESTERS,
    **OF_TASKS,
    **OF_APPROVALS,
    **FILES,
    **OF_MONEY,
    **OF_COLLECTING,
    **OF_CONTRACTS,
    **OF_MARGINS,
    **OF_ARTICLES,
    **OF_ITEMS,
    **OF_PROBLEMS,
    **OF_CHANGES,
    **OF_RELEASES,
    **OF_MAJORS,
    **OF_SCHEDULES,
    **OF_ESTIMATES,
}
