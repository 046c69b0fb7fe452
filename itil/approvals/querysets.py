"""Named reads of approvals; who may see one is decided here and nowhere else (`VIS-1`)."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q

from portal.people.models import Delegation


class ProcessQuerySet(models.QuerySet[Any]):
    def of(self, ticket: Any) -> Self:
        """The runs of a ticket, the latest first."""
        return self.filter(ticket_id=ticket.pk).order_by("-version")

    def running(self) -> Self:
        return self.filter(state="running")


class VoteQuerySet(models.QuerySet[Any]):
    def live(self) -> Self:
        """Votes that count: waiting or given."""
        return self.exclude(state="void")

    def waiting(self) -> Self:
        """Votes that somebody is asked for right now."""
        return self.filter(
            state="waiting",
            step__state="running",
            step__process__state="running",
            step__process__suspended_at__isnull=True,
        )

    def with_matter(self) -> Self:
        """Each with all that its page says: whose matter it is, and who is asked."""
        return self.select_related(
            "voter", "acted_by", "step__process__ticket__requester__organization"
        )

    def given(self) -> Self:
        return self.filter(state__in=("approved", "rejected", "abstained"))

    def undoable_by(self, user: Any) -> Self:
        """What `user` has just decided and may still take back, the latest first."""
        just = self.given().filter(
            step__settles_at__isnull=False, step__state="running", step__process__state="running"
        )
        return just.filter(acted_by=user).order_by("-at", "-pk")

    def visible_to(self, user: Any, at: datetime) -> Self:
        """The votes that `user` is asked for at `at`, in person or as a stand-in, and those that
        `user` gave (`APP-10`). Nobody sees one about the own matter (`APP-4`).
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        delegations = (
            Delegation.objects.in_force(at).of(Delegation.Kind.APPROVALS).filter(delegate=user)
        )
        open_to_stand_in = Q(
            voter__in=delegations.values("delegator"), step__process__ticket__is_confidential=False
        ) | Q(voter__in=delegations.confidential().values("delegator"))
        mine = Q(voter=user) | Q(acted_by=user)
        own_matter = self.model.objects.filter(step__process__barred=user)
        return self.filter(mine | open_to_stand_in).exclude(pk__in=own_matter.values("pk"))

    def asked_of(self, user: Any, at: datetime) -> Self:
        """The votes that wait for `user` at `at`: the waiting ones of `visible_to`, found by their
        voters alone.
        """
        theirs = Delegation.objects.in_force(at).of(Delegation.Kind.APPROVALS).filter(delegate=user)
        asked = (
            Q(voter=user)
            | Q(
                voter__in=theirs.values("delegator"),
                step__process__ticket__is_confidential=False,
            )
            | Q(voter__in=theirs.confidential().values("delegator"))
        )
        own_matter = self.model.objects.filter(step__process__barred=user)
        return self.waiting().filter(asked).exclude(pk__in=own_matter.values("pk"))


class QuestionQuerySet(models.QuerySet[Any]):
    def to_answer_by(self, user: Any) -> Self:
        """Questions about what `user` asked for, answered ones included."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        ticket = "vote__step__process__ticket"
        internal = self.model._meta.apps.get_model("tickets", "Ticket").internal_kinds()
        return self.filter(
            Q(**{f"{ticket}__requester": user})
            | Q(**{f"{ticket}__requested_for": user})
            | Q(**{f"{ticket}__assignee": user, f"{ticket}__kind__in": internal})
        )

    def open(self) -> Self:
        """Those whose answer still counts."""
        return self.filter(closed_at__isnull=True, vote__step__state="running")
