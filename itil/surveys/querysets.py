"""Named reads of surveys and ratings."""

import uuid
from datetime import timedelta
from typing import Any, Self

from django.core import signing
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from itil.tickets.models import Ticket
from portal.outbox.models import OutgoingMail

LINK_SALT = "itil.surveys"
# Mail systems try for so long before they send a mail back.
BOUNCES_WITHIN = timedelta(days=5)
RATED = ("score", "comment", "praised", "recommendation")


class SurveyQuerySet(models.QuerySet):
    def of_token(self, token: str) -> Self:
        """The survey that `token` was made for; none when we did not make it.

        Tokens made with a secret of SECRET_KEY_FALLBACKS still count.
        """
        try:
            name = signing.Signer(salt=LINK_SALT, sep=".").unsign(token)
        except signing.BadSignature:
            return self.none()
        return self.filter(uuid=uuid.UUID(name))

    def delivered(self) -> Self:
        """Those whose mail arrived: neither given up nor followed by a bounce (`KPI-11`).

        Whoever answered was reached.
        """
        given_up = OutgoingMail.objects.given_up().filter(key=OuterRef("mail_key"))
        bounced = Q(
            person__mail_undeliverable_at__gte=F("asked_at"),
            person__mail_undeliverable_at__lt=F("asked_at") + BOUNCES_WITHIN,
        )
        return self.filter(Q(answered_at__isnull=False) | (~Exists(given_up) & ~bounced))


class RatingQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The ratings of the tickets that `user` may open."""
        tickets = Ticket.objects.visible_to(user)
        return self.filter(ticket__in=tickets.order_by().values("pk"))


def with_rating(tickets: models.QuerySet[Ticket]) -> models.QuerySet[Ticket]:
    """Adds `rated_score` and the like, of each of `RATED`: the rating of each; None without."""
    ratings = tickets.model._meta.get_field("rating").related_model.objects
    own = ratings.filter(ticket=OuterRef("pk"))
    return tickets.annotate(**{f"rated_{name}": Subquery(own.values(name)[:1]) for name in RATED})
