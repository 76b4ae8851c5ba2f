"""Ledger writes are announced and closed; what a crash or the command line left is found."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection, transaction

from builders import CITY
from chorok.core.errors import BadInputError, LedgerError
from chorok.ledger import publishing, snapshots
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.audit.announcing import announced
from chorok.site.audit.models import Announcement, Event, Landing
from chorok.site.audit.services import attach, examined, note_command, reconcile
from chorok.site.config import alive
from chorok.site.config import attach as markers

pytestmark = pytest.mark.django_db


def publish(ledger: Ledger, subject: str) -> int:
    with ledger.writing():
        return publishing.publish(ledger, "import", subject).number


def actions() -> list[str]:
    return list(Event.objects.order_by("seq").values_list("action", flat=True))


def codes() -> tuple[list[str], list[str]]:
    report = examined()
    return [one.code for one in report.problems], [one.code for one in report.remarks]


def test_a_write_is_announced_before_and_closed_after(site_ledger: Ledger, actor: Callable[..., Actor]) -> None:
    attach()
    who = actor("officer", CITY)
    with announced(who, "purchases.imported", subject=("batch", "b1"), organisation=CITY) as closing:
        assert actions()[-1] == "purchases.imported.begun"
        assert codes() == (["open"], [])
        number = publish(site_ledger, "b1")
        closing.tell(snapshot=number, batch="b1")
    done = Event.objects.latest("seq")
    assert (done.action, done.actor_id, done.organisation) == ("purchases.imported.done", who.user_id, CITY)
    assert done.told == {"begun": done.seq - 1, "snapshots": [number], "batch": "b1"}
    assert not Announcement.objects.exists()
    assert codes() == ([], [])


def test_the_end_can_be_written_in_the_transaction_of_its_changes(site_ledger: Ledger) -> None:
    attach()
    with announced(None, "registry.imported") as closing, transaction.atomic():
        closing.done(snapshot=snapshots.latest(site_ledger), registry=3)
    assert actions()[-2:] == ["registry.imported.begun", "registry.imported.done"]


@pytest.mark.parametrize(
    ("error", "code"), [(BadInputError("file_empty", file="x"), "file_empty"), (ValueError("!"), "ValueError")]
)
def test_an_error_closes_with_its_code_and_goes_on(site_ledger: Ledger, error: Exception, code: str) -> None:
    with pytest.raises(type(error)), announced(None, "purchases.imported"):
        raise error
    last = Event.objects.latest("seq")
    assert (last.action, last.told["error"]) == ("purchases.imported.failed", code)


@pytest.mark.django_db(transaction=True)
def test_a_write_is_not_announced_within_a_transaction(site_ledger: Ledger) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"), announced(None, "a.b"):
        pass
    assert not Event.objects.exists()


def _left_open(subject: str, holder: str = f"gone@{alive.here()}") -> None:
    """What is there after the process was killed within the body."""
    with announced(None, "purchases.imported", subject=("batch", subject)) as closing:
        begun = closing.begun
        closing.closed = True
    Announcement.objects.filter(seq=begun).update(holder=holder)


def test_what_a_crash_left_open_is_closed_as_the_ledger_has_it(site_ledger: Ledger) -> None:
    attach()
    _left_open("landed")
    number = publish(site_ledger, "landed")
    _left_open("lost")
    assert sorted(codes()[0]) == ["no_event", "open", "open"]
    events = reconcile()
    assert [one.action.rpartition(".")[2] for one in events] == ["found_done", "found_undone"]
    assert [one.told["snapshots"] for one in events] == [[number], []]
    assert codes() == ([], [])
    assert reconcile() == []


def test_a_living_announcement_and_what_came_since_are_left_alone(site_ledger: Ledger) -> None:
    attach()
    with announced(None, "purchases.imported", subject=("batch", "b")) as closing:
        closing.tell(snapshot=publish(site_ledger, "b"))
        assert reconcile() == []
    assert actions()[-1] == "purchases.imported.done"
    assert codes() == ([], [])


def test_a_publication_by_command_line_is_named_or_found_afterwards(site_ledger: Ledger) -> None:
    attach()
    publish(site_ledger, "said")
    publish(site_ledger, "silent")
    assert codes() == (["no_event", "no_event"], [])
    said = snapshots.every(site_ledger)[-2]
    event = note_command(said, command="import")
    assert event is not None
    assert (event.via, event.told["afterwards"]) == ("command", False)
    assert note_command(said, command="import") is None
    reconcile()
    assert codes() == ([], ["afterwards"])
    assert Landing.objects.count() == 2


def test_a_ledger_put_back_is_told(site_ledger: Ledger, actor: Callable[..., Actor]) -> None:
    attach()
    with announced(None, "purchases.imported") as closing:
        closing.tell(snapshot=replace(snapshots.at(site_ledger, None), number=99))
    assert codes() == (["no_snapshot"], [])


def test_the_marker_is_written_once_and_another_site_is_refused(site_ledger: Ledger) -> None:
    assert codes() == ([], ["not_attached"])
    before = snapshots.at(site_ledger, None).number
    first = attach()
    publish(site_ledger, "b")
    assert attach() == first
    assert first.from_snapshot == before
    assert actions().count("ledger.attached") == 1
    path = site_ledger.path / markers.MARKER
    path.unlink()
    assert attach().from_snapshot == before  # the chain remembers, so nothing hides behind a lost marker
    path.write_text(path.read_text(encoding="utf-8").replace(first.site, "0" * 36), encoding="utf-8")
    with pytest.raises(LedgerError, match="site_of_another"):
        attach()
    path.write_text("site = ", encoding="utf-8")
    with pytest.raises(LedgerError, match="site_marker_damaged"):
        attach()


CRASHING = """
import os, sys
from pathlib import Path
from chorok.site.config import setup
setup.ready(Path(sys.argv[1]), Path(sys.argv[2]))
setup.migrate()
from chorok.ledger import publishing
from chorok.ledger.store import Ledger
from chorok.site.audit.services import announced, attach
attach()
ledger = Ledger.open(Path(sys.argv[1]))
with announced(None, "purchases.imported", subject=("batch", "crash")):
    if sys.argv[3] == "after":
        with ledger.writing():
            publishing.publish(ledger, "import", "crash")
    os.kill(os.getpid(), 9)
"""
SETTLING = """
import sys
from pathlib import Path
from chorok.site.config import setup
setup.ready(Path(sys.argv[1]), Path(sys.argv[2]))
from chorok.site.audit.services import examined, reconcile
print([e.action for e in reconcile()], [p.code for p in examined().problems])
"""


def test_a_process_killed_between_begun_and_done_is_settled_by_the_next(site_ledger: Ledger, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "CHOROK_DATABASE"}
    places = [str(site_ledger.path), str(tmp_path / "사이트")]
    for when, found in (("before", "found_undone"), ("after", "found_done")):
        killed = subprocess.run([sys.executable, "-c", CRASHING, *places, when], env=environment, check=False)
        assert killed.returncode == -9
        said = subprocess.run(
            [sys.executable, "-c", SETTLING, *places], env=environment, check=True, capture_output=True, text=True
        )
        assert said.stdout.strip() == f"['purchases.imported.{found}'] []"


@pytest.mark.django_db(transaction=True)
def test_two_starts_at_once_settle_an_announcement_once(site_ledger: Ledger) -> None:
    attach()
    _left_open("lost")
    together = threading.Barrier(2)

    def start() -> None:
        together.wait()
        reconcile()
        connection.close()

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one for one in actions() if one.endswith("found_undone")] == ["purchases.imported.found_undone"]
