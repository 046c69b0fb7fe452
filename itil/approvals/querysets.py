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
        return self.filter(state="waiting", step__state="running", step__process__state="running")

    def with_matter(self) -> Self:
        """Each with all that its page says: whose matter it is, and who is asked."""
        return self.select_related(
            "voter", "acted_by", "step__process__ticket__requester__organization"
        )

    def given(self) -> Self:
        return self.filter(state__in=("approved", "rejected", "abstained"))

    def visible_to(self, user: Any, at: datetime) -> Self:
        """The votes that `user` is asked for at `at`, in person or as a stand-in, and those that
        `user` gave (`APP-10`). Nobody sees one about the own matter (`APP-4`).
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        delegations = Delegation.objects.in_force(at).filter(delegate=user)
        open_to_stand_in = Q(
            voter__in=delegations.values("delegator"), step__process__ticket__is_confidential=False
        ) | Q(voter__in=delegations.confidential().values("delegator"))
        mine = Q(voter=user) | Q(acted_by=user)
        own_matter = self.model.objects.filter(step__process__barred=user)
        return self.filter(mine | open_to_stand_in).exclude(pk__in=own_matter.values("pk"))


class QuestionQuerySet(models.QuerySet[Any]):
    def to_answer_by(self, user: Any) -> Self:
        """Questions about what `user` asked for, answered ones included."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        ticket = "vote__step__process__ticket"
        return self.filter(
            Q(**{f"{ticket}__requester": user}) | Q(**{f"{ticket}__requested_for": user})
        )

    def open(self) -> Self:
        """Those whose answer still counts."""
        return self.filter(closed_at__isnull=True, vote__step__state="running")
