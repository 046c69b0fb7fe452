"""Settings shared by every installation; each value that a site may want to change is an
environment variable, named in docs/operations.md."""

import os
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(os.environ.get("BALIE_VAR", BASE_DIR / "var"))


def flag(name: str, default: str = "0") -> bool:
    """True when the environment variable `name` says yes."""
    return os.environ.get(name, default).strip().lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """The comma separated words of the environment variable `name`."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


DEBUG = False
SECRET_KEY = os.environ.get("SECRET_KEY", "")
ALLOWED_HOSTS = words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000").rstrip("/")

INSTALLED_APPS = [
    "portal.ui",
    "portal.paper",
    "portal.people",
    "portal.outbox",
    "portal.signin",
    "itil.calendars",
    "itil.fields",
    "itil.services",
    "itil.cmdb",
    "itil.tickets",
    "itil.conversation",
    "itil.sla",
    "itil.approvals",
    "itil.tasks",
    "itil.timesheets",
    "itil.desk",
    "itil.schedules",
    "itil.incidents",
    "itil.problems",
    "itil.changes",
    "itil.releases",
    "itil.surveys",
    "knowledgebase",
    "catalog.offerings",
    "catalog.requests",
    "reports",
    "billing.contracts",
    "billing.invoices",
    "billing.estimates",
    "billing.margins",
    "portal.mailbox",
    "portal.notifications",
    "portal.selfservice",
    "portal.worker",
    "portal.demo",
    "portal.imports",
    "wagtail.embeds",
    "wagtail.sites",
    "portal.people.apps.WagtailPeopleConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.ui.middleware.CompressedTextMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.people.middleware.PersonalSettingsMiddleware",
    "catalog.offerings.middleware.CatalogEditorsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
ASGI_APPLICATION = "portal.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "portal.ui.context.page_frame",
                "portal.selfservice.adapter.waiting",
            ],
        },
    },
]

# --- Data -----------------------------------------------------------------------------------

DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{VAR_DIR / 'balie.sqlite3'}",
        conn_max_age=600,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Several processes write: WAL lets readers go on, IMMEDIATE makes writers wait, not fail.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL", "")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entries"}
}

MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT", VAR_DIR / "media"))
# What reports read instead of history; shared by the machines whose workers compute reports.
FACTS_DIR = Path(os.environ.get("FACTS_DIR", VAR_DIR / "facts"))
# The address of a Dask scheduler, such as tcp://10.0.0.1:8786, whose machines make the rows behind
# figures out of the fact files; empty: this machine does.
DASK_SCHEDULER = os.environ.get("DASK_SCHEDULER", "")
MEDIA_URL = "/media/"
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", BASE_DIR / "build" / "static"))
STATICFILES_DIRS = [BASE_DIR / "build" / "vendor"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- People ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# The address is unique whatever its case, by a constraint that this check does not look for.
# Pages may be framed by our own origin only: Wagtail's preview is such a frame (W019).
SILENCED_SYSTEM_CHECKS = ["auth.W004", "security.W019"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "portal.signin.passwords.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "people:start"
ACCOUNT_ADAPTER = "portal.signin.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
# A stranger whose address somebody typed gets no mail about it.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_FORMS = {
    "login": "portal.signin.forms.LoginForm",
    "reset_password": "portal.signin.forms.ResetPasswordForm",
    "reset_password_from_key": "portal.signin.forms.ResetPasswordKeyForm",
    "change_password": "portal.signin.forms.ChangePasswordForm",
    "set_password": "portal.signin.forms.SetPasswordForm",
}
# How many reverse proxies stand before us: the address of a visitor is read that far back.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXY_COUNT", "0"))
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "reset_password": "20/m/ip,5/m/key"}
# Links to invoices, which need no sign-in: pages and files asked for from one network address.
INVOICE_LINK_RATE = "60/m/ip"

# --- Language and time ------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English")), ("nl", _("Dutch")), ("de", _("German"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
# Percent; of estimates for customers whom no contract covers.
DEFAULT_VAT_RATE = os.environ.get("DEFAULT_VAT_RATE", "21")
# The zone of reports, invoices and of people who have chosen none.
BUSINESS_TIME_ZONE = os.environ.get("BUSINESS_TIME_ZONE", "Europe/Amsterdam")
# In which work is priced that no contract covers.
BUSINESS_CURRENCY = os.environ.get("BUSINESS_CURRENCY", "EUR")
# How many workers may work off one billing run at the same time.
BILLING_RUN_WORKERS = int(os.environ.get("BILLING_RUN_WORKERS", "2"))

# --- Background work ---------------------------------------------------------------------------

# "database": the queue is a table. "celery": the queue is in Redis. `run_worker` serves either.
TASKS_ENGINE = os.environ.get("TASKS_ENGINE", "database")
TASKS = {
    "default": {
        "BACKEND": "portal.worker.celery_backend.CeleryBackend"
        if TASKS_ENGINE == "celery"
        else "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default", "mail"],
    }
}
# Seconds: between two looks at an empty queue, between two signs of life of a worker, and after
# which a silent worker counts as lost. The beat must be a fraction of the last.
WORKER_POLL_SECONDS = float(os.environ.get("WORKER_POLL_SECONDS", "0.5"))
WORKER_BEAT_SECONDS = float(os.environ.get("WORKER_BEAT_SECONDS", "10"))
WORKER_STALE_SECONDS = float(os.environ.get("WORKER_STALE_SECONDS", "60"))
# A failed task waits this long, then twice as long, and so on up to an hour.
WORKER_RETRY_SECONDS = float(os.environ.get("WORKER_RETRY_SECONDS", "5"))

if TASKS_ENGINE == "celery":
    # A task that takes longer than this is given to a second worker while the first still runs.
    CELERY_VISIBILITY_SECONDS = int(os.environ.get("CELERY_VISIBILITY_SECONDS", "900"))
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": CELERY_VISIBILITY_SECONDS,
        # Look for work of lost workers every 5 seconds; the default is every 100.
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "global_keyprefix": os.environ.get("CELERY_KEY_PREFIX", "balie:"),
    }
    CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
    CELERY_TASK_DEFAULT_QUEUE = "default"
    # Acknowledged after the work is done, so that work of a killed worker is given to another.
    CELERY_TASK_ACKS_LATE = True
    CELERY_TASK_REJECT_ON_WORKER_LOST = True
    CELERY_TASK_IGNORE_RESULT = True
    CELERY_WORKER_PREFETCH_MULTIPLIER = 1
    CELERY_WORKER_CONCURRENCY = int(os.environ.get("CELERY_WORKER_CONCURRENCY", "2"))
    CELERY_WORKER_HIJACK_ROOT_LOGGER = False
    CELERY_ENABLE_UTC = True

# --- Mail ---------------------------------------------------------------------------------------

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Service desk <servicedesk@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where answers go, and whether each ticket gets an address of its own below it (`MAI-3`):
# servicedesk+<token>@example.org. Turn it off when the mail server knows no plus addresses.
REPLY_ADDRESS = os.environ.get("REPLY_ADDRESS") or parseaddr(DEFAULT_FROM_EMAIL)[1]
REPLY_TOKENS = flag("REPLY_TOKENS", "1")
# The name under which our own mail server writes Authentication-Results; without it no answer of
# an agent by mail is believed (`MAI-5`).
MAIL_AUTHSERV_ID = os.environ.get("MAIL_AUTHSERV_ID", "")
# Larger messages are not fetched; the sender is told once (`MAI-11`).
MAIL_RAW_MAX_BYTES = 50 * 1024 * 1024
# Sent mail is forgotten after so many days; mail that was given up is kept.
OUTGOING_MAIL_KEPT_DAYS = int(os.environ.get("OUTGOING_MAIL_KEPT_DAYS", "90"))

# --- Search, pages -------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Balie"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_LOGIN_URL = "/account/login/"
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILUSERS_PASSWORD_REQUIRED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # Faces would be asked of a server elsewhere.
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "simple"}
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- Security -------------------------------------------------------------------------------------

X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail's preview shows pages in a frame of the same origin.
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CONTENT_SECURITY_POLICY = {
    # Wagtail's admin is built with inline styles and scripts; it is for administrators only.
    "EXCLUDE_URL_PREFIXES": ("/admin/",),
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        # Clock rings and chart sizes are custom properties on elements.
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}

# --- Domain settings (shared defaults; names as in docs/architecture.md) ---

TICKET_AUTO_CLOSE_DAYS = 7
# Links to invoices open for so many days after the due date, or after payment if that is later.
INVOICE_LINK_DAYS = int(os.environ.get("INVOICE_LINK_DAYS", "90"))
# A rate of so many days before serves for a day without one.
EXCHANGE_RATE_DAYS = int(os.environ.get("EXCHANGE_RATE_DAYS", "7"))
TICKET_CLAIM_TIME = timedelta(minutes=30)
# A merge can be undone for so long, unless something was built on it.
TICKET_MERGE_UNDO_TIME = timedelta(hours=24)
NO_ANSWER_REMINDER_BUSINESS_DAYS = (2, 4)
NO_ANSWER_RESOLVE_BUSINESS_DAYS = 7
APPROVAL_REMINDER_BUSINESS_DAYS = (1, 2)
APPROVAL_TIMEOUT_BUSINESS_DAYS = 3
# A fix proves itself for so many days before the problem is closed; similar incidents of so many
# days are looked at together.
PROBLEM_VERIFICATION_DAYS = 14
PROBLEM_CANDIDATE_DAYS = 90
# A change may start so much before its window and after it; its plan may move by so much without
# a new authorization. What began on a spoken word is confirmed within so many business days.
CHANGE_WINDOW_TOLERANCE = timedelta(0)
CHANGE_MOVE_TOLERANCE = timedelta(minutes=30)
CHANGE_CONFIRMATION_BUSINESS_DAYS = 1
# For so long a decision made on our pages can be taken back before it counts: 0, 8, 20 or 60.
APPROVAL_UNDO_SECONDS = 8
# Whether the answer "approve" to the mail that asks decides, without opening a page. It takes a
# mail server that checks where mail comes from (MAIL_AUTHSERV_ID).
APPROVAL_BY_REPLY = flag("APPROVAL_BY_REPLY", "0")
# Nobody is asked how it went more often than once in so many days; a rating can be given and
# changed for so many days after the solution (`KPI-11`).
SURVEY_PAUSE_DAYS = 7
RATING_DAYS = 14
# Whether the page of a rating also asks, 0 to 10, if people would recommend the desk (`KPI-12`).
SURVEY_ASKS_RECOMMENDATION = flag("SURVEY_ASKS_RECOMMENDATION", "0")
ATTACHMENT_MAX_BYTES = 10 * 1024 * 1024
ATTACHMENT_MAX_COUNT = 20
ATTACHMENTS_MAX_BYTES = 25 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    # These tell every step of their work.
    "loggers": {
        "wagtail": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
