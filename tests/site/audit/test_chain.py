"""The chain of events: written with its change, whole, and never to be changed unseen."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import CITY
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.audit import chain, seals
from chorok.site.audit.models import GENESIS, Event, Head
from chorok.site.audit.services import examined, record
from chorok.site.audit.verifying import Exported

pytestmark = pytest.mark.django_db


def problems(*heads: Exported) -> set[str]:
    return {one.code for one in examined(heads, found=[]).problems}


def test_an_event_is_the_next_of_the_chain_and_anybody_can_compute_its_hash(
    site_ledger: Ledger, actor: Callable[..., Actor]
) -> None:
    who = actor("officer", CITY)
    first = record(None, "system.woke")
    second = record(who, "목표.정함", subject=("target", 7), organisation=CITY, value=12, text='"가\\나"\n')
    assert (second.seq, second.previous) == (first.seq + 1, first.hash)
    assert (second.actor_id, second.via, second.on_behalf) == (who.user_id, "page", None)
    by_hand = {
        **{name: getattr(second, name) for name in ("seq", "actor_id", "on_behalf", "via", "action", "previous")},
        **{name: getattr(second, name) for name in ("subject_kind", "subject_id", "organisation")},
        "at": second.at.isoformat(timespec="microseconds"),
        "facts": {"text": '"가\\나"\n', "value": 12},
    }
    text = json.dumps(by_hand, sort_keys=True, separators=(",", ":"))
    assert second.hash == hashlib.sha256(text.encode()).hexdigest()
    assert problems() == set()


def test_facts_hold_only_what_json_holds() -> None:
    with pytest.raises(TypeError, match="cannot hold a set"):
        record(None, "a.b", ids={1, 2})
    with pytest.raises(ValueError, match="not JSON compliant"):
        record(None, "a.b", share=float("nan"))


@pytest.mark.django_db(transaction=True)
def test_no_event_without_a_transaction_and_none_stays_when_its_change_is_taken_back() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        record(None, "a.b")
    with transaction.atomic():
        record(None, "a.b")
        transaction.set_rollback(True)
    assert not Event.objects.exists()


CHANGES: dict[str, Callable[[list[dict[str, Any]], int, str], None]] = {
    "action": lambda rows, at, text: rows[at].update(action=rows[at]["action"] + text),
    "facts": lambda rows, at, text: rows[at].update(facts=json.dumps({"n": text})),
    "organisation": lambda rows, at, text: rows[at].update(organisation=rows[at]["organisation"] + text),
    "actor": lambda rows, at, text: rows[at].update(actor_id=(rows[at]["actor_id"] or 0) + 1),
    "hash": lambda rows, at, text: rows[at].update(hash=hashlib.sha256(text.encode()).hexdigest()),
    "previous": lambda rows, at, text: rows[at].update(previous=hashlib.sha256(text.encode()).hexdigest()),
    "delete": lambda rows, at, text: rows.pop(at) and None,
    "swap": lambda rows, at, text: _swap(rows, at),
    "insert": lambda rows, at, text: rows.append(
        {**rows[at], "seq": len(rows) + 1, "hash": chain.digest(*_args(rows[at], text))}
    ),
}


def _args(row: dict[str, Any], text: str) -> list[Any]:
    return [{**row, "action": text}[name] for name in chain.FIELDS[:-1]]


def _swap(rows: list[dict[str, Any]], at: int) -> None:
    other = (at + 1) % len(rows)
    rows[at]["seq"], rows[other]["seq"] = rows[other]["seq"], rows[at]["seq"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    at=st.integers(0, 11), how=st.sampled_from(sorted(CHANGES)), text=st.text("abcdefgh가나", min_size=1, max_size=5)
)
def test_any_change_removal_insertion_or_other_order_is_detected(at: int, how: str, text: str) -> None:
    with transaction.atomic():
        for number in range(12):
            record(None, f"room.did{number}", subject=("thing", number), organisation=f"O-{number}", n=number)
        assert problems() == set()
        rows = [{name: getattr(event, name) for name in chain.FIELDS} for event in Event.objects.order_by("seq")]
        seals.lift(connection)
        Event.objects.all().delete()
        CHANGES[how](rows, at, text)
        Event.objects.bulk_create([Event(**row) for row in rows])
        assert problems(), how
        transaction.set_rollback(True)


def test_a_chain_written_anew_or_cut_off_is_told_by_a_head_kept_elsewhere() -> None:
    events = [record(None, f"room.did{number}") for number in range(5)]
    kept = Exported(events[3].seq, events[3].hash)
    seals.lift(connection)
    Event.objects.filter(seq__gt=3).delete()
    assert problems() == {"end_differs"}
    Head.objects.update(seq=3, hash=events[2].hash)
    assert problems() == set()  # whoever holds the database can do that
    assert problems(kept) == {"cut_off"}
    record(None, "room.other")
    assert problems(kept) == {"other_chain"}
    assert problems(Exported(3, events[2].hash)) == set()
    assert problems(Exported(0, GENESIS)) == set()


@pytest.mark.parametrize(
    "kept",
    [
        "2020-11-02 09:00:00.000001", "2020-11-02 09:00:00.000001+00", "2020-11-02 18:00:00.000001+09",
    ],
)  # fmt: skip
def test_a_time_is_hashed_alike_however_a_database_writes_it(kept: str) -> None:
    assert chain.moment(kept) == "2020-11-02T09:00:00.000001+00:00"


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.sampled_from([1, 10, 1_000, 100_000, 1_000_000]))
def test_every_time_is_read_back_from_what_either_database_writes(at: datetime, coarse: int) -> None:
    at = at.replace(microsecond=at.microsecond // coarse * coarse, tzinfo=UTC)
    hashed = at.isoformat(timespec="microseconds")
    on_sqlite = str(at.replace(tzinfo=None))
    whole = at.strftime("%Y-%m-%d %H:%M:%S")
    on_postgresql = whole + (f".{at.microsecond:06d}".rstrip("0") if at.microsecond else "") + "+00"
    assert chain.moment(on_sqlite) == chain.moment(on_postgresql) == hashed


def test_what_is_no_time_is_refused() -> None:
    for broken in ("2020-11-02T09:00:00.000001", "", "yesterday", "2020-11-02 25:00:00"):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever is said of it
            chain.moment(broken)


def test_a_time_that_is_none_any_more_is_a_change_and_no_fault_of_the_program() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps nothing but times in such a column")
    record(None, "room.did")
    seals.lift(connection)
    for text in ("yesterday", "2020-11-02T09:00:00.000001"):
        connection.cursor().execute("UPDATE audit_event SET at = %s", [text])
        assert problems() == {"changed"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET facts = '{}'",
        "UPDATE audit_event SET seq = seq + 10",
        "DELETE FROM audit_event",
        "DELETE FROM audit_event WHERE seq = 1",
    ],
)
def test_the_database_refuses_to_change_or_delete_an_event(statement: str) -> None:
    record(None, "room.did", n=1)
    with pytest.raises(DatabaseError, match="neither changed nor deleted"), transaction.atomic():
        connection.cursor().execute(statement)
    assert Event.objects.get().told == {"n": 1}


def test_the_database_refuses_to_replace_or_empty() -> None:
    event = record(None, "room.did", n=1)
    names = ", ".join(chain.FIELDS)
    values = f"SELECT {names.replace('facts', chr(39) + '{}' + chr(39))} FROM audit_event"
    statement = {
        "sqlite": f"INSERT OR REPLACE INTO audit_event ({names}) {values}",
        "postgresql": "TRUNCATE audit_event",
    }[connection.vendor]
    with pytest.raises(DatabaseError, match="neither changed nor deleted"), transaction.atomic():
        connection.cursor().execute(statement)
    assert Event.objects.get().hash == event.hash


@pytest.mark.django_db(transaction=True)
def test_twenty_writers_at_once_leave_one_unbroken_chain() -> None:
    start, failed = threading.Barrier(20), []

    def write(number: int) -> None:
        start.wait()
        try:
            for turn in range(5):
                with transaction.atomic():
                    record(None, "room.did", writer=number, turn=turn)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert list(Event.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 101))
    assert len({(event.told["writer"], event.told["turn"]) for event in Event.objects.all()}) == 100
    assert problems() == set()
