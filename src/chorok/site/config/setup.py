"""Makes Django ready for commands: which ledger, which folder, and a database that is up to date."""

from __future__ import annotations

import os
from pathlib import Path


def ready(ledger: Path, site: Path | None = None, database: str | None = None) -> None:
    """Name the ledger and the site's folder in the environment and start Django. The first call decides."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chorok.site.config.settings")
    os.environ["CHOROK_LEDGER"] = str(ledger.resolve())
    if site is not None:
        os.environ["CHOROK_SITE"] = str(site.resolve())
    if database is not None:
        os.environ["CHOROK_DATABASE"] = database
    import django

    django.setup()


def migrate() -> None:
    """Bring the database to this version of the program; safe to repeat."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
