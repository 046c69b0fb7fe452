"""Fixtures for all tests."""

import gc
import os
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone, translation
from hypothesis import HealthCheck, settings
from wagtail.signal_handlers import disable_reference_index_auto_update
from xdist.scheduler import LoadScopeScheduling

from . import cast as cast_module
from . import databases

# One browser in a process: its fixtures are made known here and nowhere else.
from .browser import chromium, company, visit

__all__ = ["chromium", "company", "visit"]

# How fast a machine is decides nothing: speed is measured by benchmarks, never by tests.
settings.register_profile("balie", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("balie")

# Real service-desk records may lie beside the checkout; their tests are collected only then.
REAL_RECORDS = Path(__file__).resolve().parents[2] / "shared" / "data"
collect_ignore = [] if REAL_RECORDS.is_dir() else ["real_records"]
ON_POSTGRESQL = os.environ.get("DATABASE_URL", "").startswith("postgres")
if ON_POSTGRESQL:
    # Read once, on SQLite: the figures of the largest files are those of the files, and what a page
    # looks like is the same on every database; together they take minutes.
    collect_ignore += [
        "real_records/test_requests.py",
        "real_records/test_servicenow.py",
        "real_records/test_working_hours.py",
        "flows/test_accessibility.py",
    ]
# What a page says is the same on every database, too, and so is which steps a table of life allows,
# in which words a paper speaks, and what stands around every page. That each page answers there,
# for everybody who may open it and for nobody else, is asked of every database by `visibility`;
# that the steps are taken and the papers made, by the tests of the verbs.
PAGES = re.compile(
    r"tests/(?!visibility/).*test_\w*(views|pages|lifecycle|customers_language|paper_words|frame)"
    r"\w*\.py"
)
# A browser shows and does the same with the same pages; the stories of `flows` are told on every
# database from their beginning to their end.
STORIES = "tests/flows/"
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup"}


class OneWorldOnce(LoadScopeScheduling):
    """Tests that share a large world stay in one process, which makes it once, and begin first."""

    def _split_scope(self, nodeid):
        file = nodeid.partition("::")[0]
        if "/real_records/" in file:
            return file
        return "visibility" if "/visibility/" in file else nodeid


def pytest_xdist_make_scheduler(config, log):
    return OneWorldOnce(config, log)


def pytest_collection_finish(session):
    """What is loaded by now stays: looking through all of it for garbage, again and again, takes a
    tenth of the time of the tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def pytest_collection_modifyitems(config, items):
    """Leave out on PostgreSQL what opens no database, what pages, papers and tables of life say,
    and what a browser shows of them.
    """
    if not ON_POSTGRESQL:
        return
    opening, others = [], []
    for item in items:
        opens = item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(item.fixturenames)
        path = item.path.as_posix()
        shows = item.get_closest_marker("browser") and STORIES not in path
        (opening if opens and not (shows or PAGES.search(path)) else others).append(item)
    items[:] = opening
    config.hook.pytest_deselected(items=others)


@pytest.fixture(scope="session")
def django_db_keepdb():
    """Django finds its database migrated; `databases` takes it away again."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_test_environment, django_db_modify_db_settings_parallel_suffix, django_db_blocker
):
    with django_db_blocker.unblock():
        yield from databases.migrated_copy()


@pytest.fixture(autouse=True)
def no_fact_files():
    """No test reads the fact files of another one's database."""
    yield
    (Path(django_settings.FACTS_DIR) / "manifest.json").unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def language_of_the_desk():
    """No test speaks the language of another one's last request."""
    yield
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(autouse=True)
def no_reference_index(request):
    """Where records are used is asked by few tests, which say so; writing it costs all of them."""
    if request.node.get_closest_marker("reference_index"):
        yield
        return
    with disable_reference_index_auto_update():
        yield


@pytest.fixture
def cast(db):
    """Ann, Bo, Cleo and the others, with their organizations, teams and service levels."""
    # As in a process that has answered before: it knows the database and the kinds of records.
    assert connection.features.supports_json_field
    ContentType.objects.get_for_models(*apps.get_models())
    return cast_module.assemble()


@pytest.fixture
def signed_in(client):
    """A function that signs a person in and returns the client."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in
