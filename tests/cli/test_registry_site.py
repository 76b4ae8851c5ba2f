"""`chorok certificates import` on a ledger with a site: through the site's service, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import builders
from chorok.ledger.registry import replace_source
from chorok.ledger.store import Ledger

SITE = "CHOROK_SITE"
LIST = "certificate_no,basis,product_id,product_name\nN-1,eco_label,60000001,새의자\n"


def _run(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith(("CHOROK_", "DJANGO_"))}
    command = [sys.executable, "-m", "chorok", *words]
    return subprocess.run(command, capture_output=True, text=True, env=known | env, timeout=120, check=False)


@pytest.fixture
def attached(tmp_path: Path) -> Ledger:
    """A ledger that a site was started on."""
    ledger = Ledger.create(tmp_path / "원장", "2020-11-02")
    builders.register(ledger)
    code = (
        "from pathlib import Path; import sys; from chorok.site.config import setup;"
        "setup.ready(Path(sys.argv[1]), Path(sys.argv[2])); setup.migrate();"
        "from chorok.site.config import attach; attach.attach()"
    )
    known = {name: value for name, value in os.environ.items() if not name.startswith(("CHOROK_", "DJANGO_"))}
    subprocess.run([sys.executable, "-c", code, ledger.path, tmp_path / "site"], env=known, check=True, timeout=120)
    return ledger


def _import(ledger: Ledger, folder: Path) -> subprocess.CompletedProcess[str]:
    file = folder / "새 인증.csv"
    file.write_text(LIST, encoding="utf-8")
    return _run("certificates", "import", str(file), "--ledger", str(ledger.path), "--json", "--lang", "en")


def _audited(ledger: Ledger) -> list[dict[str, Any]]:
    code = (
        "from pathlib import Path; import sys, json; from chorok.site.config import setup;"
        "setup.ready(Path(sys.argv[1]), Path(sys.argv[2])); from chorok.site.audit.models import Event;"
        "print(json.dumps([[e.action, e.via] for e in Event.objects.order_by('seq')]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, ledger.path, ledger.path.parent / "site"],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_an_import_goes_through_the_site(attached: Ledger, tmp_path: Path) -> None:
    done = _import(attached, tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["added"] == 1
    assert ["registry.imported.done", "command"] in _audited(attached)


def test_a_registry_that_the_site_does_not_know_is_refused_and_says_what_to_do(
    attached: Ledger, tmp_path: Path
) -> None:
    assert _import(attached, tmp_path).returncode == 0
    rows = [builders.certificate(certificate_no="O-1", product_id="60000009")]
    replace_source(attached.path, "certificates", builders.rows("certificates", rows), "outside")
    (tmp_path / "더").mkdir()
    done = _import(attached, tmp_path / "더")
    assert done.returncode == 4
    assert "take it over" in done.stderr


def test_without_the_sites_database_nothing_is_written(attached: Ledger, tmp_path: Path) -> None:
    for file in (tmp_path / "site").glob("site.sqlite3*"):
        file.unlink()
    done = _import(attached, tmp_path)
    assert done.returncode != 0
    assert not done.stdout.strip()
