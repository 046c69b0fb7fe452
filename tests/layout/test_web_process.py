"""What a process that serves pages must not load: it would be in memory for ever."""

import os
import subprocess
import sys

# Figures, paper and mail that is taken apart are the workers' business, Celery is off unless
# chosen, and a site needs the public holidays of one country, if any, not of all.
HEAVY = (
    "pandas", "numpy", "plotly", "weasyprint", "fontTools", "celery", "holidays.countries",
    "inscriptis", "flufl.bounce",
)  # fmt: skip
LOADED = """
import sys, portal.wsgi
from django.urls import get_resolver
get_resolver().reverse_dict
print(*sys.modules)
"""


def test_a_web_process_loads_no_heavy_package():
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    answer = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", LOADED],
        env=environment, check=True, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    loaded = set(answer.stdout.split())
    assert "portal.urls" in loaded
    assert loaded.isdisjoint(HEAVY)
