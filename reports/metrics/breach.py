"""How likely an open promise is to be missed, by how similar ones ended. NumPy only.

A case is a promise that was decided: met or missed. It is asked at several marks of its target, as
an open one is asked at some part of its target, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from reports.frames.codes import PRIORITIES, SEVERITIES

Numbers = npt.NDArray[np.float64]
Keys = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# Parts of the target used up, at which every case that was still running is asked.
MARKS = (0.0, 0.25, 0.5, 0.75, 0.9)
FEWEST_CASES, FEWEST_OF_EITHER, FEWEST_TESTED = 100, 10, 30
# The older part of the cases, from which the test learns.
LEARNED = 0.7
# Teams with fewer cases are told like all others.
FEWEST_OF_TEAM = 20
# Keeps what is known of few cases near what is known of all.
RIDGE = 1.0
STEPS = 30
BINS = 5


@dataclass(frozen=True)
class Cases:
    """Promises in the order in which they were decided, one entry each. `used` is the part of the
    target used up in the end, or by now; `missed` is of no meaning for open ones."""

    used: Numbers
    missed: Flags
    priority: Keys
    team: Keys

    def __len__(self) -> int:
        return len(self.used)

    def where(self, chosen: Flags | slice) -> "Cases":
        return Cases(
            self.used[chosen], self.missed[chosen], self.priority[chosen], self.team[chosen]
        )


@dataclass(frozen=True)
class Model:
    """A logistic curve over the part used up, the priority, and teams of many cases."""

    weights: Numbers
    teams: Keys

    def probability(self, cases: Cases) -> Numbers:
        """Of each case to be missed, with as much used up as it says."""
        return _curve(_features(cases, self.teams) @ self.weights)


def asked(cases: Cases) -> Cases:
    """Each case once for every mark that it reached while it was running."""
    rows = [np.flatnonzero(cases.used > mark) for mark in MARKS]
    used = np.concatenate([np.full(len(at), mark) for at, mark in zip(rows, MARKS, strict=True)])
    at = np.concatenate(rows)
    return Cases(used, cases.missed[at], cases.priority[at], cases.team[at])


def learned(cases: Cases) -> Model:
    """The curve that fits the cases, by Newton's steps with a small pull to the middle."""
    keys, counts = np.unique(cases.team, return_counts=True)
    teams = keys[counts >= FEWEST_OF_TEAM]
    rows = asked(cases)
    known, happened = _features(rows, teams), rows.missed.astype(np.float64)
    pull = np.full(known.shape[1], RIDGE)
    pull[0] = 1e-6
    weights = np.zeros(known.shape[1])
    for _step in range(STEPS):
        said = _curve(known @ weights)
        slope = known.T @ (happened - said) - pull * weights
        bend = (known * (said * (1 - said))[:, None]).T @ known + np.diag(pull)
        move = np.linalg.solve(bend, slope)
        weights = weights + move
        if float(np.abs(move).max()) < 1e-8:
            break
    return Model(weights, teams)


def checked(cases: Cases) -> dict[str, Any]:
    """How right the probabilities are about promises they have not seen.

    Formula: learned from the older 70 % of the promises, asked about the newer 30 % at 0, 25, 50,
    75 and 90 % of the target as far as they were still open then. The Brier score is the mean of
    (probability − what happened)², less is better; beside it stands that of saying the plain share
    of the older ones every time. Of the groups of like probability the mean of what was said stands
    beside the share that was missed; where both are alike the probabilities can be taken at their
    word.
    Population: promises of a resolution to customers that were met or missed in the period; those
    that were left out are in no group. Known of each: part of the target used up, priority, and the
    team that resolved it.
    Edge cases: below 100 promises, 10 of either outcome or 30 to test nothing is told. When the
    plain share is as good, no ticket is given a probability.
    """
    n, missed = len(cases), int(cases.missed.sum())
    split = int(n * LEARNED)
    older, newer = cases.where(slice(None, split)), cases.where(slice(split, None))
    either = min(missed, n - missed, int(older.missed.sum()))
    told: dict[str, Any] = {"n": n, "missed": missed, "enough": False, "useful": False, "bins": []}
    if n < FEWEST_CASES or either < FEWEST_OF_EITHER or len(newer) < FEWEST_TESTED:
        return told
    rows = asked(newer)
    said = learned(older).probability(rows)
    happened = rows.missed.astype(np.float64)
    plain = float(asked(older).missed.mean())
    score = float(((said - happened) ** 2).mean())
    base = float(((plain - happened) ** 2).mean())
    return told | {
        "enough": True,
        "useful": score < base,
        "tested": len(newer),
        "asked": len(rows),
        "score": score,
        "plain_score": base,
        "bins": _bins(said, happened),
    }


def _bins(said: Numbers, happened: Numbers) -> list[dict[str, Any]]:
    """Groups of like probability, each a fifth of the range; empty ones are left out."""
    place = np.minimum((said * BINS).astype(np.int64), BINS - 1)
    return [
        {
            "low": number / BINS,
            "high": (number + 1) / BINS,
            "n": int((place == number).sum()),
            "said": float(said[place == number].mean()),
            "happened": float(happened[place == number].mean()),
        }
        for number in range(BINS)
        if (place == number).any()
    ]


def _features(cases: Cases, teams: Sequence[int] | Keys) -> Numbers:
    used = np.minimum(cases.used, 1.0)
    columns = [np.ones(len(cases)), used, used**2]
    columns += [(cases.priority == one).astype(np.float64) for one in (*PRIORITIES, *SEVERITIES)]
    columns += [(cases.team == one).astype(np.float64) for one in teams]
    return np.column_stack(columns)


def _curve(values: Numbers) -> Numbers:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -30, 30))), dtype=np.float64)
