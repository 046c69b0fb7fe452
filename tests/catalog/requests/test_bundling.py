"""A bundle is sent: one order, one request for each line that is wanted (`REQ-3`)."""

from datetime import date

import pytest

from catalog.requests import actions
from catalog.requests.errors import PartRefused
from catalog.requests.models import Draft, RequestBundle, ServiceRequest
from catalog.requests.timeline import answers_of
from itil.cmdb import actions as items
from itil.desk import actions as desk
from itil.fields.definition import Kind
from itil.fields.forms import AnswerFile
from itil.tickets.errors import MissingValue, NotAllowed, Refused, StaleRecord
from itil.tickets.models import Ticket
from tests.cast import MONDAY

from . import bundles, orders


@pytest.fixture
def shelf(cast):
    return orders.counter(cast)


@pytest.fixture
def story(shelf):
    return bundles.welcome(shelf)


def submit(draft, by):
    return actions.submit_bundle(draft, by=by, at=MONDAY)


def requests_of(bundle) -> dict[str, ServiceRequest]:
    return {one.item_title: one for one in bundle.requests.all()}


def test_one_order_has_a_request_for_each_wanted_line(story):
    bundle = submit(bundles.begun(story), story.shelf.cast.ann)
    made = requests_of(bundle)

    assert bundle.title == "New colleague: Kim"
    assert (bundle.effective_on, bundle.item) == (bundles.FIRST_DAY, story.item)
    assert bundle.answers == {"name": "Kim", "starts": "2026-03-16"}
    assert set(made) == {"New laptop", "Badge"}
    assert made["New laptop"].status == "awaiting_approval"
    assert made["Badge"].status == "in_fulfilment"
    assert made["Badge"].team == story.shelf.cast.network_team


def test_common_and_fixed_answers_are_those_of_each_request(story):
    made = requests_of(submit(bundles.begun(story), story.shelf.cast.ann))

    assert made["New laptop"].answers == {"model": "light", "reason": "new"}
    assert made["Badge"].answers == {"starts": "2026-03-16", "holder": "Kim", "doors": "main"}


def test_what_is_fixed_stays_whatever_was_sent(story):
    laptop = {"on": True, "typed": {"reason": "new", "model": "creator"}}
    parts = bundles.parts(story, **{str(story.laptop.pk): laptop})
    made = requests_of(submit(bundles.begun(story, parts=parts), story.shelf.cast.ann))

    assert made["New laptop"].answers["model"] == "light"


def test_each_request_has_its_own_day_counted_in_working_days(story):
    """Three working days before Monday is Wednesday; the promise waits for the day."""
    parts = bundles.parts(story, **{str(story.key.pk): {"on": True, "typed": {}}})
    made = requests_of(submit(bundles.begun(story, parts=parts), story.shelf.cast.ann))

    assert made["New laptop"].effective_on == date(2026, 3, 11)
    assert made["Badge"].effective_on == bundles.FIRST_DAY
    assert made["Spare key"].effective_on == date(2026, 3, 23)
    # 17:00 in Berlin.
    assert made["Badge"].agreed_at.isoformat() == "2026-03-16T16:00:00+00:00"


def test_a_required_line_is_sent_even_when_it_was_unticked(story):
    parts = bundles.parts(
        story, **{str(story.laptop.pk): {"on": False, "typed": {"reason": "new"}}}
    )
    made = requests_of(submit(bundles.begun(story, parts=parts), story.shelf.cast.ann))

    assert "New laptop" in made


def test_one_bad_line_is_named_and_nothing_is_sent(story):
    parts = bundles.parts(story, **{str(story.access.pk): {"on": True, "typed": {}}})
    draft = bundles.begun(story, parts=parts)
    with pytest.raises(PartRefused, match="Which doors") as refusal:
        submit(draft, story.shelf.cast.ann)

    assert refusal.value.part == str(story.access.pk)
    assert not RequestBundle.objects.exists()
    assert not Ticket.objects.exists()
    assert list(Draft.objects.all()) == [draft]


def test_refusals_change_nothing(story):
    cast = story.shelf.cast
    draft = bundles.begun(story, typed={"name": "Kim"})
    with pytest.raises(MissingValue) as missing:
        submit(draft, cast.ann)
    assert missing.value.field == "starts"
    with pytest.raises(NotAllowed, match="somebody else"):
        submit(draft, cast.max)
    with pytest.raises(Refused, match="from its own page"):
        actions.submit(draft, by=cast.ann, at=MONDAY)
    with pytest.raises(Refused, match="order of its own"):
        actions.put_into_cart(draft, by=cast.ann, at=MONDAY)
    common = bundles.form_of(bundles.Question("name", Kind.TEXT, "Name", required=True))
    orders.publish(cast, common, "Joining")
    with pytest.raises(StaleRecord, match="has changed"):
        submit(draft, cast.ann)
    story.item.unpublish()
    with pytest.raises(Refused, match="not offered"):
        submit(draft, cast.ann)
    assert not Ticket.objects.exists()
    assert not RequestBundle.objects.exists()


