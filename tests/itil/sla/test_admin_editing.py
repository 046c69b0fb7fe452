"""Agreements as administrators write them: the four forms, mistakes, two people at once."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from itil.sla.models import Agreement, EscalationStep, ServiceTarget
from portal.people.models import Organization
from tests.cast import HOUR, office_hours, person
from tests.itil.sla import entered
from tests.itil.sla.entered import step, target


@pytest.fixture
def administrator(cast, signed_in):
    return signed_in(cast.root)


@pytest.fixture
def add(administrator, cast):
    """A function that posts a new agreement."""

    def post(targets=(), steps=(), **changes):
        posted = entered.agreement(cast.calendar, targets, steps, **changes)
        return administrator.post(reverse("agreements:add"), posted)

    return post


def url(agreement) -> str:
    return reverse("agreements:edit", args=[agreement.pk])


def said(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


# --- What can be written -------------------------------------------------------------------------


def test_targets_have_four_forms(add):
    rows = [
        target("4:00", priority=1),
        target(priority=2, form="business_days", days=3, snap="same_time"),
        target(priority=3, form="cutoff", cutoff="12:00"),
        target(priority=4, form="fixed_instant"),
    ]
    assert add(rows).status_code == 302
    names = ("priority", "form", "seconds", "days", "snap", "cutoff")
    assert list(ServiceTarget.objects.filter(agreement__name="Gold").values_list(*names)) == [
        (1, "duration", 4 * HOUR, None, "end_of_day", None),
        (2, "business_days", None, 3, "same_time", None),
        (3, "cutoff", None, None, "end_of_day", 12 * 60),
        (4, "fixed_instant", None, None, "end_of_day", None),
    ]


def test_what_belongs_to_another_form_is_not_kept(add):
    add([target("4:00", form="cutoff", cutoff="12:00", days=3)])
    row = ServiceTarget.objects.get(agreement__name="Gold")
    assert (row.seconds, row.days, row.cutoff) == (None, None, 12 * 60)


def test_a_target_has_a_calendar_of_its_own(add):
    night = office_hours("Night desk")
    add([target("4:00", calendar=night.pk)])
    assert ServiceTarget.objects.get(agreement__name="Gold").calendar == night


def test_all_conditions_and_rules_are_kept(add, cast):
    acme = cast.acme.locations.create(name="Utrecht")
    add(
        organization=cast.acme.pk,
        service=cast.mail_service.pk,
        location=acme.pk,
        requester_vip="on",
        ticket_kind="incident",
        channel="mail",
        rank=10,
        valid_from="2026-03-01 00:00",
        valid_to="2027-03-01 00:00",
        target_key="severity",
        reopen_policy="restart",
        vendor_pauses="on",
        at_risk_percent=60,
    )
    gold = Agreement.objects.get(name="Gold")
    assert (gold.organization, gold.service, gold.location) == (cast.acme, cast.mail_service, acme)
    assert (gold.requester_vip, gold.ticket_kind, gold.channel) == (True, "incident", "mail")
    assert (gold.target_key, gold.reopen_policy, gold.vendor_pauses) == (
        "severity",
        "restart",
        True,
    )
    assert (gold.rank, gold.at_risk_percent, gold.version) == (10, 60, 1)
    # Entered in the zone of the administrator, who has chosen none: that of the house.
    assert gold.valid_from.isoformat() == "2026-02-28T23:00:00+00:00"


def test_a_new_agreement_warns_at_50_75_90_and_100_percent(administrator):
    page = said(administrator.get(reverse("agreements:add")))
    for number, percent in enumerate((50, 75, 90, 100)):
        assert f'name="steps-{number}-percent" value="{percent}"' in page
    assert page.count('<option value="notify_assignee" selected') == 2
    assert page.count('<option value="notify_lead" selected') == 1
    assert page.count('<option value="notify_manager" selected') == 1


def test_steps_are_kept_with_team_and_calendar(add, cast):
    rows = [
        step(75, id=""),
        step(100, "hand_over", team=cast.network_team.pk, calendar=cast.calendar.pk),
        step(100, "notify_manager", metric="resolution"),
    ]
    assert add(steps=rows).status_code == 302
    steps = EscalationStep.objects.filter(agreement__name="Gold")
    assert list(steps.values_list("percent", "action", "metric", "team", "calendar")) == [
        (75, "notify_assignee", "", None, None),
        (100, "hand_over", "", cast.network_team.pk, cast.calendar.pk),
        (100, "notify_manager", "resolution", None, None),
    ]


def test_seconds_from_elsewhere_survive_an_edit(administrator, cast):
    row = cast.agreement.targets.get(metric="acknowledge", priority=1)
    ServiceTarget.objects.filter(pk=row.pk).update(seconds=450)
    assert 'value="0:07:30"' in said(administrator.get(url(cast.agreement)))


def test_two_targets_change_places(administrator, cast):
    def swap(rows):
        first, second = rows[0], rows[1]
        first["priority"], second["priority"] = second["priority"], first["priority"]
        first["seconds"] = "9:00"
        return rows

    response = administrator.post(
        url(cast.agreement), entered.as_opened(cast.agreement, targets=swap)
    )
    assert response.status_code == 302
    assert cast.agreement.targets.count() == 15
    assert cast.agreement.targets.get(metric="acknowledge", priority=2).seconds == 9 * HOUR
    assert cast.agreement.targets.get(metric="acknowledge", priority=1).seconds == HOUR


def test_a_removed_row_is_gone(administrator, cast):
    posted = entered.as_opened(cast.agreement) | {"targets-0-DELETE": "on"}
    administrator.post(url(cast.agreement), posted)
    assert cast.agreement.targets.count() == 14


def test_the_page_shows_the_targets_in_force_as_a_table(administrator, cast):
    page = said(administrator.get(url(cast.agreement)))
    assert "Targets in force" in page
    assert "<strong>40h</strong>" in page


def test_a_copy_begins_with_what_the_other_says_and_is_no_default(administrator, cast):
    cast.agreement.steps.create(percent=90, action="notify_lead")
    cast.agreement.save()
    page = said(administrator.get(reverse("agreements:copy", args=[cast.agreement.pk])))
    assert 'value="Copy of Standard"' in page
    assert 'name="targets-INITIAL_FORMS" value="15"' in page
    posted = entered.as_opened(cast.agreement, name="Copy of Standard", is_default=None)
    posted |= {name: "" for name in posted if name.endswith("-id")}
    assert administrator.post(reverse("agreements:add"), posted).status_code == 302
    made = Agreement.objects.get(name="Copy of Standard")
    assert (made.targets.count(), made.steps.count(), made.is_default) == (15, 1, False)


def test_more_rows_are_no_more_queries(administrator, cast, django_assert_max_num_queries):
    page = url(cast.agreement)
    administrator.get(page)
    with django_assert_max_num_queries(40) as few:
        administrator.get(page)
    for percent in range(1, 20):
        cast.agreement.steps.create(percent=percent, action="notify_lead")
    with django_assert_max_num_queries(len(few)):
        administrator.get(page)


# --- The three kinds -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "shown", "left_out"),
    [
        ("sla", ["location", "vendor_pauses", "reopen_policy"], ["team", "supplier"]),
        ("ola", ["team", "service"], ["supplier", "vendor_pauses", "reopen_policy"]),
        ("uc", ["supplier", "service"], ["team", "requester_sees_due"]),
    ],
)
def test_each_kind_shows_the_fields_that_matter(administrator, kind, shown, left_out):
    page = said(administrator.get(reverse("agreements:add"), {"kind": kind}))
    assert all(f'name="{name}"' in page for name in shown)
    assert not any(f'name="{name}"' in page for name in left_out)


def test_only_what_the_kind_promises_can_be_chosen(administrator, add):
    page = said(administrator.get(reverse("agreements:add"), {"kind": "ola"}))
    assert '<option value="ola_resolution"' in page
    assert '<option value="resolution"' not in page
    page = said(add([target("4:00", metric="resolution")], kind="ola"))
    assert "Agreements of this kind do not promise this." in page
    assert not Agreement.objects.filter(name="Gold").exists()


def test_an_agreement_between_teams_names_its_team(add, cast):
    rows = [target("2:00", metric="ola_resolution")]
    assert add(rows, kind="ola", team=cast.network_team.pk).status_code == 302
    made = Agreement.objects.get(name="Gold")
    assert (made.kind, made.team) == ("ola", cast.network_team)


def test_a_contract_with_a_supplier_names_it(add):
    telco = Organization.objects.create(name="Telco")
    rows = [target("2:00", metric="uc_response"), target("8:00", metric="uc_resolution")]
    assert add(rows, kind="uc", supplier=telco.pk).status_code == 302
    assert Agreement.objects.get(name="Gold").supplier == telco


def test_the_kind_of_an_agreement_stays(administrator, cast):
    posted = entered.as_opened(cast.agreement, kind="uc")
    assert administrator.post(url(cast.agreement), posted).status_code == 302
    cast.agreement.refresh_from_db()
    assert cast.agreement.kind == "sla"


def test_a_condition_that_is_pointless_but_given_is_shown(administrator, cast):
    cast.agreement.team = cast.network_team
    cast.agreement.save()
    assert 'name="team"' in said(administrator.get(url(cast.agreement)))


# --- Mistakes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (target(""), "Say how much business time"),
        (target("0:00"), "A target is longer than 0 minutes"),
        (target(form="business_days"), "Say how many business days"),
        (target(form="business_days", days=0), "A target is at least 1 business day"),
        (target(form="business_days", days=5000), "less than or equal to 999"),
        (target(form="cutoff"), "Say before which time"),
        (target(form="cutoff", cutoff="noon"), "Write the time as HH:MM"),
        (target(form="cutoff", cutoff="00:00"), "A cut-off lies between 00:01 and 23:59"),
        (target(form="cutoff", cutoff="24:00"), "A cut-off lies between 00:01 and 23:59"),
        (target("4:00", metric="uc_response"), "Agreements of this kind do not promise this"),
        (target("4:00", priority=9), "Select a valid choice"),
    ],
)
def test_a_mistake_in_a_target_is_explained_and_nothing_is_saved(add, row, message):
    assert message in said(add([target("1:00", metric="acknowledge"), row]))
    assert not Agreement.objects.filter(name="Gold").exists()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([step(100, "hand_over")], "Say which team gets the ticket"),
        ([step(0)], "Give a percentage from 1 to 100"),
        ([step(101)], "Give a percentage from 1 to 100"),
        ([step(75, metric="uc_response")], "Agreements of this kind do not promise this"),
        ([step(75), step(75)], "The same step is there twice"),
    ],
)
def test_a_mistake_in_a_step_is_explained_and_nothing_is_saved(add, rows, message):
    assert message in said(add(steps=rows))
    assert not Agreement.objects.filter(name="Gold").exists()


def test_the_same_target_twice_is_named(add):
    page = said(add([target("4:00"), target("5:00")]))
    assert "The same target is there twice" in page
    assert "This target is there already, above" in page


def test_severities_go_up_to_four(add):
    page = said(add([target("4:00", priority=5)], target_key="severity"))
    assert "Severities go from sev1 to sev4." in page


def test_a_calendar_that_is_never_open_is_refused(administrator, add, cast):
    cast.calendar.openings.all().delete()
    cast.calendar.save()
    page = said(add([target("4:00", calendar=cast.calendar.pk)]))
    assert page.count("The calendar Office hours is never open") == 2


def test_a_percentage_of_zero_is_refused(add):
    assert "Give a percentage from 1 to 100." in said(add(at_risk_percent=0))


def test_how_much_time_degraded_counts_is_a_percentage_and_0_unless_it_is_said(add):
    assert "Give a percentage from 0 to 100." in said(add(degraded_percent=101))
    add()
    add(name="Half", degraded_percent=50)
    found = Agreement.objects.filter(name__in=("Gold", "Half")).order_by("pk")
    assert [one.degraded_percent for one in found] == [0, 50]


def test_what_was_typed_stays(add):
    page = said(add([target("1 day")]))
    assert 'value="1 day"' in page
    assert 'value="Gold"' in page


# --- Two people at once --------------------------------------------------------------------------


def test_the_second_of_two_people_is_refused_and_keeps_what_was_typed(administrator, cast):
    first = entered.as_opened(cast.agreement, rank=10)
    second = entered.as_opened(
        cast.agreement, rank=77, targets=lambda rows: [rows[0] | {"seconds": "0:45"}, *rows[1:]]
    )
    assert administrator.post(url(cast.agreement), first).status_code == 302
    page = said(administrator.post(url(cast.agreement), second))
    assert "Root saved this agreement while you were editing it" in page
    assert "Nothing of yours was saved" in page
    assert 'value="77"' in page
    assert 'value="0:45"' in page
    cast.agreement.refresh_from_db()
    assert (cast.agreement.version, cast.agreement.rank) == (2, 10)
    assert cast.agreement.targets.get(metric="acknowledge", priority=1).seconds == HOUR


def test_pressing_save_again_does_not_help(administrator, cast):
    second = entered.as_opened(cast.agreement, rank=77)
    cast.agreement.save()
    for _again in range(2):
        page = said(administrator.post(url(cast.agreement), second))
        assert "was saved by somebody else" in page
    assert 'name="version" value="1"' in page


def test_a_row_that_the_first_one_removed_does_not_break_the_page(administrator, cast):
    second = entered.as_opened(cast.agreement)
    cast.agreement.targets.all().delete()
    cast.agreement.save()
    page = said(administrator.post(url(cast.agreement), second))
    assert "was saved by somebody else" in page
    assert cast.agreement.targets.count() == 0


def test_a_page_without_its_version_is_not_believed(administrator, cast):
    posted = entered.as_opened(cast.agreement)
    del posted["version"]
    assert "was saved by somebody else" in said(administrator.post(url(cast.agreement), posted))


# --- Who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["index", "add", "bench"])
def test_agents_have_no_business_with_agreements(cast, signed_in, name):
    response = signed_in(cast.bo).get(reverse(f"agreements:{name}"))
    assert (response.status_code, response.url.partition("?")[0]) == (302, "/account/login/")


@pytest.mark.parametrize("name", ["edit", "inspect", "versions", "copy"])
def test_who_may_enter_the_admin_but_not_agreements_is_sent_home(cast, signed_in, name):
    editor = person("Ed", cast.halden)
    editor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    response = signed_in(editor).get(reverse(f"agreements:{name}", args=[cast.agreement.pk]))
    assert (response.status_code, response.url) == (302, reverse("wagtailadmin_home"))
