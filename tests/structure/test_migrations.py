"""The database's migrations say what the models say, and bear names that mean something."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connections
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ProjectState
from django.utils import translation

SITE = Path(__file__).parents[2] / "src" / "chorok" / "site"


@pytest.mark.django_db
def test_no_model_has_changed_without_a_migration() -> None:
    loader = MigrationLoader(connections["default"])
    detector = MigrationAutodetector(
        loader.project_state(), ProjectState.from_apps(apps), NonInteractiveMigrationQuestioner()
    )
    with translation.override(None):  # names of fields are compared as they are written
        changes = detector.changes(graph=loader.graph)
    ours = {app: found for app, found in changes.items() if (SITE / app).is_dir()}
    assert not ours, {app: [one.operations for one in found] for app, found in ours.items()}


def test_no_migration_bears_a_made_up_name() -> None:
    made_up = re.compile(r"_auto_\d{8}|_and_more|_alter_.*_and_")
    assert not [path.name for path in SITE.glob("*/migrations/0*.py") if made_up.search(path.name)]
