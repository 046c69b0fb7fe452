"""The owner is told that a run failed."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from itil.schedules.models import ScheduleRun
from portal.outbox.actions import post
from portal.people.models import User


def tell_failure(run: ScheduleRun) -> None:
    """Put a mail to the owner into the outbox, once for a run; to nobody when the owner is gone or
    cannot be reached, or ran it by hand and reads it on the page.
    """
    owner = run.schedule.owner
    reachable = owner.is_active and owner.email and owner.mail_undeliverable_at is None
    if not reachable or run.by == owner:
        return
    with translation.override(_language_of(owner)), timezone.override(owner.zone):
        words = {"name": run.schedule.title}
        context = {
            "run": run,
            "schedule": run.schedule,
            "reader": owner,
            "url": settings.SITE_URL + run.schedule.get_absolute_url(),
            "site": settings.WAGTAIL_SITE_NAME,
        }
        subject = _("Nothing was opened: %(name)s") % words
        text = render_to_string("mail/schedule_failed.txt", context)
    post(
        key=f"schedule-run:{run.pk}:failed",
        to=owner.email,
        subject=subject,
        text=text.strip() + "\n",
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
    )


def _language_of(person: User) -> str:
    theirs = person.organization.language if person.organization else ""
    return person.language or theirs or settings.LANGUAGE_CODE
