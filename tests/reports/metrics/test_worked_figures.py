"""The worked figures of domain section 5, each through its indicator."""

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from reports.metrics.computing import figures
from reports.metrics.durations import observed_percentile
from reports.metrics.indicator import Indicator, Statistic, Unit, Window
from reports.metrics.period import Period
from reports.metrics.tile import Tile
from reports.metrics.tiles import Desk, answer
from tests.reports import frames_given as given

APRIL = Period(date(2026, 4, 1), date(2026, 4, 30), "UTC")
NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAY = datetime(2026, 4, 10, tzinfo=UTC)
OF_BOTH = {
    "ticket": 1, "is_merged": False, "is_cancelled": False, "solver": 1, "solver_name": "Desk",
    **{name: given.OF_A_TICKET[name] for name in given.OF_A_TICKET if "_" not in name},
    "team_name": "", "service_name": "", "organization_name": "", "category_name": "",
}  # fmt: skip
OF_A_CHANGE = {
    "change": 0, "status": "closed", "team": 1, "team_name": "", "service": None,
    "service_name": "", "organization": 1, "organization_name": "", "category": None,
    "category_name": "", "priority": 3, "type": "normal", "outcome": "successful",
    "closed_at": DAY, "submitted_at": None, "actual_start": DAY, "actual_end": DAY,
    "caused_incident": False, "is_retrospective": False, "is_unauthorised": False, "overridden": 0,
}  # fmt: skip


def total(key, teams=None, **frames):
    desk = Desk(given.Given(frames), Window(APRIL, NOW), teams=teams)
    return answer(Tile("t", (key,)), desk)["series"][0]["total"]


def changes(*rows):
    found = [{"change": number, **row} for number, row in enumerate(rows, 1)]
    return given.frame_of(OF_A_CHANGE, found).assign(
        actual_start=DAY, actual_end=DAY
    )  # fmt: skip


def down(*spans):
    return given.frame_of(
        {"ticket": 0, "service": 1, "down_from": None, "down_until": None, "is_degraded": False},
        [
            {"ticket": number, "down_from": start, "down_until": end}
            for number, (start, end) in enumerate(spans, 1)
        ],
    )


def hours_of_service(*stretches, percent=0):
    return given.frame_of(
        {"service": 1, "service_name": "Mail", "team": 1, "team_name": "", "starts_at": None,
         "ends_at": None, "degraded_percent": percent},
        [{"starts_at": start, "ends_at": end} for start, end in stretches],
    )  # fmt: skip


def april(day, hour, minute=0):
    return datetime(2026, 4, day, hour, minute, tzinfo=UTC)


def test_kpi_22_april_with_716_agreed_hours_and_two_failures():
    # Four hours of maintenance on the 12th.
    agreed = hours_of_service((APRIL.start, april(12, 2)), (april(12, 6), APRIL.end))
    outages = down(
        (april(3, 10), april(3, 11, 30)), (april(3, 11), april(3, 12)),
        (april(12, 3), april(12, 3, 45)), (april(20, 8), april(20, 8, 30)),
    )  # fmt: skip

    def told(key):
        return total(key, service_hours=agreed, outages=outages)

    assert (round(100 * told("availability")["value"], 4), told("failures")["value"]) == (
        99.6508, 2,
    )  # fmt: skip
    assert told("time_between_failures") == {"n": 2, "value": 356.75 * 3600}
    assert told("time_to_restore")["value"] == 1.25 * 3600
    assert told("time_between_starts")["value"] == 358 * 3600
    # Three incidents kept people from the service in its hours; the one in maintenance did not.
    assert told("availability")["n"] == 3


@pytest.mark.parametrize(("percent", "lost"), [(0, 0), (50, 2), (100, 4)])
def test_kpi_18_a_degraded_service_loses_as_much_as_its_agreement_says(percent, lost):
    """Degraded from 8 to 14 hours, and down for two of them: down beats degraded."""
    agreed = hours_of_service((APRIL.start, APRIL.end), percent=percent)
    outages = down((april(3, 8), april(3, 14)), (april(3, 10), april(3, 12)))
    outages["is_degraded"] = [True, False]
    frames = {"service_hours": agreed, "outages": outages}

    assert total("availability", **frames)["value"] == pytest.approx(1 - (2 + lost) / 720)
    # Only the one that was down has failed.
    assert total("failures", **frames)["value"] == 1
    assert total("time_to_restore", **frames)["value"] == 2 * 3600
    assert total("time_between_failures", **frames)["value"] == 718 * 3600
    # What counts nothing kept nobody from anything.
    assert total("availability", **frames)["n"] == (2 if percent else 1)


