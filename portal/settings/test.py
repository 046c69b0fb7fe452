"""The test suite: SQLite unless DATABASE_URL names another server; tasks run at once."""

import os
import tempfile
from pathlib import Path

from .base import *  # noqa: F403
from .base import DATABASES, STORAGES

SECRET_KEY = "tests-only-0123456789-0123456789-0123456789-0123456789"  # noqa: S105
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# A decision counts at once; the stories of taking one back say how long they wait.
APPROVAL_UNDO_SECONDS = 0
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="balie-test-media-"))
FACTS_DIR = Path(os.environ.get("FACTS_DIR") or tempfile.mkdtemp(prefix="balie-test-facts-"))
DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # Tests kill workers, never the server: what it was told need not be on the disk at once.
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"
# Engineers who share a checkout keep their test databases apart.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3" and os.environ.get(
    "BALIE_TEST_DB"
):
    DATABASES["default"]["TEST"] = {
        "NAME": str(Path(tempfile.gettempdir()) / f"balie-{os.environ['BALIE_TEST_DB']}.sqlite3")
    }
# Nothing is collected for tests; WhiteNoise wants a folder that is there.
STATIC_ROOT = Path(tempfile.mkdtemp(prefix="balie-test-static-"))
