"""Takes the example network's raw files through the same path a user's files take, and checks the figures."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chorok.core.money import Share
from chorok.demo import office
from chorok.demo.build import build
from chorok.demo.day import DEMO_DAY
from chorok.demo.manifest import Manifest, Step
from chorok.demo.published import TABLE_1, Row1
from chorok.ledger import decisions, figures, learning, publishing, snapshots, tallies
from chorok.ledger.engines import open_engine, quoted
from chorok.ledger.figures import Question
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger
from chorok.sources import certificates, decided, intake
from chorok.sources.intake import Intake, Wish
from chorok.wording import Language

Told = Callable[[str, int, int], None]
EXAMPLES = 4_000
"""Coded products to learn item groups from: enough for the few groups of the demo."""
CITY_CODES = {"Busan": "DEMO-26", "Daejeon": "DEMO-30"}


@dataclass(frozen=True)
class Compared:
    """One row of Table 1: the published figure beside ours."""

    row: Row1
    share: Share


@dataclass(frozen=True)
class Errors:
    """Automatic verdicts against the truth, in lines that have an item group; `wrong_*` were decided wrongly."""

    lines: int
    decided: int
    wrong_green: int
    wrong_not_green: int
    wrong_amount: int
    open_lines: int


@dataclass
class Outcome:
    """All that a run of the demo found."""

    manifest: Manifest
    ledger: Ledger
    registry: list[tuple[str, int, int]] = field(default_factory=list)  # file, rows received, accepted
    intakes: list[tuple[Step, Intake]] = field(default_factory=list)
    learned: dict[str, object] = field(default_factory=dict)
    methods: list[dict[str, Any]] = field(default_factory=list)
    errors: Errors | None = None
    before: list[Compared] = field(default_factory=list)
    after: list[Compared] = field(default_factory=list)
    decided: int = 0
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        """True when Table 1 comes out to the printed digit (Daejeon 2016: to the figure that is possible)."""
        from chorok.core.money import decimals_shown, percent

        return len(self.after) == len(TABLE_1) and all(
            str(percent(one.share.value, decimals_shown(one.row.calibrated_share))) == one.row.calibrated_share
            for one in self.after
        )


def run(folder: Path, *, told: Told, language: Language = "en", scale: float = 1.0) -> Outcome:
    """Build the example network under `folder` and take it in: registry, purchases, review decisions.

    An earlier demo's ledger in the folder is replaced; it is told apart by its manifest.
    """
    started = time.monotonic()
    manifest = build(folder, lambda _part, done, total: told("demo_build", done, total), scale=scale)
    ledger = _fresh_ledger(folder)
    outcome = Outcome(manifest, ledger)
    _registry(outcome, told)
    for number, step in enumerate(step for step in manifest.steps if step.verb in ("purchases", "mended")):
        told("demo_import", number, len(manifest.steps))
        outcome.intakes.append((step, _purchases(outcome, step, language)))
    _match(outcome, told)
    outcome.before = table_1(ledger)
    outcome.errors = _errors(outcome)
    _decide(outcome, told)
    office.write(ledger)
    outcome.after = table_1(ledger)
    outcome.seconds = time.monotonic() - started
    return outcome


def _fresh_ledger(folder: Path) -> Ledger:
    import shutil

    place = folder / "ledger"
    shutil.rmtree(place, ignore_errors=True)
    return Ledger.create(place, DEMO_DAY.isoformat())


def _registry(outcome: Outcome, told: Told) -> None:
    steps = [step for step in outcome.manifest.steps if step.verb in ("organisations", "item_groups", "certificates")]
    for number, step in enumerate(steps):
        told("demo_registry", number, len(steps))
        work = outcome.ledger.path / "staging"
        work.mkdir(exist_ok=True)
        file = certificates.read(outcome.manifest.folder / step.path, work, read_on=DEMO_DAY)
        certificates.post(outcome.ledger.path, file)
        outcome.registry.append((step.path, file.account.received, file.account.accepted))


def _purchases(outcome: Outcome, step: Step, language: Language) -> Intake:
    options = step.options
    overlap: intake.Overlap = "replace" if options.get("replace") else "add" if step.verb == "mended" else "ask"
    answers = {"organisation": options["organisation"]} if options.get("organisation") else {}
    wish = Wish(options.get("source"), None, answers, None, overlap, language)
    return intake.take_in(outcome.ledger, outcome.manifest.folder / step.path, wish, publish=False)


def _match(outcome: Outcome, told: Told) -> None:
    """Publish all that was posted, learn item groups from its coded lines, and match what no code decides anew."""
    ledger = outcome.ledger
    with ledger.writing():
        first = publishing.publish(ledger, "import", "demo", told=told)
        told("learning", 0, 1)
        outcome.learned = learning.learn(ledger, first.number, most=EXAMPLES).facts
        publishing.publish(ledger, "match", "", told=told)
    outcome.methods = tallies.methods(Published.at(ledger))


def _decide(outcome: Outcome, told: Told) -> None:
    known = decided.Known.of(Published.at(outcome.ledger))
    path = next(step.path for step in outcome.manifest.steps if step.verb == "decisions")
    found = decided.read(outcome.manifest.folder / path, known, decided_by="demo", decided_on=DEMO_DAY)
    with outcome.ledger.writing():
        decisions.write(outcome.ledger, found.decisions)
        publishing.publish(outcome.ledger, "decisions", path, told=told)
    outcome.decided = found.decisions.num_rows


def table_1(ledger: Ledger) -> list[Compared]:
    """Return our figures beside those of Table 1 of both cities."""
    answer = figures.answer(Published.at(ledger), open_engine(), Question(("year", "city")))
    shares = {figure.keys: figure.amounts.share() for figure in answer.figures}
    return [Compared(row, shares.get((str(row.year), CITY_CODES[row.city]), Share(0, 0))) for row in TABLE_1]


def _errors(outcome: Outcome) -> Errors:
    """Count automatic verdicts that the truth contradicts. Only counting reads the truth."""
    published = Published.at(outcome.ledger, str(snapshots.at(outcome.ledger, None).number))
    engine = open_engine()
    from chorok.core.definitions import load

    connection = engine.connection
    connection.register("l", published.lines(engine).to_native())
    connection.register("t", published.timeline(engine, load("national")).to_native())
    truth = quoted(outcome.manifest.folder / "truth" / "lines.parquet")
    row = connection.execute(
        f"""
        WITH said AS (
          SELECT l.product_key, amount, year(bought_on) AS year, state FROM l JOIN t USING (product_key)
          WHERE valid_from <= bought_on AND bought_on < valid_until
        ), ours AS (
          SELECT product_key, year, amount, state, row_number() OVER same AS n FROM said
          WINDOW same AS (PARTITION BY product_key, year, amount ORDER BY state)
        ), theirs AS (
          SELECT product_key, year, amount, green, row_number() OVER (PARTITION BY product_key, year, amount
            ORDER BY green DESC) AS n FROM {truth} WHERE item_group IS NOT NULL
        )
        SELECT count(*), count(*) FILTER (WHERE state IN ('green', 'not_green')),
          count(*) FILTER (WHERE state = 'green' AND NOT green), count(*) FILTER (WHERE state = 'not_green' AND green),
          coalesce(sum(amount) FILTER (WHERE (state = 'green') <> green AND state <> 'undetermined'), 0)::HUGEINT,
          count(*) FILTER (WHERE state = 'undetermined')
        FROM ours JOIN theirs USING (product_key, year, amount, n)
        """
    ).fetchone()
    return Errors(*(int(value) for value in row or ()))
