"""Lists of time, and what is decided about entries (domain 6.1, section 8)."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from itil.timesheets.models import Activity, EntryEvent
from portal.people.models import Membership, Role
from tests import make as world
from tests.cast import person
from tests.itil.timesheets import make
from tests.itil.timesheets.conftest import no_contracts  # noqa: F401

WEEK = "/desk/time/?week=2026-W10"
LIST = "/desk/time/entries/"
FRIDAY = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_friday():
    with time_machine.travel(FRIDAY, tick=False):
        yield


@pytest.fixture
def ticket(cast):
    return world.taken_incident(cast)


def said(response):
    return [str(message) for message in response.context["messages"]]


# --- The list -------------------------------------------------------------------------------


def rows(response):
    return {(row.agent.name, row.minutes) for row in response.context["rows"]}


@pytest.fixture
def booked(cast, ticket):
    """Bo's and Cleo's time at the service desk, and Ned's in Network."""
    network = world.incident(cast, team=cast.network_team)
    make.submitted(cast, ticket, minutes=10, note="Read the log")
    make.submitted(cast, ticket, minutes=20, agent=cast.cleo)
    make.submitted(cast, network, minutes=30, agent=cast.ned)


BO, CLEO, NED = ("Bo", 10), ("Cleo", 20), ("Ned", 30)


@pytest.mark.parametrize(
    ("name", "view", "seen"),
    [
        ("bo", "mine", {BO}),
        ("bo", "all", {BO, CLEO}),
        ("ned", "all", {NED}),
        ("cleo", "approve", {BO}),
        ("cleo", "team", {BO, CLEO}),
        ("cleo", "all", {BO, CLEO}),
        ("mia", "all", {BO, CLEO, NED}),
        ("bea", "all", {BO, CLEO, NED}),
        ("root", "all", {BO, CLEO, NED}),
    ],
)
def test_everybody_sees_the_entries_that_the_role_gives(signed_in, cast, booked, name, view, seen):
    assert rows(signed_in(getattr(cast, name)).get(f"{LIST}?view={view}")) == seen


@pytest.mark.parametrize("name", ["ann", "dov"])
def test_for_customers_the_list_does_not_exist(signed_in, cast, booked, name):
    assert signed_in(getattr(cast, name)).get(LIST).status_code == 404


def test_what_was_done_is_for_those_who_work_on_the_ticket(signed_in, cast, booked):
    for name, reads in (("bo", True), ("cleo", True), ("mia", False), ("bea", False)):
        page = signed_in(getattr(cast, name)).get(f"{LIST}?view=all&format=csv").getvalue()
        assert (b"Read the log" in page) is reads, name


def test_the_time_on_a_secret_is_told_to_nobody_else(signed_in, cast, ticket):
    make.entry(cast, ticket)
    type(ticket).objects.filter(pk=ticket.pk).update(is_confidential=True)

    for name in ("mia", "bea", "root"):
        assert rows(signed_in(getattr(cast, name)).get(f"{LIST}?view=all")) == set()


@pytest.mark.parametrize(
    ("query", "minutes"),
    [
        ("person=cle", {20}),
        ("from=2026-03-03", set()),
        ("to=2026-03-02", {10, 20}),
        ("state=submitted", {10, 20}),
        ("state=draft", set()),
        ("billing=non_billable", set()),
        ("activity=analysis", {10, 20}),
        ("customer=acme", {10, 20}),
        ("customer=globex", set()),
    ],
)
def test_the_list_is_narrowed(signed_in, cast, booked, query, minutes):
    response = signed_in(cast.bo).get(f"{LIST}?view=all&{query}")

    assert {row.minutes for row in response.context["rows"]} == minutes
    assert response.context["minutes"] == sum(minutes)


def test_a_period_that_ends_before_it_begins_is_said_to(signed_in, cast, booked):
    response = signed_in(cast.bo).get(f"{LIST}?view=all&from=2026-03-05&to=2026-03-01")

    assert "ends before it begins" in response.content.decode()


def test_the_list_costs_the_same_for_one_and_for_many(
    signed_in, cast, ticket, django_assert_max_num_queries
):
    make.entry(cast, ticket)
    client = signed_in(cast.cleo)
    with django_assert_max_num_queries(8) as one:
        client.get(f"{LIST}?view=all")
    for _again in range(12):
        make.entry(cast, agent=cast.cleo, minutes=5)
    with django_assert_max_num_queries(8) as many:
        client.get(f"{LIST}?view=all")

    assert len(one) == len(many)


@pytest.mark.parametrize("path", [WEEK, "/desk/time/calendar/?week=2026-W10"])
def test_a_week_costs_the_same_for_one_and_for_many(
    signed_in, cast, ticket, path, django_assert_max_num_queries
):
    make.entry(cast, ticket)
    client = signed_in(cast.bo)
    with django_assert_max_num_queries(8) as one:
        client.get(path)
    for _again in range(8):
        make.entry(cast, minutes=5)
    with django_assert_max_num_queries(8) as many:
        client.get(path)

    assert len(one) == len(many)


@pytest.mark.parametrize(("name", "by"), [("bo", "agent"), ("cleo", "agent"), ("mia", "team")])
def test_the_billable_share_is_a_figure_of_the_reports(signed_in, cast, name, by):
    """Persons for who works and their leads, teams for managers (`KPI-25`)."""
    client = signed_in(getattr(cast, name))
    address = f"/reports/pivot/?indicator=billable_share&by={by}&split=step&step=month&chart=table"
    assert address.replace("&", "&amp;") in client.get(LIST).content.decode()
    assert client.get(address).status_code == 200


