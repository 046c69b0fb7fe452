"""The page of one task."""

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.functional import cached_property

from itil.tasks import permissions
from itil.tasks.forms import FinishForm
from itil.tasks.lifecycle import LIFECYCLE, Status
from itil.tasks.models import Task
from itil.tasks.timeline import history
from itil.tickets.models import Ticket
from portal.ui.pages import DetailPage

from .inbox import DUTIES


class TaskRecord:
    """Finds the task of the URL, with what its page shows of it, in one query."""

    model = Task
    lookup = "number"
    duties = DUTIES

    def get_queryset(self):
        return Task.objects.visible_to(self.request.user).select_related(
            "ticket__requester__location",
            "ticket__requested_for__location",
            "ticket__organization",
            "team",
            "assignee",
            "replaces",
        )


class TaskPage(TaskRecord, DetailPage):
    template_name = "itil/tasks/task.html"

    @cached_property
    def now(self):
        return timezone.now()

    @cached_property
    def stands_in(self):
        """Whether this person works on it in the place of whoever has it."""
        return permissions.stands_in(self.request.user, self.record, self.now)

    def get_context_data(self, **kwargs):
        task, user = self.record, self.request.user
        may_work = permissions.may_work(user, task, self.now)
        kwargs.setdefault("finish_form", FinishForm(task=task))
        replacement = Task.objects.filter(replaces=task).first()
        return super().get_context_data(
            task=task,
            now=self.now,
            shows_ticket=self.shows_ticket(),
            before=self.in_order(task.predecessors),
            after=self.in_order(task.successors),
            replacement=replacement,
            files=task.files.all(),
            history=history(task),
            moves=self.moves(),
            may_work=may_work,
            may_tick=may_work and task.status == Status.IN_PROGRESS,
            may_take=may_work
            and task.is_live
            and task.assignee_id != user.pk
            and not self.stands_in,
            stands_in=self.stands_in,
            may_assign=permissions.may_assign(user, task, self.now) and task.is_live,
            may_plan=permissions.may_plan(user, task.ticket) and task.ticket.is_open,
            may_finish=may_work and task.status == Status.IN_PROGRESS,
            **kwargs,
        )

    def shows_ticket(self):
        """Whether this person may see the ticket that the task belongs to (`VIS-1`)."""
        visible = Ticket.objects.visible_to(self.request.user)
        return visible.filter(pk=self.record.ticket_id).exists()

    def in_order(self, tasks):
        """Others of the same ticket; `is_shown` says whether this person may read their titles."""
        visible = Task.objects.visible_to(self.request.user).filter(pk=OuterRef("pk"))
        return tasks.annotate(is_shown=Exists(visible)).order_by("position", "pk")

    def moves(self):
        """The steps this person may take from here, as buttons; the last one has its own form."""
        task, user = self.record, self.request.user
        return [
            move
            for move in LIFECYCLE.moves_from(task.status)
            if move.label
            and move.verb != "finish"
            and permissions.may_move(user, task, move, self.now)
            and (move.verb not in ("start", "unblock") or not task.is_held)
        ]