def test_kpi_18_degraded_twice_at_once_counts_once():
    agreed = hours_of_service((APRIL.start, APRIL.end), percent=50)
    outages = down((april(3, 8), april(3, 12)), (april(3, 10), april(3, 14)))
    outages["is_degraded"] = True
    found = total("availability", service_hours=agreed, outages=outages)
    assert found["value"] == pytest.approx(1 - 3 / 720)


def test_kpi_19_without_a_failure_there_is_no_time_between_them_and_all_was_available():
    frames = {"service_hours": hours_of_service((APRIL.start, APRIL.end)), "outages": down()}
    assert total("availability", **frames) == {"n": 0, "value": 1.0}
    for key in ("time_between_failures", "time_to_restore", "time_between_starts"):
        assert total(key, **frames) == {"n": 0, "value": None, "why": "nothing"}


def test_kpi_18_without_agreed_time_there_is_no_availability():
    found = total("availability", service_hours=hours_of_service(), outages=down())
    assert found == {"n": 0, "value": None, "why": "agreement"}


def entries(count, minutes):
    usual = {"entry": 0, "work_date": pd.Timestamp(2026, 4, 10), "minutes": minutes,
             "state": "approved", "billing_kind": "billable", "agent": 1, "agent_name": "Bo",
             "team": 1}  # fmt: skip
    return given.frame_of(usual, [{"entry": number} for number in range(1, count + 1)])


def days_worked(*minutes, first=1):
    usual = {"day": None, "agent": 1, "agent_name": "Bo", "team": 1, "team_name": "Desk",
             "minutes": 0}  # fmt: skip
    rows = [
        {"day": pd.Timestamp(2026, 4, day), "minutes": one}
        for day, one in enumerate(minutes, first)
    ]
    return given.frame_of(usual, rows).astype({"day": "datetime64[us]"})


def solved(count):
    return given.tickets(*({"received_at": DAY, "resolved_at": DAY} for _ in range(count)))


def costs(*amounts, is_known=True):
    rows = [{"day": pd.Timestamp(2026, 4, 10), "amount": amount} for amount in amounts]
    usual = {"day": None, "amount": 0, "currency": "EUR", "is_known": is_known}
    return given.frame_of(usual, rows).astype({"day": "datetime64[us]", "is_known": "bool"})


def test_kpi_13_84000_for_2100_tickets_are_40_each():
    found = total("cost_per_ticket", desk_costs=costs(*[1_000_00] * 84), tickets=solved(2100))
    assert found == {"n": 2100, "value": 40.0, "currency": "EUR"}


def test_kpi_13_what_is_not_known_of_somebody_is_not_left_out_of_the_cost():
    unknown = pd.concat([costs(84_000_00), costs(0, is_known=False)])
    assert total("cost_per_ticket", desk_costs=unknown, tickets=solved(3))["why"] == "cost"
    assert total("cost_per_ticket", desk_costs=costs(), tickets=solved(3))["why"] == "hours"


def test_amounts_of_several_currencies_are_told_apart_and_never_added():
    usual = {"invoice": 0, "document": "invoice", "issued_on": pd.Timestamp(2026, 4, 2),
             "payable": 10_00, "organization": 1, "organization_name": "Acme",
             "currency": "EUR"}  # fmt: skip
    rows = [{"invoice": 1}, {"invoice": 2, "currency": "USD"}, {"invoice": 3, "payable": 33}]
    desk = Desk(given.Given({"invoices": given.frame_of(usual, rows)}), Window(APRIL, NOW))
    series = answer(Tile("t", ("invoiced",), by="currency"), desk)["series"][0]
    assert [(point["keys"], point["value"]) for point in series["points"]] == [
        (["EUR"], 10.33), (["USD"], 10.0),
    ]  # fmt: skip
    assert series["total"] == {"n": 3, "value": None, "why": "currencies"}


def test_kpi_14_375_contacts_of_12_minutes_in_21_days_of_seven_and_a_half_hours_are_47_6_percent():
    found = total("utilisation", time=entries(375, 12), working_days=days_worked(*[450] * 21))
    assert (found["n"], round(100 * found["value"], 1)) == (375, 47.6)


def test_kpi_14_without_a_working_time_it_is_not_available():
    found = total("utilisation", time=entries(3, 12), working_days=days_worked())
    assert found == {"n": 0, "value": None, "why": "hours"}


def test_kpi_20_demand_for_the_hours_there_are():
    # Four tickets of half an hour each, in a working day of four hours.
    found = total(
        "load", tickets=solved(4), time=entries(4, 30), working_days=days_worked(240, first=10)
    )
    assert found == {"n": 4, "value": 0.5}


