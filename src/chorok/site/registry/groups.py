"""Reads of item groups: their codes, guidelines, and how many certified products they have."""

from __future__ import annotations

from typing import Any

from chorok.ledger import evidence
from chorok.site.accounts.rights import Actor
from chorok.site.config import language
from chorok.site.registry.models import Guide
from chorok.site.registry.selectors import Known

Row = dict[str, Any]

SORTS = {"code", "name", "products", "certified"}


def listed(actor: Actor, known: Known, sort: str) -> list[Row]:
    """Return all item groups, by name unless another column is wished (`-` in front: downwards)."""
    counts, valid = known.catalogue.counts("group"), known.catalogue.counts("group", valid_on=actor.today)
    guides = Guide.objects.in_bulk()
    rows = [
        _row(known, row, counts, valid, guides.get(row["code"])) for row in known.registry.item_groups().to_pylist()
    ]
    column = sort.removeprefix("-")
    rows.sort(key=lambda row: (row[column if column in SORTS else "name"], row["code"]), reverse=sort.startswith("-"))
    return rows


def one(actor: Actor, known: Known, code: str) -> Row | None:
    """Return one item group with its guideline and sources; None for a code that is not there."""
    row = next((row for row in known.registry.item_groups().to_pylist() if row["code"] == code), None)
    if row is None:
        return None
    guide = Guide.objects.filter(pk=code).first()
    counts, valid = known.catalogue.counts("group"), known.catalogue.counts("group", valid_on=actor.today)
    found = _row(known, row, counts, valid, guide)
    spoken = language.current()
    texts = {"ko": guide.text_ko, "en": guide.text_en} if guide else {}
    return {
        **found,
        "guide": guide or Guide(code=code),
        "guideline": texts.get(spoken) or next((text for text in texts.values() if text), ""),
        "other_name": row["name_en" if spoken == "ko" else "name_ko"],
        "synonyms": row["synonyms"] or [],
        "in_force": _in_force(row, actor),
    }


def shared_codes(known: Known) -> list[tuple[str, list[str]]]:
    """Return codes that more than one item group claims, with the names of the groups."""
    found = evidence.shared_codes(known.registry.item_groups())
    return [(code, [known.names.get(group, group) for group in claimed]) for code, claimed in found]


def _row(known: Known, row: Row, counts: dict[str, int], valid: dict[str, int], guide: Guide | None) -> Row:
    said = guide.mandatory if guide and guide.mandatory is not None else bool(row["mandatory"])
    return {
        "code": row["code"],
        "name": known.names.get(row["code"], row["code"]),
        "codes": row["codes"] or [],
        "products": counts.get(row["code"], 0),
        "certified": valid.get(row["code"], 0),
        "mandatory": said,
        "derived": bool(row["derived"]),
        "since": row["standard_from"],
        "until": row["standard_until"],
        "source": row["source"],
    }


def _in_force(row: Row, actor: Actor) -> bool:
    begun = row["standard_from"] is None or row["standard_from"] <= actor.today
    return begun and (row["standard_until"] is None or actor.today < row["standard_until"])
