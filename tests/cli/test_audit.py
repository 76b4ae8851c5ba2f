"""`chorok audit`: the chain verified and its head kept, from the command line."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from subprocess import CompletedProcess

import builders
import processes
from chorok.ledger import publishing
from chorok.ledger.store import Ledger


def run(*words: object) -> CompletedProcess[str]:
    return processes.chorok("audit", *words, "--lang", "en")


def test_a_whole_chain_a_kept_head_and_a_chain_that_was_touched(attached: Ledger, tmp_path: Path) -> None:
    good = run("verify", "-l", attached.path)
    assert good.returncode == 0, good.stderr
    assert "The chain of 2 events is whole" in good.stdout
    kept = tmp_path / "head.txt"
    kept.write_text(run("head", "-l", attached.path).stdout, encoding="utf-8")
    assert "Exported heads found in the chain: 1" in run("verify", "-l", attached.path, "--head", kept).stdout
    with sqlite3.connect(attached.path.parent / "다른 곳" / "site.sqlite3") as database:
        database.execute("DROP TRIGGER audit_event_update")
        database.execute("UPDATE audit_event SET action = 'room.did_not' WHERE seq = 2")
    bad = run("verify", "-l", attached.path, "--json")
    assert bad.returncode == 1
    assert [row["finding_code"] for row in json.loads(bad.stdout)] == ["changed"]
    kept.write_text("seq: 1", encoding="utf-8")
    assert run("verify", "-l", attached.path, "--head", kept).returncode == 3


def test_a_publication_past_the_site_is_a_fault_until_the_site_starts_again(attached: Ledger) -> None:
    with attached.writing():
        publishing.publish(attached, "match", "")
    assert "has no event" in run("verify", "-l", attached.path, "--csv").stdout
    assert processes.run(processes.begin_site, attached.path, attached.path.parent / "다른 곳") == 0
    after = run("verify", "-l", attached.path, "--csv")
    assert after.returncode == 0
    assert "recorded only afterwards" in after.stdout


def test_a_command_s_publication_is_recorded_at_once(attached: Ledger) -> None:
    lines = [builders.keyed(1, product=builders.GREEN), builders.keyed(2, product=builders.PLAIN)]
    file = builders.write_csv(attached.path.parent / "purchases.csv", lines)
    done = processes.chorok("import", file, "-l", attached.path, "--source", "koneps")
    assert done.returncode == 0, done.stderr
    after = run("verify", "-l", attached.path, "--csv")
    assert (after.returncode, after.stdout.splitlines()[1:]) == (0, [])
    with sqlite3.connect(attached.path.parent / "다른 곳" / "site.sqlite3") as database:
        (said,) = database.execute("SELECT facts FROM audit_event WHERE action = 'ledger.command'").fetchall()
    assert json.loads(said[0])["command"] == "import"
    assert json.loads(said[0])["afterwards"] is False


def test_without_a_site_it_says_how_to_start_one(tmp_path: Path) -> None:
    Ledger.create(tmp_path / "ledger")
    said = run("verify", "-l", tmp_path / "ledger")
    assert said.returncode == 4
    assert "chorok serve" in " ".join(said.stderr.split())
    assert not (tmp_path / "chorok-site" / "site.sqlite3").exists()
