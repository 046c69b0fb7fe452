"""Probabilities learned from made-up promises of which the truth is known."""

import numpy as np
import pytest

from reports.metrics.breach import Cases, asked, checked, learned


def made_up(n, seed=3):
    """Promises that take a random part of their target, longer ones for urgent priorities."""
    chance = np.random.default_rng(seed)
    priority = chance.integers(1, 6, n)
    used = chance.exponential(0.9 - 0.12 * priority)
    return Cases(used, used > 1, priority, chance.integers(1, 4, n))


def test_a_promise_is_asked_at_each_mark_it_reached():
    one = Cases(np.array([0.6]), np.array([False]), np.array([3]), np.array([1]))
    assert asked(one).used.tolist() == [0.0, 0.25, 0.5]


def test_what_is_said_is_what_happens_and_beats_the_plain_share():
    found = checked(made_up(4000))
    assert found["useful"]
    assert found["score"] < 0.9 * found["plain_score"]
    for group in found["bins"]:
        if group["n"] >= 100:
            assert group["said"] == pytest.approx(group["happened"], abs=0.08)
    assert sum(group["n"] for group in found["bins"]) == found["asked"]


def test_more_used_up_and_more_urgent_is_more_likely_missed():
    model = learned(made_up(2000))
    later = Cases(np.array([0.0, 0.5, 0.9]), np.zeros(3, bool), np.full(3, 3), np.full(3, 1))
    urgent = Cases(np.array([0.5, 0.5]), np.zeros(2, bool), np.array([5, 1]), np.full(2, 1))
    assert (np.diff(model.probability(later)) > 0).all()
    assert (np.diff(model.probability(urgent)) > 0).all()


@pytest.mark.parametrize("few", [made_up(99), made_up(500).where(made_up(500).used < 1)])
def test_too_few_promises_or_only_kept_ones_tell_nothing(few):
    assert not checked(few)["enough"]


def test_chance_alone_is_not_called_useful():
    chance = np.random.default_rng(5)
    missed = chance.random(400) < 0.4
    # All run as long, and nothing known has to do with how they end.
    cases = Cases(np.full(400, 1.5), missed, chance.integers(1, 6, 400), chance.integers(1, 4, 400))
    found = checked(cases)
    assert found["enough"]
    assert found["score"] == pytest.approx(found["plain_score"], abs=0.01)
