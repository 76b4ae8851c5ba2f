"""`chorok audit`: the chain verified and its head kept, from the command line."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import builders
from chorok.ledger import publishing
from chorok.ledger.store import Ledger

BEGIN = """
import sys
from pathlib import Path
from chorok.site.config import setup
setup.ready(Path(sys.argv[1]), Path(sys.argv[2]))
setup.migrate()
from django.db import transaction
from chorok.site.audit.services import reconcile, record
reconcile()
with transaction.atomic():
    record(None, "room.did")
"""
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("CHOROK_", "DJANGO_"))}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "chorok", *arguments, "--lang", "en"]
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A ledger with a site that stands elsewhere than by default: the marker says where."""
    ledger = Ledger.create(tmp_path / "원장", "2020-11-02")
    builders.register(ledger)
    begin(ledger.path)
    return ledger.path


def begin(ledger: Path) -> None:
    command = [sys.executable, "-c", BEGIN, str(ledger), str(ledger.parent / "다른 곳")]
    subprocess.run(command, env=ENVIRONMENT, check=True)


def test_a_whole_chain_a_kept_head_and_a_chain_that_was_touched(site: Path, tmp_path: Path) -> None:
    good = run("audit", "verify", "-l", str(site))
    assert good.returncode == 0, good.stderr
    assert "The chain of 2 events is whole" in good.stdout
    kept = tmp_path / "head.txt"
    kept.write_text(run("audit", "head", "-l", str(site)).stdout, encoding="utf-8")
    assert "Exported heads found in the chain: 1" in run("audit", "verify", "-l", str(site), "--head", str(kept)).stdout
    with sqlite3.connect(site.parent / "다른 곳" / "site.sqlite3") as database:
        database.execute("DROP TRIGGER audit_event_update")
        database.execute("UPDATE audit_event SET action = 'room.did_not' WHERE seq = 2")
    bad = run("audit", "verify", "-l", str(site), "--json")
    assert bad.returncode == 1
    assert [row["finding_code"] for row in json.loads(bad.stdout)] == ["changed"]
    kept.write_text("seq: 1", encoding="utf-8")
    assert run("audit", "verify", "-l", str(site), "--head", str(kept)).returncode == 3


def test_a_publication_past_the_site_is_a_fault_until_the_site_starts_again(site: Path) -> None:
    ledger = Ledger.open(site)
    with ledger.writing():
        publishing.publish(ledger, "match", "")
    assert "has no event" in run("audit", "verify", "-l", str(site), "--csv").stdout
    begin(site)
    after = run("audit", "verify", "-l", str(site), "--csv")
    assert after.returncode == 0
    assert "recorded only afterwards" in after.stdout


def test_a_command_s_publication_is_recorded_at_once(site: Path) -> None:
    lines = [builders.keyed(1, product=builders.GREEN), builders.keyed(2, product=builders.PLAIN)]
    file = builders.write_csv(site.parent / "purchases.csv", lines)
    done = run("import", str(file), "-l", str(site), "--source", "koneps")
    assert done.returncode == 0, done.stderr
    after = run("audit", "verify", "-l", str(site), "--csv")
    assert (after.returncode, after.stdout.splitlines()[1:]) == (0, [])
    with sqlite3.connect(site.parent / "다른 곳" / "site.sqlite3") as database:
        (said,) = database.execute("SELECT facts FROM audit_event WHERE action = 'ledger.command'").fetchall()
    assert json.loads(said[0])["command"] == "import"
    assert json.loads(said[0])["afterwards"] is False


def test_without_a_site_it_says_how_to_start_one(tmp_path: Path) -> None:
    Ledger.create(tmp_path / "ledger")
    said = run("audit", "verify", "-l", str(tmp_path / "ledger"))
    assert said.returncode == 4
    assert "chorok serve" in " ".join(said.stderr.split())
    assert not (tmp_path / "chorok-site" / "site.sqlite3").exists()
