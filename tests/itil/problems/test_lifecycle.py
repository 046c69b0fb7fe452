"""The table of the problem's life (domain 2.4): every status, every verb, every actor."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from itil.desk import actions as desk
from itil.problems import actions
from itil.problems.lifecycle import LIFECYCLE, Status
from itil.problems.models import Problem
from itil.tickets.errors import Refused
from tests.cast import MONDAY

from .world import manager, problem, problem_in, state_of, values_of

MANAGER, OWNER = "problem_manager", "owner"
ROWS = {
    ("new", "assess", "assessment"): {MANAGER},
    ("assessment", "analyse", "root_cause_analysis"): {MANAGER},
    ("assessment", "cancel", "cancelled"): {MANAGER},
    ("root_cause_analysis", "fix", "fix_in_progress"): {OWNER, MANAGER},
    ("root_cause_analysis", "accept_risk", "resolved"): {MANAGER},
    ("fix_in_progress", "fix_failed", "root_cause_analysis"): {OWNER},
    ("fix_in_progress", "resolve", "resolved"): {OWNER, MANAGER},
    ("resolved", "close", "closed"): {MANAGER, "system"},
    ("resolved", "reanalyse", "root_cause_analysis"): {MANAGER},
    ("closed", "reanalyse", "root_cause_analysis"): {MANAGER},
}


def test_the_table_holds_exactly_the_steps_of_the_domain():
    rows = {
        (str(source), move.verb, str(move.target)): {str(actor) for actor in move.by}
        for move in LIFECYCLE.moves
        for source in move.sources
    }
    assert rows == ROWS
    guards = {guard for move in LIFECYCLE.moves for guard in move.guards}
    assert {name for name in guards if not hasattr(Problem, f"guard_{name}")} == set()


def test_each_actor_may_take_the_steps_of_the_table_and_no_others(cast, client):
    """As a verb and as a page; what is refused changes nothing."""
    worlds = {status: problem_in(cast, status) for status in Status.values}
    # After the verification period, so that the system may close.
    later = MONDAY + timedelta(days=15)
    # Cleo leads the team that holds it, Ned works in another one.
    actors = {
        MANAGER: manager(cast),
        OWNER: cast.bo,
        "lead": cast.cleo,
        "agent": cast.ned,
        "manager": cast.mia,
        "customer": cast.ann,
        "administrator": cast.root,
        "system": None,
    }
    allowed = {(source, verb): who for (source, verb, _target), who in ROWS.items()}
    targets = {(source, verb): target for source, verb, target in ROWS}
    for status, subject in worlds.items():
        for verb in LIFECYCLE.verbs:
            for name, person in actors.items():
                may = name in allowed.get((status, verb), ())
                before = state_of(subject)
                with transaction.atomic():
                    present = Problem.objects.get(pk=subject.pk)
                    try:
                        actions.move(
                            present, verb, by=person, values=values_of(cast, verb), at=later
                        )
                    except Refused:
                        assert not may, (status, verb, name)
                        assert state_of(subject) == before, (status, verb, name)
                    else:
                        assert may, (status, verb, name)
                        assert present.status == targets[status, verb]
                    transaction.set_rollback(True)


def test_pages_refuse_what_the_table_does_not_have(cast, client):
    owner = manager(cast)
    client.force_login(owner)
    for status in Status.values:
        subject = problem_in(cast, status)
        for verb in LIFECYCLE.verbs:
            if LIFECYCLE.find(verb, status):
                continue
            before = state_of(subject)
            url = reverse("problems:move", args=[subject.number, verb])
            answer = client.post(url, {"note": "x", "confirmed": "on", "reason": "x"})
            assert answer.status_code in (409, 422, 303), (status, verb)
            assert state_of(subject) == before, (status, verb)


def test_the_desks_own_page_takes_no_steps_of_problems(cast, client):
    subject = problem(cast)
    client.force_login(manager(cast))

    before = state_of(subject)
    client.post(reverse("desk:move", args=[subject.number, "assess"]))

    assert state_of(subject) == before
    with pytest.raises(Refused, match="on its own page"):
        desk.move(subject, "assess", by=manager(cast))
