"""Who may read which message and file."""

from django.db import models
from django.db.models import Q


class MessageQuerySet(models.QuerySet):
    def public(self):
        return self.filter(visibility="public")

    def visible_to(self, user):
        """The messages `user` may read (domain section 8, notes c4 to c6).

        Requesters, watchers and contacts who see their organization read the public part. Agents
        of the ticket's team (or of no team yet), leads and administrators also read internal
        notes. Managers and billing clerks read no texts unless they take part in person.
        """
        if not user.is_authenticated:
            return self.none()
        person = (
            Q(ticket__requester=user)
            | Q(ticket__requested_for=user)
            | Q(ticket__in=user.watched.values("ticket"))
        )
        if user.sees_organization and user.organization_id:
            person |= Q(ticket__organization=user.organization_id, ticket__is_confidential=False)
        readable = person & Q(visibility="public")
        grants = user.grants
        if grants.is_lead or grants.is_administrator:
            readable |= Q(ticket__is_confidential=False) | Q(ticket__team_id__in=grants.team_ids)
        if grants.is_agent:
            readable |= (
                Q(ticket__team_id__in=grants.team_ids)
                | Q(ticket__team__isnull=True, ticket__is_confidential=False)
                | Q(ticket__assignee=user)
            )
        return self.filter(readable)


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The files of the messages that `user` may read."""
        messages = self.model._meta.get_field("message").related_model
        return self.filter(message__in=messages.objects.visible_to(user))
