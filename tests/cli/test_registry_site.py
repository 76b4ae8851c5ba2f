"""`chorok certificates import` on a ledger with a site: through the site's service, in a process of its own."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from subprocess import CompletedProcess

import builders
import processes
from chorok.ledger.registry import replace_source
from chorok.ledger.store import Ledger

LIST = "certificate_no,basis,product_id,product_name\nN-1,eco_label,60000001,새의자\n"


def _import(ledger: Ledger, folder: Path) -> CompletedProcess[str]:
    file = folder / "새 인증.csv"
    file.write_text(LIST, encoding="utf-8")
    return processes.chorok("certificates", "import", file, "--ledger", ledger.path, "--json", "--lang", "en")


def _audited(ledger: Ledger) -> list[tuple[str, str]]:
    with sqlite3.connect(ledger.path.parent / "다른 곳" / "site.sqlite3") as database:
        return database.execute("SELECT action, via FROM audit_event ORDER BY seq").fetchall()


def test_an_import_goes_through_the_site(attached: Ledger, tmp_path: Path) -> None:
    done = _import(attached, tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["added"] == 1
    assert ("registry.imported.done", "command") in _audited(attached)


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
    for file in (tmp_path / "다른 곳").glob("site.sqlite3*"):
        file.unlink()
    done = _import(attached, tmp_path)
    assert done.returncode != 0
    assert not done.stdout.strip()
