"""One small world with something of everything, and a telling word in all that is written in it.

Whatever can be read holds a word of its own that begins with `zq`, so that a page which shows it
gives itself away; `umbrella` stands in all of it, so that a search finds everything one may find.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from billing.contracts import actions as contracts
from billing.contracts.models import GeneralRate, KilometreRate, PartPrice
from billing.invoices import actions as invoices
from billing.invoices.models import Invoice
from billing.invoices.parse import month
from catalog.offerings.models import CatalogItem
from catalog.requests import actions as orders_of
from itil.approvals import actions as approvals
from itil.approvals.links import token_for
from itil.approvals.models import Vote
from itil.cmdb import actions as estate
from itil.cmdb.models import ConfigurationItem, ItemClass
from itil.conversation.files import NewFile
from itil.desk import actions as desk
from itil.fields import actions as fields
from itil.fields.definition import Kind
from itil.surveys.actions import rate
from itil.surveys.models import Survey
from itil.tasks import actions as tasks
from itil.tickets import actions as tickets
from itil.tickets.models import ImpactEvidence, LinkType, Ticket, TicketFields
from itil.timesheets import actions as timesheets
from knowledgebase.models import ArticlePage
from portal.people.models import Delegation, Membership, Organization, Role, Team, User
from tests.billing import make as billing
from tests.billing.invoices import bills
from tests.cast import MONDAY, Cast, assemble, person
from tests.catalog.offerings import shop
from tests.catalog.requests import orders
from tests.itil.fields.forms import ask, form_of, options
from tests.knowledgebase import shelf as articles

from . import world_changes, world_estimates, world_itil, world_money, world_schedules
from .telling import LATER, NOW, SOLVED, World, noted, said


def build() -> World:
    """All of it, by the real verbs; the mails that follow are written."""
    shelf = orders.counter(assemble())
    world = World(shelf.cast, _people(shelf.cast))
    world.keep("delegation", max=shelf.cast.delegation)
    _shelves(world, shelf)
    _reports(world)
    _private_matters(world)
    _orders(world, shelf)
    _tasks(world)
    _money(world)
    _answers(world)
    _estate(world)
    _fields(world)
    world_changes.build(world)
    world_itil.build(world)
    world_schedules.build(world)
    world_estimates.build(world)
    orders.react()
    world.tickets = {
        name: Ticket.objects.get(pk=ticket.pk) for name, ticket in world.tickets.items()
    }
    return world


def _people(cast: Cast) -> dict[str, User | None]:
    """Everybody whose duties differ. Customers' names are telling words, too."""
    hr = Team.objects.create(name="People", slug="people", restricted=True)
    legal = Team.objects.create(name="Legal", slug="legal", restricted=True)
    cast.hr_team, cast.legal_team = hr, legal
    for organization, name in ((cast.acme, "zqacme"), (cast.globex, "zqglobex")):
        organization.name = f"{organization.name} {name}"
        organization.save()
    for user, word in ((cast.ann, "zqann"), (cast.dov, "zqdov")):
        user.name = f"{user.name} {word}"
        user.save()

    def customer(name: str, like: User, **fields: Any) -> User:
        house = like.email.partition("@")[2]
        made = User.objects.create_user(
            f"{name.lower()}@{house}", f"{name} zq{name.lower()}", **fields
        )
        made.organization = like.organization
        made.save()
        return made

    people = {name: getattr(cast, name) for name in ("ann", "bo", "ned", "cleo", "mia", "bea")}
    people |= {"dov": cast.dov, "root": cast.root, "max": cast.max}
    people |= {
        "amy": customer("Amy", cast.ann, vip=True),
        "con": customer("Con", cast.ann, sees_organization=True),
        "wim": customer("Wim", cast.ann),
        "sal": customer("Sal", cast.ann),
        "dot": customer("Dot", cast.dov, sees_organization=True),
        "gil": customer("Gil", cast.dov, billing_contact=True),
        "hal": person("Hal", cast.halden),
        "cat": person("Cat", cast.halden),
        "pam": person("Pam", cast.halden),
        "chad": person("Chad", cast.halden),
        "ruth": person("Ruth", cast.halden),
    }
    Membership.objects.create(user=people["hal"], role=Role.AGENT, team=hr)
    for name, role in (
        ("cat", Role.CATALOG_MANAGER),
        ("pam", Role.PROBLEM_MANAGER),
        ("chad", Role.CHANGE_MANAGER),
    ):
        Membership.objects.create(user=people[name], role=role)
    cast.delegation = Delegation.objects.create(
        delegator=cast.max,
        delegate=people["sal"],
        starts_at=MONDAY - timedelta(days=1),
        ends_at=MONDAY + timedelta(days=9),
    )
    return people | {"visitor": None}


