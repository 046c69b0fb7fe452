"""How sign-in behaves in this house."""

import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.urls import reverse

from portal.outbox.actions import post


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: people are made by administrators, imports or the mail they write.

    Mail about an account goes through the outbox like all other mail, and its links name the
    configured address of the site, never the host that the request claimed to ask.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def format_email_subject(self, subject: str) -> str:
        return f"{settings.WAGTAIL_SITE_NAME}: {subject}"

    def get_reset_password_from_key_url(self, key: str) -> str:
        person, _dash, secret = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": person, "key": secret})
        return f"{settings.SITE_URL}{path}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Writes the mail to the outbox; each request for a mail is a mail of its own."""
        mail = self.render_mail(
            template_prefix, email, context | {"site_name": settings.WAGTAIL_SITE_NAME}
        )
        html = ""
        if isinstance(mail, EmailMultiAlternatives) and mail.alternatives:
            html = str(mail.alternatives[0].content)
        post(
            key=f"{template_prefix}:{uuid.uuid4()}",
            to=email,
            subject=str(mail.subject),
            text=str(mail.body),
            html=html,
            headers={"Auto-Submitted": "auto-generated"},
        )

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("people:settings")
