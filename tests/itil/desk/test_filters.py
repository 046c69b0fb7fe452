"""Every parameter of the ticket list, as the reports link to it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict

from itil.desk import actions as desk
from itil.desk.filters import TicketFilter
from itil.fields import actions as fields
from itil.fields.definition import Kind
from itil.incidents.models import Incident
from itil.sla import actions as sla
from itil.sla.models import SlaClock
from itil.tickets.models import Category, Ticket, TicketFields
from tests import make
from tests.cast import MONDAY
from tests.itil.fields.forms import ask, form_of, options

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
# Amsterdam is one hour ahead of UTC in winter: Monday 2 March is from 23:00 UTC to 23:00 UTC.
MONDAY_BEGINS = datetime(2026, 3, 1, 23, 0, tzinfo=UTC)
MONDAY_ENDS = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


def filtered(query: str, now: datetime = NOW) -> TicketFilter:
    return TicketFilter(QueryDict(query), queryset=Ticket.objects.order_by("pk"), now=now)


def found(query: str, now: datetime = NOW) -> list[int]:
    return [ticket.pk for ticket in filtered(query, now).qs]


def change(ticket: Ticket, **columns) -> None:
    """Put columns as an import would; the filters read columns only."""
    Ticket.objects.filter(pk=ticket.pk).update(**columns)


@pytest.fixture
def pair(cast) -> tuple[Incident, Incident]:
    """Two incidents that differ in nothing yet."""
    return make.incident(cast), make.incident(cast)


# --- Days -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["received", "resolved", "closed"])
@pytest.mark.parametrize(
    ("instant", "inside"),
    [
        (MONDAY_BEGINS - SECOND, False),
        (MONDAY_BEGINS, True),
        (MONDAY_ENDS - SECOND, True),
        (MONDAY_ENDS, False),
    ],
)
def test_a_day_begins_at_its_midnight_and_ends_before_the_next(cast, name, instant, inside):
    ticket = make.incident(cast)
    change(ticket, **{f"{name}_at": instant})

    days = f"{name}_from=2026-03-02&{name}_to=2026-03-02"
    assert found(days) == ([ticket.pk] if inside else [])


def test_either_end_of_a_period_may_be_missing(cast, pair):
    first, second = pair
    change(second, received_at=MONDAY + timedelta(days=5))

    assert found("received_from=2026-03-03") == [second.pk]
    assert found("received_to=2026-03-06") == [first.pk]
    assert found("resolved_from=2026-01-01") == []


def test_a_day_on_which_the_clocks_go_forward_has_23_hours(cast, pair):
    first, second = pair
    change(first, received_at=datetime(2026, 3, 28, 23, 0, tzinfo=UTC))
    change(second, received_at=datetime(2026, 3, 29, 22, 0, tzinfo=UTC))

    assert found("received_from=2026-03-29&received_to=2026-03-29") == [first.pk]


@pytest.mark.parametrize("name", ["received", "resolved", "closed", "outcome"])
def test_a_period_that_ends_before_it_begins_is_an_error_at_its_end(cast, pair, name):
    given = filtered(f"{name}_from=2026-03-02&{name}_to=2026-03-01")

    assert given.form.errors == {f"{name}_to": ["The period ends before it begins."]}
    assert given.qs.count() == 2
    assert given.chips() == []


@pytest.mark.parametrize(
    "query",
    [
        "received_from=yesterday",
        "received_from=2026-02-30",
        "received_from=0001-01-01",
        "received_to=9999-12-31",
        "open_at=9999-12-31",
        "open_at=2026-03-02&age_from=99999999999",
        "open_at=2026-03-02&age_to=-1",
        "priority=9",
        "team=999999",
        "team=99999999999999999999999",
        "organization=x",
        "requester=99999999999999999999999",
        "requester=nobody",
        "metric=resolution&clock_priority=99999999999999999999999",
        "channel=pigeon",
        "metric=beauty",
        "outcome=perhaps",
        "responded=maybe",
        "q=%00",
        "kind=%00",
    ],
)
def test_what_cannot_be_read_is_an_error_and_the_list_stays(cast, pair, query):
    given = filtered(query)

    assert list(given.form.errors) == [query.rpartition("&")[2].partition("=")[0]]
    assert given.qs.count() == 2


def test_a_number_that_no_record_has_finds_nothing(cast, pair):
    assert found("requester=999999999") == []


# --- Open at a day --------------------------------------------------------------------------


def test_open_at_the_end_of_a_day_looks_at_the_history(cast):
    resolved = make.resolved_incident(cast, at=MONDAY + timedelta(days=1))
    still = make.incident(cast)
    make.incident(cast, at=MONDAY + timedelta(days=1))

    assert found("open_at=2026-03-02") == [resolved.pk, still.pk]
    assert found("open_at=2026-03-01") == []


def test_open_at_today_means_now(cast):
    make.resolved_incident(cast, at=MONDAY + HOUR)

    assert found("open_at=2026-03-02", MONDAY + SECOND) != []
    assert found("open_at=2026-03-02", MONDAY + HOUR + SECOND) == []


def test_ages_are_counted_in_days_of_24_hours_up_to_the_end_of_that_day(cast):
    ends = datetime(2026, 3, 10, 23, 0, tzinfo=UTC)
    tickets = [
        make.incident(cast, at=ends - age)
        for age in (7 * 24 * HOUR + SECOND, 7 * 24 * HOUR, 7 * 24 * HOUR - SECOND)
    ]
    older, exact, younger = (ticket.pk for ticket in tickets)

    assert found("open_at=2026-03-10&age_from=7") == [older, exact]
    assert found("open_at=2026-03-10&age_to=7") == [younger]
    assert found("open_at=2026-03-10&age_from=3&age_to=7") == [younger]
    assert found("age_from=7") == [older, exact, younger]


# --- Columns --------------------------------------------------------------------------------


def test_columns_are_compared_with_what_is_asked_for(cast, pair):
    first, second = pair
    category = Category.objects.create(name="Mail")
    change(
        first,
        priority=1,
        team=None,
        category=category,
        organization=cast.globex,
        channel="mail",
        requester=cast.dov,
        assignee=cast.bo,
        status="on_hold",
        first_response_at=MONDAY + timedelta(hours=1),
        reopen_count=2,
        is_confidential=True,
    )

    for query in (
        "priority=1",
        "priority=1&priority=2",
        "team=none",
        f"category={category.pk}",
        f"organization={cast.globex.pk}",
        "channel=mail",
        f"requester={cast.dov.pk}",
        f"assignee={cast.bo.pk}",
        "status=on_hold&status=closed",
        "responded=yes",
        "responded=later",
        "reopened=yes",
        "confidential=yes",
    ):
        assert found(query) == [first.pk], query
    for query in (
        f"team={cast.desk_team.pk}",
        "responded=no",
        "responded=waiting",
        "reopened=no",
        "confidential=no",
        "priority=4",
        "status=new",
    ):
        assert found(query) == [second.pk], query
    assert found("kind=incident") == [first.pk, second.pk]
    assert found("kind=change") == []


def test_further_fields_are_found_by_what_was_chosen(cast, pair):
    floor = ask("floor", Kind.CHOICE, label="Floor", options=options("first", "second"))
    seen = ask("seen", Kind.CHOICES, label="Seen", options=options("smoke", "smoke_and_fire"))
    form = fields.compose("Place", form_of(floor, seen), by=cast.root, at=MONDAY)
    TicketFields.objects.create(kind="incident", form=form.field_set)
    answers = (
        {"floor": "first", "seen": ["smoke"]},
        {"floor": "second", "seen": ["smoke_and_fire"]},
    )
    for ticket, given in zip(pair, answers, strict=True):
        change(ticket, custom={"form": form.pk, "answers": given})
    first, second = (ticket.pk for ticket in pair)

    assert found("further=floor%3Dfirst") == [first]
    assert found("further=floor%3Dfirst&further=floor%3Dsecond") == [first, second]
    assert found("further=seen%3Dsmoke") == [first]
    assert found("further=floor%3Dfirst&further=seen%3Dsmoke_and_fire") == []
    [chip] = filtered("further=floor%3Dfirst").chips()
    assert (chip["label"], chip["value"]) == ("Further fields", "Floor: First")


def test_all_filters_hold_together(cast, pair):
    first, _second = pair
    change(first, priority=1)

    assert found("priority=1&channel=portal") == [first.pk]
    assert found("priority=1&channel=mail") == []


def test_counted_leaves_out_cancelled_merged_and_child_tickets(cast, pair):
    counted, cancelled = pair
    merged, child = make.incident(cast), make.incident(cast)
    change(cancelled, status="cancelled")
    change(merged, merged_into=counted)
    change(child, parent=counted)

    assert found("counted=1") == [counted.pk]
    assert found("counted=0") == [cancelled.pk, merged.pk, child.pk]
    assert len(found("counted=2")) == len(found("")) == 4


# --- Service levels -------------------------------------------------------------------------


@pytest.fixture
def clocked(cast) -> dict[str, Incident]:
    """One incident answered in time, one answered late, one overdue, one that still has time."""
    met, late = make.incident(cast), make.incident(cast)
    desk.reply(met, by=cast.bo, text="Hello", at=MONDAY + HOUR)
    desk.reply(late, by=cast.bo, text="Sorry", at=MONDAY + 3 * HOUR)
    overdue = make.incident(cast, at=MONDAY + timedelta(minutes=30))
    running = make.incident(cast, at=MONDAY + 3 * HOUR)
    return {"met": met, "late": late, "overdue": overdue, "running": running}


RESPONSE = "metric=first_response&"
# Two hours after the arrival of `overdue`, nobody has noticed yet.
UNNOTICED = MONDAY + 3 * HOUR


def names(clocked, query, now=UNNOTICED) -> list[str]:
    by_key = {ticket.pk: name for name, ticket in clocked.items()}
    return [by_key[key] for key in found(query, now)]


def test_outcomes_of_a_metric_and_an_overdue_clock_counts_as_missed_at_once(clocked):
    assert names(clocked, f"{RESPONSE}outcome=met") == ["met"]
    assert names(clocked, f"{RESPONSE}outcome=breached") == ["late", "overdue"]
    assert names(clocked, f"{RESPONSE}outcome=pending") == ["running"]
    assert names(clocked, f"{RESPONSE}outcome=met&outcome=breached") == ["met", "late", "overdue"]
    assert names(clocked, RESPONSE) == ["met", "late", "overdue", "running"]


def test_the_clock_is_overdue_only_after_its_due_instant(clocked):
    due = SlaClock.objects.get(ticket=clocked["overdue"], metric="first_response").due_at

    assert due == MONDAY + timedelta(hours=2, minutes=30)
    assert names(clocked, f"{RESPONSE}outcome=breached", due) == ["late"]
    assert names(clocked, f"{RESPONSE}outcome=breached", due + SECOND) == ["late", "overdue"]


def test_noticing_changes_nothing_for_the_reader(clocked):
    before = names(clocked, f"{RESPONSE}outcome=breached")
    sla.tick(UNNOTICED)

    assert names(clocked, f"{RESPONSE}outcome=breached") == before


def test_the_outcome_lies_in_the_days_and_that_of_an_overdue_clock_is_its_due_instant(clocked):
    monday = "outcome_from=2026-03-02&outcome_to=2026-03-02"

    assert names(clocked, f"{RESPONSE}outcome=breached&{monday}") == ["late", "overdue"]
    assert names(clocked, f"{RESPONSE}outcome=breached&outcome_from=2026-03-03") == []
    assert names(clocked, f"{RESPONSE}outcome=met&outcome_to=2026-03-01") == []


def test_the_priority_is_that_of_the_same_clock(cast, clocked):
    critical = make.incident(cast, impact=1, urgency=1, at=MONDAY)
    desk.reply(critical, by=cast.bo, text="Hello", at=MONDAY + HOUR)

    assert found(f"{RESPONSE}outcome=met&clock_priority=1", UNNOTICED) == [critical.pk]
    assert found(f"{RESPONSE}outcome=breached&clock_priority=1", UNNOTICED) == []


def test_a_cancelled_clock_never_counts(cast, clocked):
    desk.move(
        clocked["running"], "withdraw", by=cast.ann, values={"reason": "Found it"}, at=UNNOTICED
    )

    assert names(clocked, f"{RESPONSE}outcome=pending") == []
    assert names(clocked, RESPONSE) == ["met", "late", "overdue"]


# --- In words -------------------------------------------------------------------------------


def test_each_filter_in_force_is_a_chip_that_can_be_taken_away(cast, pair):
    rest = f"team=none&received_from=2026-03-01&assignee={cast.bo.pk}"
    given = filtered(f"view=all&priority=1&priority=2&{rest}")
    chips = {str(chip["label"]): chip for chip in given.chips()}

    assert {label: str(chip["value"]) for label, chip in chips.items()} == {
        "Priority": "Critical, High",
        "Team": "none",
        "Received from": "2026-03-01",
        "Assignee": "Bo",
    }
    assert chips["Priority"]["without"] == f"view=all&{rest}"


def test_statuses_are_offered_once_with_their_names(db):
    offered = dict(filtered("").form.fields["status"].choices)

    assert offered["on_hold"] == "On hold"
    assert len(offered) == len(set(offered))