# --- Deciding -------------------------------------------------------------------------------


def ticked(cast, client, step, entries, **values):
    keys = [entry.pk for entry in entries]
    return client.post(f"{LIST}ticked/", {"entry": keys, "step": step} | values, follow=True)


def test_a_lead_approves_what_is_ticked_but_not_the_own(signed_in, cast, ticket):
    bos, own = make.submitted(cast, ticket), make.submitted(cast, ticket, agent=cast.cleo)

    response = ticked(cast, signed_in(cast.cleo), "approve", [bos, own])

    assert make.stored(bos).state == "approved"
    assert make.stored(own).state == "submitted"
    assert any("never by who worked" in text for text in said(response))
    assert "1 entry: done." in said(response)


def test_an_agent_approves_nothing(signed_in, cast, ticket):
    entry = make.submitted(cast, ticket, agent=cast.cleo)

    ticked(cast, signed_in(cast.bo), "approve", [entry])

    assert make.stored(entry).state == "submitted"


def test_ticked_drafts_are_handed_in(signed_in, cast, ticket):
    entries = [make.entry(cast, ticket), make.entry(cast, ticket)]

    response = ticked(cast, signed_in(cast.bo), "submit", entries)

    # Nothing here wants an approval, so a rule gives it at once.
    assert {make.stored(entry).state for entry in entries} == {"approved"}
    assert said(response) == ["2 entries: done."]


def test_activity_and_billing_are_changed_on_all_that_are_ticked(signed_in, cast, ticket):
    entries = [make.entry(cast, ticket), make.entry(cast, ticket)]
    travel = Activity.objects.create(name="Travel", kind="travel")

    ticked(
        cast,
        signed_in(cast.bo),
        "change",
        entries,
        activity=travel.pk,
        billing_kind="non_billable",
        reason="On the road",
    )

    kept = {(make.stored(e).activity, make.stored(e).billing_kind) for e in entries}
    assert kept == {(travel, "non_billable")}
    assert set(EntryEvent.objects.filter(kind="corrected").values_list("reason", flat=True)) == {
        "On the road"
    }


@pytest.mark.parametrize("keys", [[], ["x", "9" * 30, "-1"]])
def test_nothing_ticked_is_said(signed_in, cast, keys):
    response = signed_in(cast.bo).post(
        f"{LIST}ticked/", {"entry": keys, "step": "submit"}, follow=True
    )

    assert said(response) == ["Tick the entries first."]


# --- One entry ------------------------------------------------------------------------------


def test_a_correction_is_told_with_before_after_and_why(signed_in, cast, ticket):
    entry = make.entry(cast, ticket)
    client = signed_in(cast.bo)
    form = client.get(f"{entry.get_absolute_url()}correct/").context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    values |= {"minutes": "0:45", "reason": "Misread", "on_invoice": "", "overlap_confirmed": ""}

    client.post(f"{entry.get_absolute_url()}correct/", values)

    page = client.get(entry.get_absolute_url()).content.decode()
    assert "<del>30m</del> → <ins>45m</ins>" in page
    assert "“Misread”" in page


def test_correcting_words_of_measured_time_keeps_its_seconds(signed_in, cast, ticket):
    begin = datetime(2026, 3, 2, 8, 0, 17, tzinfo=UTC)
    entry = make.entry(cast, ticket, started_at=begin, ended_at=begin + timedelta(minutes=30))
    client = signed_in(cast.bo)
    form = client.get(f"{entry.get_absolute_url()}correct/").context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    values |= {
        "begins": "09:00",
        "ends": "09:30",
        "work_date": "2026-03-02",
        "note": "Read the log",
        "reason": "Forgot it",
        "on_invoice": "",
        "overlap_confirmed": "",
    }

    response = client.post(f"{entry.get_absolute_url()}correct/", values)

    now = make.stored(entry)
    assert response.status_code == 303
    assert (now.note, now.started_at, now.minutes) == ("Read the log", begin, 30)


def test_invoiced_time_offers_nothing_to_do(signed_in, cast, ticket):
    entry = make.invoiced(cast, ticket)

    page = signed_in(cast.cleo).get(entry.get_absolute_url()).content.decode()

    assert "Correct…" not in page
    assert "Write off…" not in page


def test_a_rejection_tells_why(signed_in, cast, ticket):
    entry = make.submitted(cast, ticket)

    signed_in(cast.cleo).post(f"{entry.get_absolute_url()}reject/", {"reason": "Wrong day"})

    page = signed_in(cast.bo).get(entry.get_absolute_url()).content.decode()
    assert "Wrong day" in page
    assert "Submit" in page


def test_a_lead_of_another_team_cannot_decide(signed_in, cast, ticket):
    stranger = person("Lea", cast.halden)
    Membership.objects.create(user=stranger, role=Role.LEAD, team=cast.network_team)
    entry = make.submitted(cast, ticket)

    response = signed_in(stranger).post(f"{entry.get_absolute_url()}approve/")

    assert response.status_code == 404
    assert make.stored(entry).state == "submitted"


def test_the_calendar_draws_what_has_times_and_lists_the_rest(signed_in, cast, ticket):
    begin = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    make.entry(cast, ticket, started_at=begin, ended_at=begin + timedelta(minutes=90), minutes=90)
    make.entry(cast, ticket)

    page = signed_in(cast.bo).get("/desk/time/calendar/?week=2026-W10").content.decode()

    # 09:00 in the zone of Bo, an hour below the first one.
    assert "--top:60;--long:90;--lane:0;--lanes:1" in page
    assert "09:00 – 10:30" in page
    assert page.count("/desk/time/entries/") > 2