def _shelves(world: World, shelf: orders.Counter) -> None:
    """Items for different audiences, in two departments."""
    cast, everybody = world.cast, CatalogItem.Audience
    it, hr = shelf.laptop.get_parent().specific, shop.department("HR", team=cast.hr_team)
    policy = {"approval": shelf.policy, "form": shelf.laptop.form}
    world.keep(
        "item",
        laptop=shop.item("zqlaptopitem umbrella", department=it, plan=shelf.plan, **policy),
        key=shop.item("zqkeyitem umbrella", department=it),
        transfer=shop.item("zqtransferitem umbrella", department=hr, is_private=True, **policy),
        canteen=shop.item("zqcanteenitem umbrella", department=hr, audience=everybody.EMPLOYEES),
        bonus=shop.item("zqbonusitem umbrella", department=hr, audience=everybody.LEADERS),
        console=shop.item("zqconsoleitem umbrella", department=it, audience=everybody.STAFF),
        portal=shop.item("zqportalitem umbrella", department=it, only_organizations=[cast.globex]),
        draft=shop.item("zqdraftitem umbrella", department=it, live=False),
    )


def _reports(world: World) -> None:
    """Incidents of two customers, and one of the provider's own people."""
    cast, people = world.cast, world.people
    printer = said(world, "printer", who="ann")
    tickets.watch(printer, people["wim"])
    desk.take(printer, by=cast.bo, at=MONDAY)
    noted(world, "printer", cast.bo)
    desk.override_priority(printer, 2, by=cast.cleo, reason="The board waits.", at=LATER)
    router = said(world, "router", who="dov", team=cast.network_team)
    desk.take(router, by=cast.ned, at=MONDAY)
    noted(world, "router", cast.ned)
    supplier = Organization.objects.create(name="Cables", kind=Organization.Kind.SUPPLIER)
    waits = {"hold_reason": "awaiting_vendor", "supplier": supplier, "note": "They bring one."}
    desk.move(router, "hold", by=cast.ned, values=waits, at=LATER)
    said(world, "lamp", who="amy", team=None)
    said(world, "server", who="cat", team=cast.network_team)
    fixed = said(world, "fixed", who="dov")
    desk.take(fixed, by=cast.bo, at=MONDAY)
    desk.move(fixed, "resolve", by=cast.bo, values=SOLVED, at=LATER)
    orders.react()
    rate(fixed, by=cast.dov, score=2, comment="zqfixedcomment umbrella", at=LATER)
    world.keep("survey", fixed=Survey.objects.get(ticket=fixed))


def _private_matters(world: World) -> None:
    """Confidential ones of the HR and the legal desk; a public one is linked with a secret."""
    cast, hal = world.cast, world.people["hal"]
    payroll = said(world, "payroll", who="ann", team=cast.hr_team)
    desk.take(payroll, by=hal, at=MONDAY)
    noted(world, "payroll", hal)
    said(world, "lawsuit", who="dov", team=cast.legal_team)
    # Nobody but Bo held it before it was handed to the people desk.
    moved = said(world, "salary", who="amy")
    desk.take(moved, by=cast.bo, at=MONDAY)
    worked = {"activity": cast.activity, "work_date": MONDAY.date(), "at": MONDAY}
    secret = desk.log_time(moved, by=cast.bo, minutes=15, **worked)
    waiting = timesheets.add_entry(
        world.tickets["printer"],
        agent=cast.bo,
        minutes=20,
        billing_kind="non_billable",
        state="submitted",
        **worked,
    )
    world.keep("entry", printer=waiting, salary=secret)
    desk.hand_over(moved, cast.hr_team, by=cast.bo, at=MONDAY)
    tickets.link(world.tickets["printer"], payroll, LinkType.RELATED, by=hal, at=LATER)


