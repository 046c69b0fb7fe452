"""What the shared parts of a page look like; no record is stored for any of this."""

from datetime import timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from itil.incidents.models import Incident
from portal.people.models import User
from tests.cast import MONDAY

MINUTES = timedelta(minutes=1)


def render(source: str, **context) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.fixture(autouse=True)
def _in_berlin():
    with timezone.override("Europe/Berlin"), translation.override("en-gb"):
        yield


def ticket(**fields) -> Incident:
    return Incident(
        **{
            "kind": "incident",
            "number": "INC-000001",
            "status": "in_progress",
            "phase": "open",
            "priority": 2,
            "received_at": MONDAY,
        }
        | fields
    )


def due(record, minutes_later: int = 0) -> str:
    return render("{% due_badge ticket now %}", ticket=record, now=MONDAY + minutes_later * MINUTES)


def test_an_icon_points_into_the_sprite_and_is_for_the_eye_only():
    assert render('{% icon "search" %}') == (
        '<svg class="ic" aria-hidden="true"><use href="/static/ui/icons.svg#search"/></svg>'
    )


def test_a_large_icon_has_a_class_of_its_own():
    assert 'class="ic ic-l"' in render('{% icon "search" "large" %}')


def test_an_avatar_shows_the_letters_of_the_first_and_last_word():
    assert render("{% avatar person 24 %}", person=User(pk=7, name="Maria del Ortega")) == (
        '<span class="av c" style="--av:24px" aria-hidden="true">MO</span>'
    )


def test_an_avatar_of_nobody_is_an_empty_ring():
    assert render("{% avatar person %}", person=None) == (
        '<span class="av none" style="--av:26px" aria-hidden="true">–</span>'
    )


def test_a_name_cannot_put_markup_into_an_avatar():
    assert "&lt;" in render("{% avatar person %}", person=User(pk=1, name="<b> <i>"))


@pytest.mark.parametrize(
    ("status", "phase", "shape"),
    [
        ("new", "open", "new"),
        ("in_progress", "open", "prog"),
        ("on_hold", "waiting", "wait"),
        ("resolved", "done", "done"),
        ("closed", "done", "closed"),
    ],
)
def test_each_status_has_its_shape(status, phase, shape):
    badge = render("{% status_badge ticket %}", ticket=ticket(status=status, phase=phase))
    assert badge.startswith(f'<span class="st {shape}">')


def test_staff_and_requesters_read_different_words():
    record = ticket(status="on_hold", phase="waiting", hold_reason="awaiting_requester")
    staff = render("{% status_badge ticket %}", ticket=record)
    public = render("{% public_status ticket %}", ticket=record)
    assert staff == '<span class="st wait">On hold</span>'
    assert public == '<span class="st wait">Waiting for you</span>'


def test_a_priority_is_bars_and_a_word():
    assert render("{% priority_badge ticket %}", ticket=ticket()) == (
        '<span class="pr p2"><i aria-hidden="true"><b></b></i>High</span>'
    )


def test_a_kind_is_named_for_who_cannot_see_it():
    assert 'class="ty inc" role="img" aria-label="Incident"' in render(
        "{% kind_badge ticket %}", ticket=ticket()
    )


def test_a_clock_with_time_left_is_grey_and_its_ring_shows_the_share():
    badge = due(ticket(due_at=MONDAY + 200 * MINUTES, at_risk_at=MONDAY + 160 * MINUTES), 10)
    assert 'class="sla " style="--p:5"' in badge
    assert badge.endswith(">3h 10m</time>")


def test_a_clock_at_risk_is_amber():
    badge = due(ticket(due_at=MONDAY + 200 * MINUTES, at_risk_at=MONDAY + 160 * MINUTES), 170)
    assert 'class="sla soon" style="--p:85"' in badge
    assert badge.endswith(">30m</time>")


def test_a_missed_clock_says_by_how_much():
    badge = due(ticket(due_at=MONDAY, is_breached=True), 12)
    assert 'class="sla late" style="--p:100"' in badge
    assert badge.endswith(">12m late</time>")


def test_a_clock_names_its_moment_in_the_viewers_zone():
    with time_machine.travel(MONDAY, tick=False):
        assert 'title="Due Mon 2 Mar, 10:30"' in due(ticket(due_at=MONDAY + 30 * MINUTES))


@pytest.mark.parametrize(
    ("fields", "badge"),
    [
        ({"phase": "waiting"}, '<span class="sla paused">Paused</span>'),
        ({}, '<span class="sla none">No target</span>'),
        ({"phase": "done"}, '<span class="sla none">–</span>'),
        ({"phase": "done", "is_breached": True}, '<span class="sla none">Missed</span>'),
    ],
)
def test_a_ticket_whose_clock_stands_says_why(fields, badge):
    assert due(ticket(**fields)) == badge


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (timedelta(seconds=20), "now"),
        (timedelta(minutes=6), "6 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(days=2), "2 d"),
        (timedelta(days=8), "Sun 22 Feb"),
        (timedelta(days=365), "2 Mar 2025"),
    ],
)
def test_ago_is_short_for_a_week_and_then_a_date(before, text):
    with time_machine.travel(MONDAY, tick=False):
        shown = render("{% ago instant %}", instant=MONDAY - before)
    assert shown.endswith(f">{text}</time>")


def test_a_moment_is_a_day_and_a_time_in_the_viewers_zone():
    with time_machine.travel(MONDAY, tick=False):
        assert render("{% moment instant %}", instant=MONDAY) == (
            '<time datetime="2026-03-02T10:00:00+01:00">Mon 2 Mar, 10:00</time>'
        )


def test_a_moment_speaks_the_viewers_language():
    with time_machine.travel(MONDAY, tick=False), translation.override("nl"):
        assert "ma 2 mrt" in render("{% moment instant %}", instant=MONDAY)


def test_what_is_not_known_is_a_dash():
    assert render("{% ago x %}{% moment x %}{{ x|duration }}{{ x|hours_minutes }}", x=None) == (
        "––––"
    )


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0m"), (2460, "41m"), (11400, "3h 10m"), (7200, "2h"), (100800, "1d 4h"), (86460, "1d")],
)
def test_a_duration_has_two_units_at_most(seconds, text):
    assert render("{{ seconds|duration }}", seconds=seconds) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0m"), (25, "25m"), (190, "3h 10m"), (7110, "118h 30m"), (-30, "−30m")],
)
def test_time_worked_never_turns_into_days(minutes, text):
    assert render("{{ minutes|hours_minutes }}", minutes=minutes) == text


def test_a_changed_query_keeps_the_rest_and_goes_back_to_the_first_page():
    request = RequestFactory().get("/", {"view": "mine", "page": "3", "team": "4"})
    assert render("{% query_with team=5 %}", request=request) == "?view=mine&amp;team=5"
    assert render("{% query_with team=None %}", request=request) == "?view=mine"


def test_a_page_keeps_the_query():
    request = RequestFactory().get("/", {"view": "mine", "page": "3"})
    assert render("{% page_url 4 %}", request=request) == "?view=mine&amp;page=4"
