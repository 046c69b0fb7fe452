"""Trial and development on one machine: `make demo` and `manage.py` use this."""

import os

from .base import *  # noqa: F403
from .base import SECRET_KEY, VAR_DIR, words

DEBUG = False  # The demo shows the real error pages.
SECRET_KEY = SECRET_KEY or "development-only-never-used-where-others-can-reach-it-0123456789"
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver")
VAR_DIR.mkdir(parents=True, exist_ok=True)

if "EMAIL_HOST" not in os.environ:
    # Nobody answers on the mail port of a trial machine: mail is written to files instead.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
