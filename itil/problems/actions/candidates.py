"""Candidates for problems: found by a job, decided by a person."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.desk.actions.changing import ensure
from itil.problems import permissions
from itil.problems.matching.candidates import records
from itil.problems.matter import Cluster, clusters
from itil.problems.models import CandidateMember, Problem, ProblemCandidate
from itil.tickets.errors import MissingValue, StaleRecord
from itil.tickets.models import Ticket
from portal.people.models import Team, User

from .opening import open_problem

State = ProblemCandidate.State
# So many are kept of one run; who has decided these looks at the next.
KEPT = 50


def find_candidates(at: datetime) -> int:
    """Look for clusters among the incidents of the last days; returns how many are kept.

    What is found again keeps its row; what was dismissed stays dismissed; of what became a
    problem, incidents that came after it are a candidate again.
    """
    since = at - timedelta(days=settings.PROBLEM_CANDIDATE_DAYS)
    found = {_key(cluster): cluster for cluster in clusters(records(since, at))[:KEPT]}
    with transaction.atomic():
        known = {
            one.key: one
            for one in ProblemCandidate.objects.select_for_update(of=("self",)).order_by("pk")
        }
        gone = [one.pk for one in known.values() if one.key not in found]
        ProblemCandidate.objects.filter(pk__in=gone, state=State.OPEN).update(state=State.GONE)
        for key, cluster in found.items():
            _keep(known.get(key), key, cluster, at)
    return len(found)


def _key(cluster: Cluster) -> str:
    """The same for the same words about the same service."""
    return hashlib.sha256(f"{cluster.group}|{cluster.words.casefold()}".encode()).hexdigest()


def _keep(known: ProblemCandidate | None, key: str, cluster: Cluster, at: datetime) -> None:
    if known is not None and known.state == State.DISMISSED:
        return
    moments = [record.at for record, _likeness in cluster.members]
    values: dict[str, Any] = {
        "words": cluster.words[:250],
        "service_id": cluster.group or None,
        "item_id": cluster.item,
        "score": cluster.score,
        "why": {
            "cohesion": round(cluster.cohesion, 3),
            "week": cluster.week,
            "week_at": cluster.week_at.isoformat() if cluster.week_at else "",
            "expected": round(cluster.expected, 1),
        },
        "size": cluster.size,
        "first_at": min(moments),
        "last_at": max(moments),
        "found_at": at,
        "state": State.OPEN,
    }
    row, _made = ProblemCandidate.objects.update_or_create(key=key, defaults=values)
    CandidateMember.objects.filter(candidate=row).delete()
    CandidateMember.objects.bulk_create(
        CandidateMember(candidate=row, incident_id=record.key, likeness=round(likeness, 3))
        for record, likeness in cluster.members
    )


@transaction.atomic
def open_from(
    candidate: ProblemCandidate,
    *,
    by: User,
    title: str,
    symptoms: str = "",
    team: Team | None = None,
    at: datetime | None = None,
) -> Problem:
    """Open a problem from a candidate and link its incidents, those that `by` may see.

    Raises NotAllowed, MissingValue, and StaleRecord when somebody decided it before.
    """
    at = at or timezone.now()
    present = _undecided(candidate, by=by)
    members = Ticket.objects.filter(pk__in=present.members.values("incident"))
    incidents = permissions.linkable_by(by).filter(pk__in=members.values("pk"))
    problem = open_problem(
        by=by,
        title=title,
        symptoms=symptoms,
        service=present.service,
        team=team,
        incidents=incidents,
        at=at,
    )
    _decide(present, State.TAKEN, by=by, at=at, problem=problem)
    return problem


@transaction.atomic
def dismiss(
    candidate: ProblemCandidate, *, by: User, reason: str, at: datetime | None = None
) -> ProblemCandidate:
    """There is no problem behind it; it is not proposed again.

    Raises NotAllowed, MissingValue without a reason, StaleRecord when it was decided before.
    """
    present = _undecided(candidate, by=by)
    if not reason.strip():
        raise MissingValue("reason", _("Say why it is no problem."))
    _decide(present, State.DISMISSED, by=by, at=at or timezone.now(), reason=reason.strip()[:500])
    return present


def _undecided(candidate: ProblemCandidate, *, by: User) -> ProblemCandidate:
    ensure(permissions.may_decide(by), _("Ask an agent or a problem manager to decide on it."))
    row: ProblemCandidate = ProblemCandidate.objects.select_for_update(of=("self",)).get(
        pk=candidate.pk
    )
    if row.state != State.OPEN:
        raise StaleRecord(_("This candidate was decided before, or is found no more."))
    return row


def _decide(row: ProblemCandidate, state: str, *, by: User, at: datetime, **values: Any) -> None:
    values |= {"state": state, "decided_by": by, "decided_at": at}
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