@pytest.mark.parametrize(
    ("tickets", "minutes", "days", "why"),
    [
        (4, 30, [], "hours"),
        (0, 0, [], "hours"),
        (4, 0, [240], "recorded"),
        (0, 0, [240], "recorded"),
        (0, 30, [240], "solved"),
    ],
)
def test_kpi_20_of_a_load_it_is_said_what_is_missing(tickets, minutes, days, why):
    for key in ("load", "time_until_full"):
        found = total(
            key,
            tickets=solved(tickets),
            time=entries(4 if minutes else 0, minutes),
            working_days=days_worked(*days, first=10),
        )
        assert (found["value"], found["why"]) == (None, why)


def test_kpi_21_hours_worked_for_hours_estimated_and_how_many_came_near():
    usual = {"estimate": 0, "resolved_at": DAY, "estimated": 480, "worked": 570,
             **{name: OF_BOTH[name] for name in ("organization", "organization_name", "service",
                "service_name", "team", "team_name", "priority", "kind")}}  # fmt: skip
    found = given.frame_of(usual, [{}, {"estimated": 60, "worked": 120}])
    assert total("estimate_accuracy", estimates=found)["value"] == pytest.approx(690 / 540)
    near = total("estimates_near", estimates=found)
    assert (near["yes"], near["n"]) == (1, 2)


def test_kpi_7_of_400_resolved_18_reopened_in_22_events_are_4_5_percent():
    row = {"received_at": DAY, "resolved_at": DAY + timedelta(days=1)}
    counts = [2] * 4 + [1] * 14 + [0] * 382

    found = total("reopened", tickets=given.tickets(*({**row, "reopen_count": n} for n in counts)))

    assert (sum(counts), found["yes"], found["n"], found["value"]) == (22, 18, 400, 0.045)


def test_kpi_5_the_time_a_courtesy_reopening_found_nothing_to_do_does_not_count_either():
    """Solved after an hour, opened again two hours later out of courtesy, solved within the next
    hour: two hours of work, and none of the count."""
    hour = timedelta(hours=1)
    row = {"received_at": DAY, "first_resolved_at": DAY + hour, "resolved_at": DAY + 4 * hour}
    steps = ((0, "open"), (1, "done"), (3, "open"), (4, "done"))

    frames = {
        "tickets": given.tickets({**row, "reopen_count": 0}),
        "phases": given.phases(*((1, DAY + n * hour, phase) for n, phase in steps)),
    }

    assert total("resolution_mean", **frames)["value"] == 2 * 3600
    assert total("reopened", **frames)["value"] == 0


def test_kpi_11_168_of_190_are_88_4_percent_between_83_1_and_92_2():
    scores = [4, 5] * 84 + [1, 2, 3, 1] * 5 + [3, 3]
    ratings = given.frame_of(
        {"rating": 0, "score": 5, "rated_at": DAY, **OF_BOTH},
        [{"rating": number, "score": score} for number, score in enumerate(scores, 1)],
    )

    found = total("csat", ratings=ratings)

    assert (found["yes"], found["n"]) == (168, 190)
    assert [round(100 * found[name], 1) for name in ("value", "low", "high")] == [88.4, 83.1, 92.2]


def test_kpi_11_190_answers_to_1000_surveys_are_19_percent():
    rows = [{"answered": number < 190} for number in range(1000)]
    surveys = given.frame_of({"asked_at": DAY, "answered": False, **OF_BOTH}, rows)

    assert total("survey_answers", surveys=surveys)["value"] == 0.19


def test_kpi_12_120_50_and_30_of_200_are_45():
    score = [10] * 120 + [7] * 50 + [3] * 30
    rows = pd.DataFrame({"record": range(200), "score": score})
    rows = rows.assign(yes=rows["score"] >= 9, no=rows["score"] <= 6)
    nps = Indicator("nps", "KPI-12", lambda *_: rows, Statistic.BALANCE, Unit.NUMBER)

    assert figures(rows, nps)["value"].tolist() == [45]


def recommendations(*answers, asked=True):
    """A rating for each answer to whether people recommend the desk, 0 to 10; None: not said."""
    usual = {"rating": 0, "recommendation": None, "recommendation_asked": asked, "rated_at": DAY,
             **OF_BOTH}  # fmt: skip
    rows = [{"rating": n, "recommendation": said} for n, said in enumerate(answers, 1)]
    return given.frame_of(usual, rows).astype({"recommendation": "Int64"})


def test_kpi_12_of_the_answers_to_surveys_too_and_who_did_not_say_is_not_counted():
    answers = [9, 10] * 60 + [7, 8] * 25 + [0, 6, 3] * 10 + [None] * 40
    found = total("nps", ratings=recommendations(*answers))
    assert (found["n"], found["yes"], found["value"]) == (200, 120, 45)


@pytest.mark.parametrize(("answer", "score"), [(10, 100), (9, 100), (8, 0), (7, 0), (6, -100)])
def test_kpi_12_lies_between_100_and_minus_100(answer, score):
    assert total("nps", ratings=recommendations(*[answer] * 5))["value"] == score


