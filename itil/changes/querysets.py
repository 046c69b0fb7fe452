"""Named reads of changes, boards and templates; `visible_to` says who may see a row (`VIS-1`)."""

from datetime import UTC, datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When

from itil.conversation.querysets import notes_read_by
from itil.tickets.querysets import TicketQuerySet
from portal.people.models import Organization

from .lifecycle import ENDED, UPCOMING, Outcome, Status

# What was done, or called off, is still told for so long.
TOLD_AFTERWARDS = timedelta(days=1)


def takes_part(user: Any) -> bool:
    """Plans changes or answers for them by duty: agents, leads, problem and change managers, and
    administrators (domain section 8). No query but the person's grants.
    """
    if not user.is_authenticated or not user.is_active:
        return False
    grants = user.grants
    manages = grants.is_problem_manager or grants.is_change_manager
    return bool(grants.is_agent or manages or grants.is_administrator)


def reads_windows(user: Any) -> bool:
    """Sees when changes may run: who takes part in them, and the members of boards (domain
    section 8). One query for people without such a duty.
    """
    if takes_part(user):
        return True
    return bool(user.is_authenticated and user.is_active and user.board_seats.exists())


def by_risk(column: str) -> Case:
    """An order in which the riskiest come first."""
    ranks = {"high": 0, "medium": 1, "low": 2}
    return Case(
        *(When(**{column: risk}, then=rank) for risk, rank in ranks.items()),
        default=3,
        output_field=models.IntegerField(),
    )


class AgendaQuerySet(models.QuerySet[Any]):
    def of(self, meeting: Any, user: Any) -> Self:
        """The lines of its agenda that `user` may read, the riskiest change first (`VIS-1`); all of
        them for None, the system.
        """
        found = self.filter(meeting=meeting).select_related(
            "change__assignee", "change__service", "meeting"
        )
        if user is not None:
            changes = self.model._meta.get_field("change").related_model.objects
            found = found.filter(change__in=changes.readable_by(user).values("pk"))
        return found.order_by(by_risk("change__risk"), "change__planned_start", "pk")


class ChangeQuerySet(TicketQuerySet):
    def upcoming(self) -> Self:
        """Those that conflict detection compares (`CHG-3`)."""
        return self.filter(status__in=UPCOMING)

    def overlapping(self, start: datetime, end: datetime) -> Self:
        """Planned in part within `[start, end)`; contiguous ones are not."""
        return self.filter(planned_start__lt=end, planned_end__gt=start)

    def readable_by(self, user: Any) -> Self:
        """Those that `user` may read with their plans: the visible ones of which one reads internal
        texts or which one carries out, and for a member of a board those on its agenda or before
        it for a decision (`c3`).
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        found = self._of_boards(user)
        if user.grants.is_staff:
            by_hand = self.model.implementers.through.objects.filter(user=user).values("change")
            seen = self.model.objects.visible_to(user)
            seen = seen.filter(notes_read_by(user) | Q(pk__in=by_hand))
            found |= Q(pk__in=seen.order_by().values("pk"))
        return self.filter(found)

    def before_boards_of(self, user: Any) -> Self:
        """Those on an agenda of a board that `user` sits on, or before it for a decision (`c3`);
        none that are confidential.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(self._of_boards(user))

    def _of_boards(self, user: Any) -> Q:
        agendas = self.model._meta.get_field("agenda_items").related_model.objects
        on_agenda = agendas.filter(meeting__board__members__user=user).values("change")
        boards = self.model._meta.get_field("board").related_model.objects.of_member(user)
        asked = Q(board__in=boards.order_by().values("pk"), asked_at__isnull=False)
        return (Q(pk__in=on_agenda) | asked) & Q(is_confidential=False)

    def waiting_for(self, board: Any) -> Self:
        """Those that `board` is asked to decide, the riskiest first."""
        asked = self.filter(board=board, status=Status.AUTHORIZATION)
        return asked.order_by(by_risk("risk"), "planned_start", "pk")

    def unfinished(self) -> Self:
        return self.exclude(status__in=ENDED)

    def went_wrong(self) -> Self:
        """Carried out with a result that was not wanted (`CHG-7`)."""
        return self.filter(outcome__in=(Outcome.FAILED, Outcome.BACKED_OUT))

    def out_of_order(self) -> Self:
        """Without authorization, or with one that came afterwards."""
        return self.filter(Q(is_unauthorised=True) | Q(is_retrospective=True))

    def to_confirm(self, now: datetime) -> Self:
        """Begun on a spoken authorization that nobody confirmed by `now`."""
        return self.filter(
            is_retrospective=True,
            confirmed_at__isnull=True,
            is_unauthorised=False,
            confirm_by__lte=now,
        )


