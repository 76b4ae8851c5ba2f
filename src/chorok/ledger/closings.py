"""Closed periods: figures as they were sent, what became of them, and what has changed since (rules 1.11).

`closings.toml` holds the steps, only ever added to. What was sent lies in
`closings/<organisation>/<period>/<version>/`: `figures.json`, and beside it the files that went out.
No later import, verdict or registry change touches them.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import narwhals as nw

from chorok.core import periods
from chorok.core.calendar.closing import Standing, Step
from chorok.core.calendar.duties import Sent
from chorok.core.errors import BadInputError, LedgerError, UsageError
from chorok.core.measures.share import Amounts
from chorok.core.periods import Period
from chorok.ledger import drilldown, figures, kept
from chorok.ledger.drilldown import Wanted
from chorok.ledger.engines import open_engine
from chorok.ledger.figures import Question
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger, write_whole

NAME = "closings"
GRAINS = ("year", "half", "quarter")
"""Periods that can be closed: those for which figures are sent."""

Key = tuple[str, str]
"""(organisation, period)"""

Allow = Callable[[Standing], None]


@dataclass(frozen=True)
class Record:
    """What was sent: sums by item group and currency (None: item group not known), lines and money by batch."""

    organisation: str
    period: str
    definition: str
    definition_hash: str
    basis: str
    snapshot: int
    published_at: str
    registry: int
    items: Mapping[tuple[str | None, str], Amounts]
    batches: Mapping[str, tuple[int, int]]
    files: Mapping[str, str]  # name -> SHA-256

    def total(self) -> dict[str, Amounts]:
        """Return the sums by currency."""
        sums: dict[str, Amounts] = {}
        for (_, currency), amounts in self.items.items():
            sums[currency] = sums.get(currency, Amounts()) + amounts
        return sums


def period_of(text: str) -> tuple[str, Period]:
    """Return the name of a period that can be closed and its days. Raises UsageError for months and longer ones."""
    period = periods.parse(text)
    numbered = periods.numbered(period)
    if numbered is None or numbered[0] not in GRAINS:
        raise UsageError("closing_period", period=text)
    return periods.label(numbered[1], numbered[0]), period


def standings(ledger: Ledger) -> dict[Key, Standing]:
    """Return where each period stands on which a step was taken.

    Raises BadInputError when the steps contradict each other, which only a change by hand can bring about.
    """
    found: dict[Key, Standing] = {}
    for number, step in enumerate(kept.every(ledger, NAME, Step), 1):
        key = step.organisation, step.period
        try:
            found[key] = found.get(key, Standing()).after(step)
        except UsageError as error:
            raise BadInputError("closings_contradict", number=number, organisation=key[0], period=key[1]) from error
    return found


def steps_of(ledger: Ledger, organisation: str, period: str) -> list[Step]:
    """Return all steps of one period (as `period_of` names it), oldest first."""
    found = kept.every(ledger, NAME, Step)
    return [step for step in found if (step.organisation, step.period) == (organisation, period)]


def sent(ledger: Ledger) -> tuple[Sent, ...]:
    """Return what stands as sent or was accepted, as the calendar takes it."""
    return tuple(
        Sent(*key, step.on, step.by, standing.fulfilled is not None)
        for key, standing in standings(ledger).items()
        if (step := standing.fulfilled or (standing.sent if standing.stands_as_sent else None))
    )


def take(ledger: Ledger, step: Step, allow: Allow | None = None) -> Standing:
    """Take a step that sends no figures. Raises UsageError for one that may not follow or lies in the future.

    `allow` is asked under the ledger's lock where the period stands, and raises when the step may not be taken.
    """
    step = replace(step, period=period_of(step.period)[0])
    with ledger.writing():
        if allow:
            allow(standings(ledger).get((step.organisation, step.period), Standing()))
        return _add(ledger, step)


def submit(ledger: Ledger, published: Published, step: Step, attach: Callable[[Path], None]) -> Standing:
    """Send a period's figures: keep them as they are at the published snapshot, with the files that `attach` writes.

    `step` says who, when, which definition and basis. All is there or nothing. Raises UsageError closing_not_over,
    closing_no_data, and as `take`.
    """
    label, period = period_of(step.period)
    step = replace(step, period=label)
    if step.on < period.until:
        raise UsageError("closing_not_over", period=step.period, until=period.until, on=step.on)
    with ledger.writing():
        before = standings(ledger).get((step.organisation, step.period), Standing())
        step = replace(step, version=1 + (before.sent.version if before.sent else 0))
        _allowed(ledger, before, step)
        record = measured(published, step)
        if not record.items:
            raise UsageError("closing_no_data", organisation=step.organisation, period=step.period)
        return _add(ledger, replace(step, snapshot=record.snapshot, sha256=_lay_down(ledger, step, record, attach)))


def _allowed(ledger: Ledger, before: Standing, step: Step) -> Standing:
    if step.on > ledger.today:
        raise UsageError("day_ahead", on=step.on, today=ledger.today)
    return before.after(step)


def _add(ledger: Ledger, step: Step) -> Standing:
    before = standings(ledger).get((step.organisation, step.period), Standing())
    if step.verb != "submit":
        step = replace(step, version=before.sent.version if before.sent else 0)
    reached = _allowed(ledger, before, step)
    kept.append(ledger, NAME, step)
    return reached


def folder_of(ledger: Ledger, organisation: str, period: str, version: int) -> Path:
    """Return where a version of what was sent lies; a code is written so that it can be no path."""
    safe = re.sub(r"[^\w-]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), organisation)
    return ledger.path / NAME / safe / period / str(version)


def _lay_down(ledger: Ledger, step: Step, record: Record, attach: Callable[[Path], None]) -> str:
    """Write the files whole, under their final name last; return the SHA-256 of the figures.

    A folder without a step is what a crash left, and is replaced.
    """
    folder = folder_of(ledger, step.organisation, step.period, step.version)
    draft = folder.with_name(folder.name + ".draft")
    for left in (draft, folder):
        shutil.rmtree(left, ignore_errors=True)
    draft.mkdir(parents=True)
    attach(draft)
    files = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(draft.iterdir())}
    text = _written(replace(record, files=files))
    write_whole(draft / "figures.json", text)
    draft.replace(folder)
    return hashlib.sha256(text.encode()).hexdigest()


def _written(record: Record) -> str:
    items = [
        {"item": item, "currency": currency, **asdict(amounts)} for (item, currency), amounts in record.items.items()
    ]
    lines = [{"batch": batch, "lines": count, "amount": sum_} for batch, (count, sum_) in record.batches.items()]
    plain = {**{name: getattr(record, name) for name in PLAIN}, "items": items, "batches": lines}
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


PLAIN = (
    "organisation", "period", "definition", "definition_hash", "basis", "snapshot", "published_at", "registry", "files",
)  # fmt: skip
"""Keys of `figures.json` that are written as they are."""


def as_sent(ledger: Ledger, step: Step) -> Record:
    """Return what a step sent. Raises LedgerError when it is gone or is not what was sent."""
    folder = folder_of(ledger, step.organisation, step.period, step.version)
    text = _unaltered(folder / "figures.json", step.sha256).decode()
    data = json.loads(text)
    for name, sha256 in data["files"].items():
        _unaltered(folder / name, sha256)
    items = {
        (one.pop("item"), one.pop("currency")): Amounts(**{name: int(value) for name, value in one.items()})
        for one in data.pop("items")
    }
    lines = {one["batch"]: (one["lines"], one["amount"]) for one in data.pop("batches")}
    return Record(**data, items=items, batches=lines)


def _unaltered(file: Path, sha256: str) -> bytes:
    content = file.read_bytes() if file.is_file() else None
    if content is None or hashlib.sha256(content).hexdigest() != sha256:
        raise LedgerError("closing_altered", file=file)
    return content


def measured(published: Published, step: Step) -> Record:
    """Return the figures of a step's organisation and period as they are at a snapshot."""
    _, period = period_of(step.period)
    definition = published.definition(step.definition)
    question = Question(("item",), step.basis, step.definition, period, step.organisation)
    answer = figures.summary(published, question)
    items = {(figure.keys[0], figure.currency): figure.amounts for figure in answer.figures}
    return Record(
        step.organisation,
        step.period,
        step.definition,
        definition.hash(),
        step.basis,
        answer.snapshot,
        answer.published_at,
        answer.registry,
        items,
        _by_batch(published, Wanted(period, step.organisation, definition=step.definition)),
        {},
    )


