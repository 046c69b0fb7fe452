"""WSGI entry point, used by gunicorn."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")
application = get_wsgi_application()

# All pages are loaded now, and not by the first person who asks for one.
get_resolver().reverse_dict  # noqa: B018 - reading it loads them
# What is loaded by now stays for as long as the process does. The collector of garbage need not
# walk it again and again, which costs a page up to 0.2 s, and forked workers go on sharing it.
gc.collect()
gc.freeze()
