"""What was answered before it was sent, over frames (KPI-15)."""

import pandas as pd

from reports.metrics.deflection import deflected, self_service


def forms(*outcomes) -> pd.DataFrame:
    return pd.DataFrame({"outcome": pd.Series(outcomes, dtype="str")})


def test_solved_and_read_forms_are_counted_of_these_and_the_sent_ones():
    found = deflected(forms("solved", "read", "read", "sent", "came_back", "pending", "pending"))
    assert found == {
        "n": 4, "yes": 3, "share": 0.75,
        "solved": 1, "read": 2, "sent": 1, "came_back": 1, "pending": 2,
    }  # fmt: skip


def test_without_a_form_there_is_nothing_to_count():
    assert deflected(forms())["share"] is None
    assert deflected(forms("pending", "came_back"))["share"] is None


def test_people_who_looked_stand_beside_people_who_asked_each_once():
    helped = pd.DataFrame({"user": [1, 1, 2, 3]})
    received = pd.DataFrame(
        {"requester": [1, 1, 4, 4], "channel": ["portal", "mail", "portal", "portal"]}
    )
    assert self_service(helped, received) == {
        "seekers": 3, "askers": 2, "ratio": 1.5, "n": 4, "yes": 3, "share": 0.75,
    }  # fmt: skip


def test_without_tickets_there_is_no_ratio():
    nobody = pd.DataFrame({"requester": [], "channel": []})
    found = self_service(pd.DataFrame({"user": [1]}), nobody)
    assert (found["ratio"], found["share"], found["seekers"]) == (None, None, 1)
