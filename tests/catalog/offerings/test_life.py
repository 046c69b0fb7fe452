"""An item from its draft to its retirement, by the ways of the admin's editors."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Workflow, WorkflowPage, WorkflowState
from wagtail.models import WorkflowTask as WorkflowStep
from wagtail.models.workflows import GroupApprovalTask

from catalog.offerings import actions
from catalog.offerings.models import CatalogItem
from catalog.requests import actions as requests
from catalog.requests.models import ServiceRequest
from itil.approvals import actions as approvals
from itil.approvals.models import Vote
from itil.tickets.errors import Refused
from tests.cast import MONDAY
from tests.catalog.requests import orders

from . import shop


@pytest.fixture
def shelf(cast):
    return orders.counter(cast)


def may_order(item, person) -> bool:
    return CatalogItem.objects.visible_to(person).filter(pk=item.pk).exists()


def test_a_draft_is_moderated_before_anybody_can_order_it(shelf):
    cast = shelf.cast
    editor = shop.manager(cast)
    actions.keep_editor(editor)
    group = editor.groups.get(name=actions.EDITORS)
    step = GroupApprovalTask.objects.create(name="Look at it")
    step.groups.add(group)
    workflow = Workflow.objects.create(name="Catalog")
    WorkflowStep.objects.create(workflow=workflow, task=step, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=shelf.laptop.department)
    item = shop.item("Tablet", department=shelf.laptop.department, live=False)
    item.save_revision(user=editor)

    state = item.get_workflow().start(item, editor)
    assert state.status == WorkflowState.STATUS_IN_PROGRESS
    assert not may_order(item, cast.ann)
    state.current_task_state.reject(user=editor, comment="Add a price.")
    item.refresh_from_db()
    assert (item.live, state.status) == (False, WorkflowState.STATUS_NEEDS_CHANGES)
    assert not may_order(item, cast.ann)

    state.resume(user=editor)
    state.current_task_state.approve(user=editor)
    item.refresh_from_db()
    assert item.live
    assert may_order(item, cast.ann)
    # A later draft changes nothing of what is offered.
    item.title = "Tablet with pen"
    item.save_revision(user=editor)
    assert CatalogItem.objects.visible_to(cast.ann).get(pk=item.pk).title == "Tablet"


def test_at_its_time_an_item_is_offered_and_at_its_end_it_goes(shelf):
    cast, now = shelf.cast, timezone.now()
    coming = shop.item("Tablet", live=False, go_live_at=now - timedelta(hours=1))
    coming.save_revision(approved_go_live_at=coming.go_live_at)
    draft = orders.draft(shelf, shelf.key)
    waiting = orders.sent(shelf)
    CatalogItem.objects.filter(pk__in=[shelf.key.pk, shelf.laptop.pk]).update(
        expire_at=now - timedelta(minutes=1)
    )
    assert not may_order(coming, cast.ann)

    actions.publish_scheduled()
    assert may_order(coming, cast.ann)
    assert not may_order(shelf.key, cast.ann)
    with pytest.raises(Refused, match="not offered any more"):
        requests.submit(draft, by=cast.ann, at=MONDAY)
    # What runs goes on to the end.
    approvals.vote(
        Vote.objects.waiting().get(step__process__ticket=waiting.pk),
        "approved",
        by=cast.max,
        at=MONDAY,
    )
    orders.react()
    orders.work_off(waiting, by=cast.bo, at=MONDAY)
    orders.react()
    waiting.refresh_from_db()
    assert waiting.status == "fulfilled"
    assert ServiceRequest.objects.count() == 1


def test_a_request_is_judged_by_the_policy_of_the_day_it_was_sent(shelf):
    """It needed no approval then; it does once it costs more than the limit of then (`REQ-1`)."""
    cast = shelf.cast
    policy = orders.policy({"label": "Manager", "only_above": 1000}, name="Dear")
    shelf.laptop.approval = policy
    shelf.laptop.save()
    request = orders.sent(shelf)
    assert request.status == "in_fulfilment"
    policy.steps.update(only_above=5000)
    requests.change_answers(
        request,
        by=cast.ann,
        version=request.version,
        answers=request.answers | {"extras": ["dock"]},
        quantity=1,
        at=MONDAY,
    )
    assert (request.price, request.status) == (1120, "awaiting_approval")
