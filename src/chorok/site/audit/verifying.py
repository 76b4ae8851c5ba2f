"""`verify`: is the chain whole, and does it know all that happened in the ledger?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Manager, QuerySet, TextField
from django.db.models.functions import Cast

from chorok.ledger import snapshots
from chorok.ledger.snapshots import Snapshot
from chorok.site.audit import chain
from chorok.site.audit.announcing import BEGUN, DONE, FAILED
from chorok.site.audit.ledgers import ATTACHED, COMMAND, FOUND_DONE, FOUND_UNDONE
from chorok.site.audit.models import GENESIS, Event, Head
from chorok.site.config.ledger import ledger as site_ledger

CHUNK = 5_000
MARKS = tuple(f".{mark}" for mark in (BEGUN, DONE, FAILED, FOUND_DONE, FOUND_UNDONE))
"""Ends of actions that open or close an announcement."""

WHOLE = frozenset({COMMAND, ATTACHED})


@dataclass(frozen=True)
class Finding:
    """Something to know about the chain: `audit.finding.<code>` in words. A remark is no fault."""

    code: str
    params: dict[str, object]
    remark: bool = False


@dataclass(frozen=True)
class Exported:
    """A head as it was exported: that event, with that hash, must be in the chain for ever."""

    seq: int
    hash: str


@dataclass
class Walk:
    """What a walk along the chain has seen."""

    count: int = 0
    seq: int = 0
    hash: str = GENESIS
    findings: list[Finding] = field(default_factory=list)
    heads: dict[int, str] = field(default_factory=dict)  # seq -> hash, of the places asked for
    open: dict[int, str] = field(default_factory=dict)  # begun and not closed: seq -> action
    named: dict[int, bool] = field(default_factory=dict)  # snapshot -> found only afterwards
    attached: int | None = None


@dataclass(frozen=True)
class Report:
    """What an examination found."""

    events: int
    hash: str  # of the last event
    problems: tuple[Finding, ...]
    remarks: tuple[Finding, ...]  # good to know, no fault


def verify(exported: Iterable[Exported] = ()) -> list[Finding]:
    """Return what is wrong with the chain; nothing when all is well."""
    return list(examined(exported).problems)


def examined(exported: Iterable[Exported] = (), found: Iterable[Snapshot] | None = None) -> Report:
    """Walk along the whole chain, hold it against exported heads and against the ledger's snapshots.

    `exported`: heads that were kept elsewhere. `found`: the snapshots, each of which an event must name; the site's
    own ledger when it is not given.
    """
    snapshots_now = list(_snapshots() if found is None else found)
    heads = list(exported)
    before = Head.objects.filter(pk=Head.ONLY).first() or Head()
    walk = walked({before.seq, *(head.seq for head in heads)})
    after = Head.objects.filter(pk=Head.ONLY).first() or Head()
    findings = [*walk.findings, *_ends(walk, before, after), *_heads(walk, heads)]
    findings += [Finding("open", {"seq": seq, "action": action}) for seq, action in walk.open.items()]
    findings += _ledger(walk, snapshots_now)
    problems = tuple(finding for finding in findings if not finding.remark)
    return Report(walk.count, walk.hash, problems, tuple(finding for finding in findings if finding.remark))


def _snapshots() -> list[Snapshot]:
    """The ledger's snapshots; asked for before the chain is walked, so that each had its event by then."""
    return snapshots.every(site_ledger())


def walked(wanted: set[int]) -> Walk:
    """Walk along the chain once, remembering the hashes of the wanted places."""
    walk = Walk()
    for row in _rows(Event.objects):
        seq, action, previous, kept = row[0], row[5], row[10], row[11]
        if seq != walk.seq + 1:
            walk.findings.append(Finding("gap", {"first": walk.seq + 1, "last": seq - 1}))
        elif previous != walk.hash:
            walk.findings.append(Finding("broken", {"seq": seq}))
        if _digest(row) != kept:
            walk.findings.append(Finding("changed", {"seq": seq}))
        if seq in wanted:
            walk.heads[seq] = kept
        if action in WHOLE or action.endswith(MARKS):
            _note(walk, seq, action, row[9])
        walk.count, walk.seq, walk.hash = walk.count + 1, seq, kept
    return walk


