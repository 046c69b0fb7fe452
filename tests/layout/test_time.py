"""Instants are aware and stored in UTC (`GEN-1`)."""

from datetime import datetime

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone

from tests.layout.tree import PACKAGES


def test_the_server_keeps_utc():
    assert (settings.USE_TZ, settings.TIME_ZONE) == (True, "UTC")


def test_no_field_begins_with_a_naive_instant():
    naive = []
    for model in apps.get_models():
        if model.__module__.partition(".")[0] not in PACKAGES:
            continue
        for field in model._meta.local_fields:
            if isinstance(field, models.DateTimeField) and field.has_default():
                default = field.get_default()
                if isinstance(default, datetime) and timezone.is_naive(default):
                    naive.append(f"{model._meta.label}.{field.name}")
    assert naive == [], "\n".join(naive)
