"""Running an installation from the command line: serve, admin, doctor, backup, restore."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tarfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import builders
from chorok.cli import main
from chorok.ledger.store import Ledger
from chorok.site import backups

PASSWORD = "long enough, and not common"


class Office:
    """An installation in a folder, with a database of its own."""

    def __init__(self, folder: Path, ledger: Path, database: str) -> None:
        self.folder, self.ledger = folder, ledger
        self.site = folder / "사이트"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("CHOROK_")},
            "CHOROK_LEDGER": str(ledger),
            "CHOROK_SITE": str(self.site),
            "CHOROK_DATABASE": database,
            "CHOROK_LANG": "en",
        }
        self.environment.pop("DJANGO_SETTINGS_MODULE", None)

    def run(self, *arguments: str, given: str = "", code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "chorok", *arguments],
            env=self.environment, input=given, capture_output=True, text=True, timeout=180, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + ("" if "--json" in arguments else done.stderr)

    def answer(self, *arguments: str, code: int = 0) -> str:
        """Run a command that ends without the database, in this process."""
        with (
            pytest.MonkeyPatch.context() as patched,
            contextlib.redirect_stdout(io.StringIO()) as said,
            contextlib.redirect_stderr(io.StringIO() if "--json" in arguments else said),
        ):
            for name, value in self.environment.items():
                patched.setenv(name, value)
            assert main(list(arguments)) == code, said.getvalue()
        return said.getvalue()


@pytest.fixture
def databases() -> Iterator[Any]:
    """Return a function that makes an empty database: SQLite's needs no address; PostgreSQL's is created."""
    address, made = os.environ.get("CHOROK_DATABASE", ""), []

    def make() -> str:
        if not address:
            return ""
        import psycopg

        name = f"office_{uuid4().hex}"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        made.append(name)
        return address.rpartition("/")[0] + "/" + name

    yield make
    for name in made:
        import psycopg

        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def office(made_ledger: Ledger, tmp_path: Path, databases: Any) -> Office:
    return Office(tmp_path, builders.copy(made_ledger.path, tmp_path / "원장").path, databases())


def test_a_backup_put_back_elsewhere_is_the_same_installation(office: Office, tmp_path: Path, databases: Any) -> None:
    office.run("admin", "kim@example.org", "--name", "김", given=PASSWORD + "\n")
    before = office.answer("share", "--by", "year,city", "--json")
    tar = tmp_path / "백업.tar"
    assert "snapshot" in office.run("backup", str(tar), "-q")
    assert not list(tmp_path.glob("*.draft"))

    again = Office(tmp_path / "other", tmp_path / "other" / "원장", databases())
    again.folder.mkdir()
    assert "chain of the audit is whole" in again.run("restore", str(tar), "--ledger", str(again.ledger), "-q")
    assert json.loads(again.answer("share", "--by", "year,city", "--json")) == json.loads(before)
    findings = json.loads(again.run("doctor", "--json"))
    assert not [row for row in findings if row["state"] == "bad"], findings
    assert "no administrator" not in str(findings)

    in_use = again.answer("restore", str(tar), "--ledger", str(again.ledger), "-q", code=2)
    assert "not empty" in in_use
    assert "There is a file" in office.answer("backup", str(tar), "-q", code=2)


def test_a_backup_that_was_changed_is_not_restored(
    site_ledger: Ledger, tmp_path: Path, transactional_db: None, settings: Any
) -> None:
    tar = tmp_path / "backup.tar"
    backups.backup(site_ledger, settings.UPLOADS, settings.DATABASES["default"], tar, lambda *_: None)
    with tarfile.open(tar) as archive:
        member = next(one for one in archive.getmembers() if one.name.endswith("ledger.toml"))
        place = member.offset_data
    content = bytearray(tar.read_bytes())
    content[place + 3] ^= 1
    tar.write_bytes(content)
    again = Office(tmp_path / "other", tmp_path / "other" / "ledger", "")
    said = again.answer("restore", str(tar), "--ledger", str(again.ledger), "-q", code=3)
    assert "not a whole backup" in said
    assert not again.ledger.exists()
    (tmp_path / "no.tar").write_text("not a tar")
    assert "not a whole backup" in again.answer("restore", str(tmp_path / "no.tar"), "-q", code=3)
    assert "no file" in again.answer("restore", str(tmp_path / "missing.tar"), "-q", code=2)


def test_doctor_names_what_is_wrong_and_an_easy_password_is_refused_with_the_reason(office: Office) -> None:
    said = office.run("doctor", code=1)
    assert "folder" in said
    assert "changes to apply" in said
    assert "too short" in office.run("admin", "lee@example.org", given="12345\n", code=2)
    (office.site / "secret").chmod(0o644)
    assert "chmod 600" in office.run("doctor", code=1)


def test_serve_answers_works_off_jobs_and_stops_when_told(office: Office) -> None:
    port = _free()
    process = subprocess.Popen(
        [sys.executable, "-m", "chorok", "serve", "--port", str(port), "--workers", "1"],
        env=office.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        _wait(f"http://127.0.0.1:{port}/health/", process)
        assert "2020-11-02" in _page(f"http://127.0.0.1:{port}/")
        taken = office.run("serve", "--port", str(port), code=4)
        assert "in use" in taken
    finally:
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=60)[0]
    assert "Chorok runs at" in said
    assert process.returncode == 0, said


def test_a_ledger_that_is_not_there_is_said(tmp_path: Path) -> None:
    nowhere = Office(tmp_path, tmp_path / "nothing", "")
    assert "no ledger" in nowhere.answer("serve", code=4)
    assert "no ledger" in nowhere.answer("backup", str(tmp_path / "b.tar"), code=4)
    assert "no ledger" in nowhere.run("doctor", code=1)


def test_the_people_of_the_example_are_never_made_for_real_purchases(tmp_path: Path) -> None:
    real = Ledger.create(tmp_path / "ledger")
    builders.register(real)
    builders.take(real, builders.write_csv(tmp_path / "a.csv", [builders.keyed(1, kind="물품")]))
    office = Office(tmp_path, real.path, "")
    office.run("admin", "kim@example.org", given=PASSWORD + "\n")
    with sqlite3.connect(office.site / "site.sqlite3") as database:
        assert database.execute("SELECT COUNT(*) FROM accounts_user").fetchone() == (1,)


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _page(url: str) -> str:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return str(answer.read().decode())


def _wait(url: str, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        assert process.poll() is None, process.communicate()[0]
        try:
            _page(url)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.3)
        else:
            return
    raise AssertionError("it never answered")
