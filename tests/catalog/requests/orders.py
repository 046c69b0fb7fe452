"""Something to order, and orders in every state, by the real verbs."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from catalog.offerings.models import CatalogItem
from catalog.requests import actions
from catalog.requests.lifecycle import Status
from catalog.requests.models import Draft, ServiceRequest
from itil.approvals import actions as approvals
from itil.approvals.models import ApprovalPolicy, PolicyStep, Source, Vote
from itil.desk import actions as desk
from itil.fields import actions as fields
from itil.fields.definition import (
    Condition,
    Definition,
    Effect,
    Kind,
    Operator,
    Option,
    Question,
    Section,
)
from itil.fields.models import FormVersion
from itil.sla.models import Metric, ServiceTarget
from itil.tasks import actions as tasks
from itil.tasks.models import Task, TaskPlan
from portal.people.models import CostCentre
from portal.worker.dispatch import dispatch_events
from tests.cast import HOUR, MONDAY, Cast, person
from tests.catalog.offerings import shop
from tests.itil.tasks import plans
from tests.pages import plant_root

MINUTE = timedelta(minutes=1)
ANSWERS = {"model": "light", "reason": "new"}


@dataclass
class Counter:
    """What can be ordered: a laptop that Max approves, made ready in three tasks; a free key."""

    cast: Cast
    laptop: CatalogItem
    key: CatalogItem
    policy: ApprovalPolicy
    plan: TaskPlan


def laptop_form(**changes) -> Definition:
    """Which model, with what, and why; who has an old one tells its tag."""
    model = Question(
        key="model",
        kind=Kind.CHOICE,
        label="Which model?",
        required=True,
        options=(
            Option("light", "Light 14", "Email and documents", Decimal(980)),
            Option("creator", "Creator 14", "Design and video", Decimal(1890)),
        ),
    )
    extras = Question(
        key="extras",
        kind=Kind.CHOICES,
        label="Anything to go with it?",
        options=(
            Option("monitor", "Monitor", "27 inches", Decimal(310)),
            Option("dock", "USB-C dock", "", Decimal(140)),
        ),
    )
    reason = Question(
        key="reason",
        kind=Kind.CHOICE,
        label="Why do you need it?",
        required=True,
        options=(Option("new", "I have none"), Option("old", "Mine needs replacing")),
    )
    tag = Question(
        key="tag",
        kind=Kind.TEXT,
        label="Asset tag of the laptop you are returning",
        required=True,
        conditions=(Condition.when(Effect.SHOW, "reason", Operator.IS, "old"),),
    )
    note = Question(key="note", kind=Kind.LONG_TEXT, label="Anything we should know?")
    definition = Definition((Section("laptop", "", questions=(model, extras, reason, tag, note)),))
    for key, values in changes.items():
        definition = definition.with_question(key, **values)
    return definition


def publish(cast: Cast, definition: Definition, name: str = "Laptop") -> FormVersion:
    return fields.compose(name, definition, by=cast.root, at=MONDAY)


def policy(*steps: dict, name: str = "Manager") -> ApprovalPolicy:
    """A policy of these steps; the manager alone unless told otherwise."""
    made = ApprovalPolicy.objects.create(name=name)
    rows = steps or ({"label": "Manager", "source": Source.MANAGER},)
    for position, row in enumerate(rows):
        PolicyStep.objects.create(policy=made, sort_order=position, **row)
    return made


def counter(cast: Cast) -> Counter:
    """Ann's manager is Max; her cost center is Marketing. Fulfilment is promised in 8 hours."""
    plant_root()
    cast.max = person("Max", cast.acme)
    cast.ann.manager = cast.max
    cast.ann.cost_centre = CostCentre.objects.create(code="4400", name="Marketing", owner=cast.max)
    cast.ann.save()
    ServiceTarget.objects.bulk_create(
        ServiceTarget(
            agreement=cast.agreement, metric=Metric.FULFILMENT, priority=priority, seconds=8 * HOUR
        )
        for priority in range(1, 6)
    )
    form = publish(cast, laptop_form()).field_set
    plan = plans.laptop(cast).plan
    manager = policy()
    department = shop.department(team=cast.desk_team)
    laptop = shop.item(
        "New laptop",
        department=department,
        form=form,
        approval=manager,
        plan=plan,
        calendar=cast.calendar,
        delivery_business_days=5,
        is_starting_price=True,
        price_tolerance_percent=10,
    )
    key = shop.item("Spare key", department=department)
    return Counter(cast=cast, laptop=laptop, key=key, policy=manager, plan=plan)


