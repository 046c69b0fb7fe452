"""The pages of schedules: who sees them, what they take, what they say."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from itil.schedules import actions
from itil.schedules.models import Schedule, ScheduleRun
from itil.tickets.models import Ticket
from tests.cast import MONDAY

from . import world
from .sending import NEW, posted, url_of
from .world import utc

pytestmark = pytest.mark.django_db


def test_a_lead_describes_a_check_without_knowing_a_rule(cast, signed_in):
    client = signed_in(cast.cleo)
    assert client.get(NEW).status_code == 200

    response = client.post(NEW, posted(cast), follow=True)

    made = Schedule.objects.get()
    assert response.redirect_chain == [(made.get_absolute_url(), 303)]
    assert (made.rule, made.owner, made.team) == ("FREQ=WEEKLY;BYDAY=FR", cast.cleo, cast.desk_team)
    assert "“Check on Fridays” is switched on." in response.content.decode()
    assert "Every week on Friday at 08:00 (Berlin)" in response.content.decode()
    assert made.next_at > timezone.now()


def test_what_is_in_the_form_comes_out_of_the_form(cast, signed_in):
    client = signed_in(cast.cleo)
    client.post(
        NEW,
        posted(
            cast,
            frequency="MONTHLY",
            every="3",
            within="weekday",
            nth="-1",
            nth_day="weekday",
            off_days="next",
            calendar=cast.calendar.pk,
        ),
    )
    made = Schedule.objects.get()
    assert made.rule == "FREQ=MONTHLY;INTERVAL=3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"

    form = client.get(url_of("edit", made)).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    client.post(
        url_of("edit", made),
        {name: value for name, value in sent.items() if value not in (None, [])}
        | {"title": "Every quarter"},
    )

    changed = Schedule.objects.get()
    assert (changed.title, changed.version) == ("Every quarter", 2)
    kept = ("rule", "values", "team", "calendar", "next_at", "first_on", "at_time")
    assert [getattr(changed, name) for name in kept] == [getattr(made, name) for name in kept]


def test_the_next_dates_are_shown_before_anything_is_saved(cast, signed_in):
    client = signed_in(cast.cleo)

    page = client.post(NEW, posted(cast, preview="1", title=""))
    part = client.post(NEW, posted(cast), headers={"HX-Request": "true", "HX-Target": "dates"})

    assert page.status_code == part.status_code == 200
    for answer in (page, part):
        shown = re.findall(r"<li><time[^>]*>(\w+) [^<]*, 08:00</time>", answer.content.decode())
        assert shown == ["Fri"] * 5
    assert "<form" not in part.content.decode()
    assert 'value="Check the server room"' in page.content.decode()
    assert not Schedule.objects.exists()


def test_a_rule_without_dates_says_why_instead_of_them(cast, signed_in):
    never = posted(cast, frequency="YEARLY", month="2", month_day="30")
    part = signed_in(cast.cleo).post(
        NEW, never, headers={"HX-Request": "true", "HX-Target": "dates"}
    )

    assert "<li>This rule has no date in the next ten years. Change it.</li>" in (
        part.content.decode()
    )


BAD = [
    ({"title": ""}, "title", "This field is required."),
    ({"off_days": "skip", "calendar": "999"}, "calendar", "not one of the available choices"),
    ({"frequency": ""}, "frequency", "This field is required."),
    ({"frequency": "RULE", "rule": "FREQ=HOURLY"}, "rule", "Once a day is the most often"),
    ({"frequency": "RULE", "rule": "on fridays"}, "rule", "cannot be read"),
    ({"frequency": "RULE"}, "rule", "Enter a rule such as"),
    ({"weekdays": []}, "weekdays", "Choose at least one day of the week."),
    ({"every": "0"}, "every", "Enter a whole number from 1 to 99."),
    ({"every": "x"}, "every", "Enter a whole number from 1 to 99."),
    ({"frequency": "MONTHLY"}, "month_day", "Enter the day of the month, from 1 to 31."),
    (
        {"frequency": "MONTHLY", "month_day": "32"},
        "month_day",
        "Enter a whole number from 1 to 31.",
    ),
    ({"frequency": "MONTHLY", "within": "weekday"}, "nth", "Choose which weekday"),
    ({"frequency": "YEARLY", "month_day": "1"}, "month", "Choose the month."),
    (
        {"frequency": "YEARLY", "month": "2", "month_day": "30"},
        "frequency",
        "This rule has no date in the next ten years.",
    ),
    ({"at_time": "25:00"}, "at_time", "Enter a time such as 08:00."),
    ({"time_zone": "Mars/Base"}, "time_zone", "not one of the available choices"),
    ({"first_on": "soon"}, "first_on", "Enter a date such as 2026-10-31."),
    ({"first_on": "1890-01-01"}, "first_on", "between the years 2000 and 2150"),
    ({"ends_on": "2020-01-01"}, "ends_on", "The last date lies before the first one."),
    ({"off_days": "next"}, "calendar", "Choose the calendar"),
    ({"missed": "perhaps"}, "missed", "not one of the available choices"),
    ({"grace_hours": "-1"}, "grace_hours", "Enter a whole number from 0 to 168."),
    ({"grace_hours": "1000"}, "grace_hours", "Enter a whole number from 0 to 168."),
    ({"opens_title": ""}, "opens_title", "This field is required."),
    ({"opens_impact": "9"}, "opens_impact", "not one of the available choices"),
]


@pytest.mark.parametrize(("changes", "field", "sentence"), BAD)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(
    cast, signed_in, changes, field, sentence
):
    response = signed_in(cast.cleo).post(NEW, posted(cast, **changes))

    assert response.status_code == 422
    assert sentence in " ".join(response.context["form"].errors[field])
    assert "Look at the lights." in response.content.decode()
    assert not Schedule.objects.exists()


def test_what_others_may_choose_is_no_choice(cast, signed_in):
    client = signed_in(cast.cleo)
    for changes, field in (
        ({"opens_team": cast.network_team.pk}, "opens_team"),
        ({"owner": cast.bo.pk}, "owner"),
    ):
        response = client.post(NEW, posted(cast, **changes))
        assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert not Schedule.objects.exists()


def test_a_refusal_of_the_verb_stands_at_its_field(cast, signed_in):
    cast.root.organization = None
    cast.root.save()
    response = signed_in(cast.root).post(NEW, posted(cast, owner=cast.root.pk))

    assert response.status_code == 409
    assert response.context["form"].errors["opens_team"] == [
        "Root belongs to no organization yet. Choose one for this person first."
    ]


def test_of_two_who_edit_the_second_keeps_the_text_and_may_save_again(cast, signed_in):
    made = world.schedule(cast)
    client = signed_in(cast.cleo)
    assert client.post(url_of("edit", made), posted(cast, version="1")).status_code == 303

    second = client.post(url_of("edit", made), posted(cast, version="1", title="Mine"))
    assert second.status_code == 409
    assert "was changed while you were looking at it" in second.content.decode()
    assert 'value="Mine"' in second.content.decode()

    again = client.post(url_of("edit", made), posted(cast, version="2", title="Mine"))
    assert (again.status_code, Schedule.objects.get().title) == (303, "Mine")


def test_the_sheet_tells_the_next_dates_and_the_log(cast, signed_in):
    made = world.schedule(cast, missed="none")
    actions.open_due(utc(3))
    actions.open_due(utc(4, hour=23))

    page = signed_in(cast.cleo).get(made.get_absolute_url())

    text = page.content.decode()
    ticket = Ticket.objects.get()
    assert f"{ticket.number} Check the server room" in text
    assert "Missed: nothing ran at that time, and missed runs are left out." in text
    assert len(page.context["dates"]) == 5
    assert [run.outcome for run, _ticket in page.context["runs"]] == ["skipped", "opened"]


def test_the_log_comes_in_pages(cast, signed_in):
    made = world.schedule(cast)
    ScheduleRun.objects.bulk_create(
        ScheduleRun(
            schedule=made,
            planned_at=utc(3) + timedelta(days=day),
            ran_at=utc(3),
            outcome="skipped",
            reason="Missed.",
        )
        for day in range(30)
    )
    client = signed_in(cast.cleo)

    first = client.get(made.get_absolute_url())
    second = client.get(f"{made.get_absolute_url()}?page=2")

    assert [len(page.context["runs"]) for page in (first, second)] == [25, 5]


def test_switched_off_and_on_with_what_was_shown(cast, signed_in):
    made = world.schedule(cast)
    client, url = signed_in(cast.cleo), url_of("switch", made)

    off = client.post(url, {"on": "0", "version": "1"}, follow=True)
    assert "is switched off; nothing is opened any more." in off.content.decode()
    stale = client.post(url, {"on": "1", "version": "1"}, follow=True)
    assert "was changed while you were looking at it" in stale.content.decode()
    assert Schedule.objects.get().is_active is False
    for bad in ({}, {"on": "2", "version": "2"}, {"on": "1", "version": "x"}):
        client.post(url, bad)
    assert Schedule.objects.get().is_active is False

    client.post(url, {"on": "1", "version": "2"})
    assert Schedule.objects.get().is_active is True


def test_run_now_asks_first_and_opens_once(cast, signed_in):
    made = world.schedule(cast)
    client, url = signed_in(cast.cleo), url_of("run", made)
    asked = client.get(url).context["form"]["asked_at"].value()
    assert not Ticket.objects.exists()

    first = client.post(url, {"asked_at": asked}, follow=True)
    second = client.post(url, {"asked_at": asked})

    ticket = Ticket.objects.get()
    assert f"{ticket.number} is open." in first.content.decode()
    assert second.status_code == 409
    assert "It was run already." in second.content.decode()
    for bad in ("", "yesterday", "2020-01-01T00:00:00.000000+0000"):
        assert client.post(url, {"asked_at": bad}).status_code in (409, 422)
    assert Ticket.objects.count() == 1


def test_run_now_says_why_nothing_was_opened(cast, signed_in):
    made = world.schedule(cast)
    cast.desk_team.active = False
    cast.desk_team.save()
    client, url = signed_in(cast.cleo), url_of("run", made)

    asked = client.get(url).context["form"]["asked_at"].value()
    response = client.post(url, {"asked_at": asked}, follow=True)

    assert "what was chosen is not in use any more" in response.content.decode()
    assert made.runs.get().outcome == "failed"


def test_the_ticket_tells_its_schedule_and_leads_there_who_may(cast, signed_in):
    made = world.schedule(cast)
    actions.open_due(utc(3))
    ticket = Ticket.objects.get()
    client = signed_in(cast.bo)

    page = client.get(ticket.get_absolute_url()).content.decode()
    assert "opened this by the schedule “Weekly check”, planned for" in page
    assert f'hx-get="{url_of("link", made)}"' in page
    link = client.get(url_of("link", made))
    assert link.content.decode() == f'<a href="{made.get_absolute_url()}">Show it</a>'

    # Mia sees the ticket, but no schedules.
    client.force_login(cast.mia)
    assert client.get(ticket.get_absolute_url()).status_code == 200
    assert client.get(url_of("link", made)).status_code == 404


def test_an_unknown_kind_has_no_page(cast, signed_in):
    client = signed_in(cast.cleo)
    assert client.get("/desk/schedules/new/rocket/").status_code == 404
    made = world.schedule(cast)
    Schedule.objects.update(kind="rocket")
    assert client.get(url_of("edit", made)).status_code == 404
    assert "rocket" in client.get(made.get_absolute_url()).content.decode()


def test_the_views_of_the_list(cast, signed_in):
    world.schedule(cast, title="Good")
    off = world.schedule(cast, title="Off")
    actions.switch(off, by=cast.cleo, at=MONDAY, version=1, is_active=False)
    bad = world.schedule(cast, title="Bad")
    bad.runs.create(planned_at=utc(3), ran_at=utc(3), outcome="failed", reason="It broke.")
    client = signed_in(cast.cleo)

    def shown(view):
        page = client.get(f"{reverse('schedules:list')}?view={view}")
        return {one.title for one in page.context["rows"]}

    assert shown("on") == {"Good", "Bad"}
    assert shown("failed") == {"Bad"}
    assert shown("off") == {"Off"}
    assert shown("all") == {"Good", "Off", "Bad"}
    assert "It broke." in client.get(f"{reverse('schedules:list')}?view=failed").content.decode()


def test_lists_take_as_many_statements_for_one_row_as_for_thirty(
    cast, signed_in, django_assert_num_queries, django_assert_max_num_queries
):
    made = world.schedule(cast, missed="all", off_days="next", calendar=cast.calendar)
    client = signed_in(cast.cleo)
    urls = [f"{reverse('schedules:list')}?view=all", made.get_absolute_url()]
    actions.open_due(utc(3))
    counts = []
    for url, most in zip(urls, (8, 10), strict=True):
        client.get(url)
        with django_assert_max_num_queries(most) as found:
            assert client.get(url).status_code == 200
        counts.append(len(found))

    actions.open_due(utc(20), limit=60, in_a_row=60)
    for number in range(29):
        world.schedule(cast, title=f"Another {number}", off_days="next", calendar=cast.calendar)

    for url, count in zip(urls, counts, strict=True):
        with django_assert_num_queries(count):
            assert client.get(url).status_code == 200
