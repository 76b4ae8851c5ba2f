"""Learning item groups from the coded lines of the ledger itself; models are kept, since snapshots name them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from chorok.core.errors import BadInputError
from chorok.core.matching.groups import GroupModel
from chorok.ledger.engines import Connection, quoted
from chorok.ledger.group_models import load_model, save_model
from chorok.ledger.registry import Registry
from chorok.ledger.store import Ledger, write_whole

FEWEST_EXAMPLES = 20
"""Coded products an item group needs to be learned; below it the names and synonyms decide (design section 4)."""
MOST_EXAMPLES = 200_000


@dataclass(frozen=True)
class Learned:
    """What was learned: the model's name and the facts measured on makers held out."""

    name: str
    facts: dict[str, object]


def current(ledger: Ledger) -> str:
    """Return the name of the model in use, '' for none."""
    pointer = ledger.path / "models" / "current"
    return pointer.read_text(encoding="utf-8").strip() if pointer.exists() else ""


def model(ledger: Ledger, name: str) -> GroupModel | None:
    """Return a model by name, None for ''. Raises LedgerError when it cannot be read."""
    return load_model(ledger.path / "models" / name) if name else None


def learn(ledger: Ledger, snapshot: int, *, most: int = MOST_EXAMPLES) -> Learned:
    """Learn from the coded products of a snapshot and use the model from now on.

    Of more than `most` coded products an arbitrary but fixed choice is taken; the fact `coded` says of how many.
    Raises BadInputError groups_too_few when there is too little to learn from. The caller holds the write lock.
    """
    rows = _examples(ledger, snapshot, most)
    if not rows:
        raise BadInputError("groups_too_few", texts=0, labels=0, makers=0, folds=5)
    texts, labels, makers, coded = zip(*rows, strict=True)
    learned = GroupModel.learn(texts, labels, makers, snapshot=snapshot)
    learned.facts["coded"] = coded[0]
    name = f"s{snapshot}"
    save_model(learned, ledger.path / "models" / name)
    write_whole(ledger.path / "models" / "current", name)
    return Learned(name, learned.facts)


def _examples(ledger: Ledger, snapshot: int, most: int) -> list[tuple[str, str, str, int]]:
    """Return text, item group ('-': a code that no group has) and maker of coded products, and how many there are."""
    connection = ledger.connection()
    try:
        products = ledger.path / "derived" / str(snapshot) / "products.parquet"
        return _coded(connection, Registry.open(ledger.path), products, most).fetchall()
    finally:
        connection.close()


def _coded(connection: Connection, registry: Registry, products: Path, most: int) -> Connection:
    connection.register("codes", registry.codes())
    return connection.execute(
        f"""
        WITH coded AS (
          SELECT concat_ws(' ', p.description, p.specification) AS text,
            coalesce(d.item_group, c.item_group, '-') AS label,
            coalesce(p.supplier_no, p.supplier_name, '') AS maker
          FROM read_parquet({quoted(products)}) p
          LEFT JOIN codes d ON d.code = p.detail_code LEFT JOIN codes c ON c.code = p.class_code
          WHERE (p.class_code IS NOT NULL OR p.detail_code IS NOT NULL) AND p.description IS NOT NULL
        ), known AS (SELECT label FROM coded GROUP BY label HAVING count(*) >= {FEWEST_EXAMPLES}),
        examples AS (SELECT DISTINCT text, label, maker FROM coded SEMI JOIN known USING (label))
        SELECT text, label, maker, count(*) OVER () FROM examples
        ORDER BY hash(text, maker), text, label, maker LIMIT {most}
        """
    )