def _orders(world: World, shelf: orders.Counter) -> None:
    """Orders that wait for Max, a private one among them; one under way; drafts and a bundle."""
    cast, people, item = world.cast, world.people, world.things["item"]

    def typed(name: str) -> dict[str, str]:
        return orders.ANSWERS | {"note": f"zq{name}answer umbrella"}

    amy = people["amy"]
    amy.manager = cast.max
    amy.save()
    laptop = orders.sent(shelf, item["laptop"], typed=typed("laptop"))
    transfer = orders.sent(shelf, item["transfer"], typed=typed("transfer"), by=amy)
    badge = orders.sent(shelf, item["key"])
    world.tickets |= {"laptop": laptop, "transfer": transfer, "badge": badge}
    votes = {
        name: Vote.objects.get(step__process__ticket=world.tickets[name].pk)
        for name in ("laptop", "transfer")
    }
    world.keep("vote", **votes)
    question = approvals.ask(
        votes["laptop"], by=cast.max, text="zqlaptopquestion umbrella", at=LATER
    )
    world.keep("question", laptop=question)
    world.keep("mail", **{name: token_for(vote, cast.max, LATER) for name, vote in votes.items()})
    carted = orders.draft(shelf, item["key"], at=LATER)
    kept = orders.draft(shelf, item["laptop"], typed=typed("draft"), at=LATER)
    world.keep("draft", laptop=kept, carted=orders_of.put_into_cart(carted, by=cast.ann, at=LATER))
    desk.claim(badge, by=cast.cleo, at=LATER)
    together = [orders.draft(shelf, item["key"], by=cast.dov) for _count in range(2)]
    bundle = orders_of.submit_together(
        together, by=cast.dov, title="zqbundletitle umbrella", at=MONDAY
    )
    world.keep("bundle", dov=bundle)
    first, second = bundle.requests.order_by("pk")
    world.tickets |= {"bundled": first, "bundled_too": second}


def _tasks(world: World) -> None:
    """Two of an order, one of which its requester is told of, and one of a secret."""
    cast, badge = world.cast, world.tickets["badge"]
    hal = world.people["hal"]

    def task(name: str, ticket: Ticket, by: User, **fields: Any) -> Any:
        made = tasks.add_task(ticket, by=by, at=LATER, title=f"zq{name}task umbrella", **fields)
        world.keep("task", **{name: made})
        return made

    cut = task(
        "cut",
        badge,
        cast.bo,
        team=cast.desk_team,
        visible_to_requester=True,
        checklist=["Measure it"],
    )
    lost = task("lost", badge, cast.bo, team=cast.desk_team)
    task("last", badge, cast.bo, team=cast.desk_team)
    wire = task("wire", badge, cast.bo, team=cast.network_team)
    form = task("form", world.tickets["payroll"], hal, team=cast.network_team)
    tasks.start(tasks.take(form, by=cast.ned, at=LATER), by=cast.ned, at=LATER)
    tasks.take(wire, by=cast.ned, at=LATER)
    tasks.start(wire, by=cast.ned, at=LATER)
    tasks.finish(wire, by=cast.ned, at=LATER, files=[NewFile("zqwirefile.txt", b"zqwirefile")])
    world.keep("evidence", wire=wire.files.get())
    for one in (cut, lost):
        tasks.take(one, by=cast.bo, at=LATER)
        tasks.start(one, by=cast.bo, at=LATER)
    tasks.fail(lost, by=cast.bo, at=LATER, note="None to be had.")