def test_kpi_12_of_fewer_than_five_people_is_not_told():
    found = total("nps", ratings=recommendations(10, 10, 10, 10))
    assert (found["n"], found["value"]) == (None, None)


def test_kpi_12_where_nobody_was_asked_says_so():
    ratings = recommendations(None, None, asked=False)
    assert total("nps", ratings=ratings) == {"n": 0, "value": None, "yes": 0, "why": "question"}


@pytest.mark.parametrize(
    ("key", "frames", "why"),
    [
        ("nps", {"ratings": recommendations(None, asked=False)}, "question"),
        ("utilisation", {"time": entries(3, 12), "working_days": days_worked()}, "hours"),
    ],
)
def test_what_nobody_knows_is_unknown_of_each_team_too(key, frames, why):
    assert total(key, teams=frozenset({1}), **frames)["why"] == why


def test_kpi_12_where_nobody_answered_there_is_nothing_to_count():
    found = total("nps", ratings=recommendations(None, None))
    assert (found["n"], found["value"], found["why"]) == (0, None, "nothing")


def test_kpi_15_4000_who_looked_for_800_who_asked_are_5():
    people = {"organization": 1, "organization_name": "Acme"}
    consulted = {"consultation": 0, "user": 0, "started_at": DAY, "opened_at": DAY,
                 "solved_at": None, "sent_at": None, "came_back_at": None, **people}  # fmt: skip
    # Many come twice, and some say what they think of an article as well.
    frames = {
        "consultations": given.frame_of(consulted, [{"user": n % 3000} for n in range(4500)]),
        "feedback": given.frame_of(
            {"user": 0, "at": DAY, **people}, [{"user": n} for n in range(2500, 4000)]
        ),
        "tickets": given.tickets(
            *({"received_at": DAY, "requester": n % 800} for n in range(1000))
        ),
    }

    assert total("self_service_ratio", **frames)["value"] == 5.0


def test_kpi_16_34_of_40_changes_went_well():
    outcomes = ["successful"] * 34 + ["successful_with_issues"] * 3 + ["failed"] * 2
    rows = [{"outcome": outcome} for outcome in [*outcomes, "backed_out"]]
    rows += [{"status": "cancelled", "outcome": ""}] * 5

    assert total("change_success", changes=changes(*rows)) == {"n": 40, "yes": 34, "value": 0.85}


def test_kpi_16_a_change_that_caused_an_incident_did_not_go_well():
    found = total("change_success", changes=changes({"caused_incident": True}, {}))
    assert (found["yes"], found["n"]) == (1, 2)


def test_kpi_16_5_of_40_were_emergencies():
    rows = [{"type": "emergency"}] * 5 + [{"type": "standard"}] * 20 + [{}] * 15
    assert total("emergency_changes", changes=changes(*rows))["value"] == 0.125


FEW, TEN = (10, 20, 30, 40), (12, 15, 18, 20, 22, 25, 30, 45, 60, 240)


@pytest.mark.parametrize(
    ("values", "percent", "interpolated", "observed"),
    [
        (FEW, 50, 25, 20), (FEW, 90, 37.0, 40), (TEN, 50, 23.5, 22), (TEN, 90, 78.0, 60),
        (TEN, 95, 159.0, 240),
    ],
)  # fmt: skip
def test_kpi_23_an_observed_percentile_is_another_figure_than_an_interpolated_one(
    values, percent, interpolated, observed
):
    found = pd.Series(values, dtype="float64")
    assert found.quantile(percent / 100) == pytest.approx(interpolated)
    assert observed_percentile(found, percent) == observed


@pytest.mark.parametrize(
    ("values", "statistic", "value"),
    [
        # P90 of so few is not told by an indicator, so that of ten cases is tried below.
        ((10, 20, 30, 40), Statistic.MEDIAN, 25),
        ((12, 15, 18, 20, 22, 25, 30, 45, 60, 240), Statistic.MEAN, 48.7),
        ((12, 15, 18, 20, 22, 25, 30, 45, 60, 240), Statistic.MEDIAN, 23.5),
        ((12, 15, 18, 20, 22, 25, 30, 45, 60, 240), Statistic.P90, 78.0),
        ((10, 20, 30, 40), Statistic.P90, None),
        ((12, 15, 18, 20, 22, 25, 30, 45, 60, 240), Statistic.P95, None),
    ],
)
def test_kpi_23_percentiles_interpolate_and_need_enough_cases(values, statistic, value):
    rows = pd.DataFrame({"record": range(len(values)), "value": [float(one) for one in values]})
    indicator = Indicator("x", "KPI-23", lambda *_: rows, statistic, Unit.NUMBER)

    found = figures(rows, indicator)["value"].tolist()[0]

    assert pd.isna(found) if value is None else found == pytest.approx(value)