def held(found: QuerySet[Event]) -> list[Finding]:
    """Return what is wrong with some events: changed in themselves, or not linked with those around them."""
    rows = list(_rows(found))
    around = {seq for row in rows for seq in (row[0] - 1, row[0] + 1)}
    beside = {seq: (previous, own) for seq, previous, own in
              Event.objects.filter(seq__in=around).values_list("seq", "previous", "hash")}  # fmt: skip
    findings = []
    for row in rows:
        seq, previous, kept = row[0], row[10], row[11]
        if _digest(row) != kept:
            findings.append(Finding("changed", {"seq": seq}))
        elif previous != beside.get(seq - 1, ("", GENESIS))[1]:
            findings.append(Finding("broken", {"seq": seq}))
        elif beside.get(seq + 1, (kept, ""))[0] != kept:
            findings.append(Finding("broken", {"seq": seq + 1}))
    return findings


def _rows(found: Manager[Event] | QuerySet[Event]) -> Iterator[tuple[Any, ...]]:
    """Read events in order, times as text: what a database turns into a time and back is slow, and less exact."""
    fields = [Cast("at", TextField()) if name == "at" else name for name in chain.FIELDS]
    return found.order_by("seq").values_list(*fields).iterator(chunk_size=CHUNK)


def _digest(row: tuple[Any, ...]) -> str:
    """Return what the hash of an event should be; nothing when a field is not even of its kind any more."""
    try:
        return chain.sealed(row[0], chain.moment(row[1]), *row[2:11])
    except (TypeError, ValueError):
        return ""


def _note(walk: Walk, seq: int, action: str, written: str) -> None:
    """Take in what an event says of the ledger."""
    try:
        facts = json.loads(written)
    except ValueError:
        return  # changed by somebody: its hash has said so
    if action.endswith(f".{BEGUN}"):
        walk.open[seq] = action
    elif action == ATTACHED:
        walk.attached = facts["from_snapshot"] if walk.attached is None else walk.attached
    elif "begun" in facts:
        walk.open.pop(facts["begun"], None)
    for number in facts.get("snapshots", ()):
        walk.named.setdefault(number, bool(facts.get("afterwards")))


def _ends(walk: Walk, before: Head, after: Head) -> list[Finding]:
    """Hold the end of the chain against the head kept in the database; events may come in while it is walked."""
    if not before.seq <= walk.seq <= after.seq or walk.heads.get(before.seq, GENESIS) != before.hash:
        return [Finding("end_differs", {"seq": walk.seq, "head": before.seq})]
    return []


def _heads(walk: Walk, heads: Iterable[Exported]) -> list[Finding]:
    found = []
    for head in heads:
        if head.seq > walk.seq:
            found.append(Finding("cut_off", {"last": walk.seq, "head": head.seq}))
        elif walk.heads.get(head.seq, GENESIS) != head.hash:
            found.append(Finding("other_chain", {"seq": head.seq}))
    return found


def _ledger(walk: Walk, found: Iterable[Snapshot]) -> list[Finding]:
    """Hold the ledger's snapshots against the events that name them."""
    if walk.attached is None:
        return [Finding("not_attached", {}, remark=True)]
    there = {one.number: one for one in found}
    since = {number: one for number, one in there.items() if number > walk.attached}
    missing = [Finding("no_event", _said(one)) for one in since.values() if one.number not in walk.named]
    later = [Finding("afterwards", _said(one), True) for one in since.values() if walk.named.get(one.number)]
    gone = [Finding("no_snapshot", {"snapshot": number}) for number in sorted(walk.named.keys() - there.keys())]
    return [*missing, *gone, *later]


def _said(one: Snapshot) -> dict[str, object]:
    return {"snapshot": one.number, "at": one.published_at, "action": one.action, "subject": one.subject[:12]}
