"""The page of one problem."""

from django.utils import timezone

from itil.desk import permissions as desk
from itil.desk.actions.changing import claimed_by_another
from itil.problems import permissions
from itil.problems.lifecycle import LIFECYCLE, Status
from itil.problems.matching.incidents import offered_for_resolution
from itil.problems.models import Branch
from itil.problems.timeline import SHOWN, linked_to, reach_of
from itil.tasks.models import Task
from portal.ui.pages import DetailPage

from .records import ProblemRecord

PATH = (
    Status.NEW,
    Status.ASSESSMENT,
    Status.ROOT_CAUSE_ANALYSIS,
    Status.FIX_IN_PROGRESS,
    Status.RESOLVED,
    Status.CLOSED,
)


class ProblemPage(ProblemRecord, DetailPage):
    template_name = "itil/problems/problem.html"

    def get_context_data(self, **kwargs):
        problem, user = self.record, self.request.user
        incidents = linked_to(problem, user)
        manages = permissions.may_manage(user, problem)
        may_analyse = permissions.may_analyse(user, problem)
        causes = list(problem.causes.all())
        reach = reach_of(problem)
        return super().get_context_data(
            ticket=problem,
            # A manager reads no texts (`c5`).
            reads=desk.may_read_notes(user, problem),
            path=self.path(),
            reach=reach,
            workarounds=list(problem.workarounds.select_related("written_by")),
            incidents=incidents if "all" in self.request.GET else incidents[:SHOWN],
            hidden_count=len(incidents) - SHOWN,
            closed_to_them=max(0, reach.incidents - len(incidents)),
            whys=list(problem.whys.all()),
            branches=[
                (branch.label, [one for one in causes if one.branch == branch])
                for branch in Branch
                if any(one.branch == branch for one in causes)
            ],
            tasks=Task.objects.of(problem).visible_to(user),
            offered=offered_for_resolution(problem, user),
            moves=[
                move
                for move in LIFECYCLE.moves_from(problem.status)
                if move.label and desk.may_move(user, problem, move)
            ],
            may_analyse=may_analyse and problem.closed_at is None,
            may_review=may_analyse and problem.status in (Status.RESOLVED, Status.CLOSED),
            may_declare=manages and problem.may_be_known_error and not problem.is_known_error,
            may_publish=manages and problem.closed_at is None,
            may_reply=desk.works_on(user, problem) and problem.is_open,
            is_held=claimed_by_another(problem, user, timezone.now()),
            may_assign=desk.may_assign(user, problem) and problem.is_open,
            **kwargs,
        )

    def path(self):
        """The statuses on the way, each with whether it is passed, present or to come."""
        status = self.record.status
        if status == Status.CANCELLED:
            return []
        present = PATH.index(status)
        return [
            (step.label, "now" if place == present else "done" if place < present else "")
            for place, step in enumerate(PATH)
        ]