def _by_batch(published: Published, wanted: Wanted) -> dict[str, tuple[int, int]]:
    lines = drilldown.frame(published, open_engine(), wanted)
    sums: Any = lines.group_by("batch").agg(nw.len().alias("lines"), nw.col("amount").sum().cast(nw.Int64))
    rows = sums.sort("batch").collect("pyarrow").rows(named=True)
    return {row["batch"]: (int(row["lines"]), int(row["amount"])) for row in rows}


@dataclass(frozen=True)
class Differences:
    """What was sent beside what the ledger would say now, under the same definition and on the same basis.

    `items` and `batches` hold only what differs, as (sent, now); `causes` are codes of what is not as it was:
    lines, registry, decisions, model, definition.
    """

    step: Step
    sent: Record
    now: Record
    items: dict[tuple[str | None, str], tuple[Amounts, Amounts]]
    batches: dict[str, tuple[tuple[int, int], tuple[int, int]]]
    causes: tuple[str, ...]


CAUSES = ("lines", "registry", "decisions", "model", "definition")


def differences(ledger: Ledger, published: Published, organisation: str, period: str) -> Differences:
    """Compare what was last sent with a snapshot. Raises UsageError closing_nothing_sent, and as `as_sent`."""
    label, _ = period_of(period)
    step = standings(ledger).get((organisation, label), Standing()).sent
    if step is None:
        raise UsageError("closing_nothing_sent", organisation=organisation, period=label)
    before, now = as_sent(ledger, step), measured(published, step)
    batches = _unequal(before.batches, now.batches, (0, 0))
    causes = _causes(ledger, published, before, now, lines=bool(batches))
    return Differences(step, before, now, _unequal(before.items, now.items, Amounts()), batches, causes)


def _unequal(before: Mapping[Any, Any], now: Mapping[Any, Any], none: Any) -> dict[Any, tuple[Any, Any]]:
    pairs = {key: (before.get(key, none), now.get(key, none)) for key in {**before, **now}}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


def _causes(ledger: Ledger, published: Published, before: Record, now: Record, *, lines: bool) -> tuple[str, ...]:
    then, today = Published.at(ledger, str(before.snapshot)).snapshot, published.snapshot
    differs = {
        "lines": lines,
        "registry": then.registry != today.registry,
        "decisions": then.decisions != today.decisions,
        "model": then.model != today.model,
        "definition": before.definition_hash != now.definition_hash,
    }
    return tuple(cause for cause in CAUSES if differs[cause])