def test_sent_twice_it_is_one_order(story):
    draft = bundles.begun(story)
    first = submit(draft, story.shelf.cast.ann)

    assert submit(draft, story.shelf.cast.ann) == first
    assert ServiceRequest.objects.count() == 2


def test_what_is_retired_is_left_out_and_the_others_go_on(story):
    story.shelf.laptop.unpublish()
    assert set(requests_of(submit(bundles.begun(story), story.shelf.cast.ann))) == {"Badge"}


def test_an_answer_that_no_longer_fits_is_asked_for(story):
    """The editor's answer was an option that is gone now: who orders chooses."""
    model = orders.laptop_form().questions["model"]
    left = tuple(option for option in model.options if option.value != "light")
    orders.publish(story.shelf.cast, orders.laptop_form(model={"options": left}))
    with pytest.raises(PartRefused, match="no longer offered"):
        submit(bundles.begun(story), story.shelf.cast.ann)


def test_files_of_a_line_come_with_its_request(story):
    badge = story.badge.form.current.questions
    orders.publish(
        story.shelf.cast, badge.with_question("doors", kind=Kind.FILE, options=()), "Badge"
    )
    name = actions.part_question(str(story.access.pk), "doors")
    open_doors = bundles.parts(story, **{str(story.access.pk): {"on": True, "typed": {}}})
    draft = bundles.begun(story, parts=open_doors, files={name: [AnswerFile("photo.txt", b"Kim")]})
    made = requests_of(submit(draft, story.shelf.cast.ann))

    assert made["Badge"].answers["doors"] == ["photo.txt"]
    assert not draft.files.exists()


# --- Somebody leaves ----------------------------------------------------------------------------


LAST_DAY = {"who": "ann@acme.example", "last": "2026-03-31"}


@pytest.fixture
def leaving(shelf):
    return bundles.farewell(shelf)


def leave(leaving, parts=None, by=None) -> RequestBundle:
    cast = leaving.shelf.cast
    draft = actions.save_draft(
        Draft().uuid,
        by=by or cast.max,
        item=leaving.item,
        form_version=leaving.item.form.current,
        typed=LAST_DAY,
        parts=parts or {},
        at=MONDAY,
    )
    return submit(draft, by or cast.max)


def test_on_delivery_the_thing_is_in_stock_and_nobody_holds_it(leaving):
    cast = leaving.shelf.cast
    request = leave(leaving).requests.get()
    assert (request.title, request.takes_back) == ("Return a device: Light 14", leaving.thing)
    assert request.answers == {"device": {"thing": leaving.thing.number, "name": "Light 14"}}
    assert request.requested_for == cast.ann
    # It is on its way: nobody orders it a second time.
    assert actions.assemble(leaving.item, by=cast.max, person=cast.ann) == []

    desk.move(request, "fulfil", by=cast.bo, at=MONDAY)
    orders.react()
    leaving.thing.refresh_from_db()
    assert (leaving.thing.held_by, leaving.thing.status) == (None, "in_stock")
    assert answers_of(request) == [("Which one?", f"Light 14 ({leaving.thing.number})")]


def test_what_went_to_somebody_else_meanwhile_stays_there(leaving):
    cast = leaving.shelf.cast
    request = leave(leaving).requests.get()
    items.hand_over(leaving.thing, cast.max, by=None, at=MONDAY)
    desk.move(request, "fulfil", by=cast.bo, at=MONDAY)
    orders.react()

    leaving.thing.refresh_from_db()
    assert leaving.thing.held_by == cast.max


def test_what_is_left_out_needs_a_reason(leaving):
    shelf = leaving.shelf
    orders.in_status(shelf, "fulfilled")
    key = f"item-{leaving.thing.pk}"
    with pytest.raises(PartRefused, match="Say why") as refusal:
        leave(leaving, {key: {"on": False, "typed": {}, "reason": " "}})
    assert refusal.value.part == key
    assert not RequestBundle.objects.exists()

    made = leave(leaving, {key: {"on": False, "typed": {}, "reason": "Bought by Ann"}})
    assert made.left_out == [{"what": "Return a device: Light 14", "reason": "Bought by Ann"}]
    assert [one.title for one in made.requests.all()] == ["End an access: Spare key"]


def test_nobody_takes_things_from_people_they_cannot_order_for(leaving):
    with pytest.raises(Refused):
        leave(leaving, by=leaving.shelf.cast.dov)
    assert not Ticket.objects.exists()
