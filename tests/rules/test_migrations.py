"""Migrations form one numbered line per app, and none is missing."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

APPS = ["records", "accounts", "actors", "scorecards", "engagements"]


def numbers(app: str) -> list[int]:
    files = sorted(Path(settings.BASE_DIR, app, "migrations").glob("[0-9]*.py"))
    return [int(file.name[:4]) for file in files]


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)


@pytest.mark.parametrize("app", APPS)
def test_the_migrations_of_an_app_are_numbered_without_gaps(app):
    assert numbers(app) == list(range(1, len(numbers(app)) + 1))


@pytest.mark.django_db
@pytest.mark.parametrize("app", APPS)
def test_the_migrations_of_an_app_end_in_one_leaf(app):
    assert len(MigrationLoader(connection).graph.leaf_nodes(app)) == 1