def draft(shelf: Counter, item: CatalogItem | None = None, **changes) -> Draft:
    """What Ann typed into the form of an item."""
    item = item or shelf.laptop
    values = {
        "by": shelf.cast.ann,
        "item": item,
        "form_version": item.form.current if item.form else None,
        "typed": ANSWERS if item.form else {},
        "at": MONDAY,
    }
    return actions.save_draft(changes.pop("key", uuid.uuid4()), **values | changes)


def sent(shelf: Counter, item: CatalogItem | None = None, **changes) -> ServiceRequest:
    """Ann's order, sent on Monday at 10:00; it waits for Max when an approval applies."""
    begun = draft(shelf, item, **changes)
    at = changes.get("at", MONDAY)
    return actions.submit(begun, by=changes.get("by", shelf.cast.ann), at=at)


def react() -> None:
    """Let everything follow from what happened."""
    while dispatch_events():
        pass


def vote(request: ServiceRequest, decision: str = "approved", *, at=None, **changes) -> Vote:
    """The one open vote on a request is given by who was asked."""
    asked = Vote.objects.waiting().get(step__process__ticket=request.pk)
    values = {"by": asked.voter, "at": at or MONDAY + MINUTE, "reason": ""} | changes
    return approvals.vote(asked, decision, **values)


def approved(shelf: Counter, *, at: datetime | None = None, **changes) -> ServiceRequest:
    """The same, approved by Max a minute later."""
    request = sent(shelf, **changes)
    vote(request, at=at)
    react()
    request.refresh_from_db()
    return request


def work_off(request: ServiceRequest, *, by, at: datetime) -> None:
    """Every task that is ready is started and finished, until none is left."""
    while task := Task.objects.of(request).filter(status="open").first():
        if by.pk != task.assignee_id:
            member = task.team.memberships.first().user
            tasks.take(task, by=member, at=at)
        tasks.start(task, by=task.assignee, at=at)
        tasks.finish(task, by=task.assignee, at=at)


def delivered(shelf: Counter, *, at: datetime | None = None, **changes) -> ServiceRequest:
    """The same, with all tasks done."""
    request = approved(shelf, **changes)
    work_off(request, by=shelf.cast.bo, at=at or MONDAY + 2 * MINUTE)
    react()
    request.refresh_from_db()
    return request


def in_status(shelf: Counter, status: str) -> ServiceRequest:
    """A request of Ann's in `status`, brought there by the verbs. Submitted is a passing status:
    it is left in the same transaction, so it is put there by hand.
    """
    cast, later = shelf.cast, MONDAY + 3 * MINUTE
    if status == Status.SUBMITTED:
        request = sent(shelf, shelf.key)
        ServiceRequest.objects.filter(pk=request.pk).update(
            status=Status.SUBMITTED, phase="open", approved_at=None
        )
        request.refresh_from_db()
        return request
    if status == Status.AWAITING_APPROVAL:
        return sent(shelf)
    if status == Status.REJECTED:
        request = sent(shelf)
        vote(request, "rejected", reason="Yours is new.")
        react()
        request.refresh_from_db()
        return request
    request = sent(shelf, shelf.key)
    if status == Status.ON_HOLD:
        question = {"hold_reason": "awaiting_requester", "note": "Which door?"}
        desk.move(request, "hold", by=cast.bo, values=question, at=later)
    elif status == Status.CANCELLED:
        desk.move(request, "cancel", by=cast.bo, values={"reason": "Ordered twice"}, at=later)
    elif status in (Status.FULFILLED, Status.CLOSED):
        desk.move(request, "fulfil", by=cast.bo, at=later)
    if status == Status.CLOSED:
        desk.move(request, "close", by=cast.ann, at=later)
    return request