class BoardQuerySet(models.QuerySet[Any]):
    def active(self) -> Self:
        return self.filter(active=True)

    def for_change(self, change: Any) -> Any:
        """The board that decides `change`, by the narrowest rule that fits; None: there is none.

        Emergencies go to emergency boards, the others to the others (`ECAB`).
        """
        kind = "ecab" if change.change_type == "emergency" else "cab"
        services = {change.service_id, *change.affected_services.values_list("pk", flat=True)}
        fitting = []
        for board in self.active().filter(kind=kind).prefetch_related("rules"):
            for rule in board.rules.all():
                fits = (
                    rule.change_type in ("", change.change_type)
                    and rule.risk in ("", change.risk)
                    and (rule.service_id is None or rule.service_id in services)
                )
                if fits:
                    said = (rule.service_id is not None, bool(rule.risk), bool(rule.change_type))
                    fitting.append((said, -board.pk, board))
        return max(fitting, key=lambda one: one[:2])[2] if fitting else None

    def of_member(self, user: Any) -> Self:
        """The boards that `user` sits on."""
        return self.active().filter(members__user=user)

    def visible_to(self, user: Any) -> Self:
        """Who takes part in changes sees every board, other members the own ones (`c3`)."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.all() if takes_part(user) else self.of_member(user)


class TemplateQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Who takes part in changes sees all templates, another member of a board those that the
        own board approves.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if takes_part(user):
            return self.all()
        return self.filter(board__active=True, board__members__user=user)


class WindowQuerySet(models.QuerySet[Any]):
    """Freezes or maintenance windows."""

    def active(self) -> Self:
        return self.filter(active=True)

    def in_play(self, start: datetime, end: datetime) -> Self:
        """Active ones that may have an occurrence in `[start, end)`, whatever their zone."""
        low = start.astimezone(UTC).date() - timedelta(days=1)
        high = end.astimezone(UTC).date() + timedelta(days=1)
        once = Q(rule="", ends_on__gte=low)
        # How long an occurrence is makes no difference to what is read, only to what comes of it.
        again = ~Q(rule="") & (Q(until__isnull=True) | Q(until__gte=low - timedelta(days=366)))
        return self.active().filter(once | again, begins_on__lte=high)

    def visible_to(self, user: Any) -> Self:
        """Who takes part in changes, and the members of boards, see when changes may run."""
        return self.all() if reads_windows(user) else self.none()


class ConflictQuerySet(models.QuerySet[Any]):
    def present(self) -> Self:
        """Those that stand."""
        return self.filter(gone_at__isnull=True)

    def blocking(self) -> Self:
        return self.present().filter(severity="block")

    def unaccepted(self) -> Self:
        """Warnings that no change manager has accepted."""
        return self.present().filter(severity="warn", acknowledged_at__isnull=True)

    def with_names(self) -> Self:
        """With what is said about them."""
        return self.select_related(
            "change", "other", "item", "other_item", "person", "freeze", "acknowledged_by"
        )

    def told_to(self, user: Any) -> Self:
        """With what is said about them to `user`; `hides_other` marks those with a change that is
        hidden from this person (`VIS-1`).
        """
        changes = self.model._meta.get_field("other").related_model.objects
        seen = Exists(changes.readable_by(user).filter(pk=OuterRef("other")))
        return self.with_names().annotate(
            hides_other=Case(
                When(Q(other__isnull=False) & ~seen, then=True),
                default=False,
                output_field=models.BooleanField(),
            )
        )


class AnnouncementQuerySet(models.QuerySet[Any]):
    def announced_to(self, user: Any, now: datetime) -> Self:
        """What `user` is told at `now`: work that is planned, goes on or was just done, or was
        called off, on services that the own people use (`CHG-8`).

        Everybody of the provider and its departments hears of all; customers hear of services
        that one of them has reported about or ordered from.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        recent = self.filter(withdrawn_at__isnull=True, ends_at__gt=now - TOLD_AFTERWARDS)
        ours = Organization.objects.filter(
            pk=user.organization_id,
            kind__in=(Organization.Kind.PROVIDER, Organization.Kind.DEPARTMENT),
        )
        used = self.model._meta.get_field("services").related_model.objects.filter(
            tickets__organization=user.organization_id
        )
        concerned = Exists(ours) | Q(services__in=used.order_by().values("pk"))
        return recent.filter(concerned).distinct()