def _money(world: World) -> None:
    """Work that is billed, and the draft of its invoice."""
    cast, day = world.cast, MONDAY.date()
    billing.seller()
    contract = billing.contract(cast.globex, rates={cast.activity: "123.00"})
    world.keep("contract", globex=contract)
    world.keep("rate", globex=contract.rates.get())
    world.keep(
        "general_rate",
        globex=contracts.add_rate(
            GeneralRate(organization=cast.globex, hourly_rate=Decimal(99)), by=None
        ),
    )
    world.keep(
        "billing_role",
        globex=contracts.give_role(cast.ned, name="Senior", valid_from=None, by=None),
    )
    world.keep(
        "kilometre",
        globex=contracts.add_price(
            KilometreRate(contract=contract, price=Decimal("0.4"), valid_from=day), by=None
        ),
    )
    part = PartPrice(contract=contract, name="Patch cable", unit_price=Decimal("4.25"))
    world.keep("part", globex=contracts.add_price(part, by=None))
    charge = {
        "by": None,
        "on": day,
        "contract": contract,
        "ticket": world.tickets["router"],
        "unit_price": Decimal(10),
    }
    world.keep(
        "charge",
        due=contracts.add_charge(cast.globex, description="zqduecharge umbrella", **charge),
        proposed=contracts.add_charge(
            cast.globex, description="zqproposedcharge umbrella", is_proposal=True, **charge
        ),
        material=contracts.use_material(
            world.tickets["router"],
            by=cast.ned,
            description="zqmaterialcharge umbrella",
            quantity=Decimal(1),
            unit_price=Decimal(30),
            on=day,
            at=LATER,
        ),
    )
    entry = billing.hours(
        cast,
        80,
        day,
        ticket=world.tickets["router"],
        agent=cast.ned,
        note="zqrouterhours umbrella",
    )
    world.keep("entry", router=entry)
    result = invoices.run_month(month("2026-03"), by=None, at=NOW)
    [draft] = result.drafted
    world.keep("invoice", globex=draft)
    world.keep("run", march=result.run)
    world_money.build(world)
    _sent_bill(world)


def _sent_bill(world: World) -> None:
    """An invoice of January that was issued last, with a link, and a line in dispute."""
    cast = world.cast
    work = {"ticket": world.tickets["router"], "agent": cast.ned}
    january = MONDAY.date() - timedelta(days=40)
    billing.hours(cast, 50, january, note="zqroutersecond umbrella", **work)
    [drafted] = invoices.run_month(month("2026-01"), by=None, at=NOW).drafted
    sent = bills.frozen(drafted, cast)
    Invoice.objects.filter(pk=sent.pk).update(internal_note="zqbillnote umbrella")
    world.keep("invoice", sent=sent)
    world.keep("bill_dispute", sent=bills.disputed(sent, text="zqbilldispute umbrella"))
    world.keep("bill_link", sent=invoices.make_link(sent, by=cast.bea, at=NOW)[0])


def _answers(world: World) -> None:
    """Articles for everybody, for people who sign in, for staff, and one nobody has published."""
    audience = ArticlePage.Audience

    def article(name: str, **fields: Any) -> ArticlePage:
        return articles.article(
            f"zq{name}article umbrella", summary=f"zq{name}summary umbrella", **fields
        )

    world.keep(
        "article",
        public=article("public", audience=audience.PUBLIC),
        signed=article("signed", audience=audience.EMPLOYEES),
        staff=article("staff", audience=audience.STAFF),
        unpublished=article("unpublished", audience=audience.PUBLIC, live=False),
    )


def _estate(world: World) -> None:
    """An item of a customer that Ann has, on which another one depends; it is what a public and a
    secret ticket are about.
    """
    cast = world.cast
    item_class, _made = ItemClass.objects.get_or_create(
        slug="router", defaults={"name": "Router", "icon": "router"}
    )
    device, cradle = (
        ConfigurationItem.objects.create(
            name=name, item_class=item_class, organization=cast.acme, status="in_use"
        )
        for name in ("zqdevice", "zqcradle")
    )
    relation = estate.relate(cradle, "depends_on", device, by=cast.bo, at=MONDAY)
    world.keep("device", device=estate.hand_over(device, cast.ann, by=cast.bo, at=MONDAY))
    world.keep("relation", device=relation)
    for name, who in (("printer", "bo"), ("payroll", "hal")):
        by = world.people[who]
        desk.attach_item(world.tickets[name], device, by=by, at=LATER)
        evidence = ImpactEvidence.objects.get(ticket=world.tickets[name].pk)
        world.keep("impact", **{name: evidence})
    sheet = "name,class,status\nzqimported,Router,in_use\nzqrejected,Boat,in_use\n"
    tried = estate.try_import(by=cast.bo, file_name="zqsheet.csv", text=sheet, key="name", at=LATER)
    world.keep("import", sheet=tried)


def _fields(world: World) -> None:
    """What every incident is asked."""
    floor = ask("floor", Kind.CHOICE, label="Floor", options=options("first", "second"))
    form = fields.compose("Place", form_of(floor), by=world.cast.root, at=MONDAY)
    TicketFields.objects.create(kind="incident", form=form.field_set)
    world.keep("form", place=form)
