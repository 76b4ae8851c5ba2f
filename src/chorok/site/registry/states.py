"""Reads of the registry's states: where its rows come from, and what a change did to the figures."""

from __future__ import annotations

from typing import Any

from chorok.core.measures.share import SUMS, Amounts
from chorok.core.money import percent
from chorok.ledger.schema import REGISTRY
from chorok.site.accounts.rights import Actor
from chorok.site.config import ledger as ledgers
from chorok.site.registry import selectors
from chorok.site.registry.models import RegistryState


def sources() -> list[dict[str, Any]]:
    """Return table, source and number of rows of all that the registry holds."""
    registry = selectors.registry()
    return [
        {"table": name, "source": source, "rows": rows, "version": registry.versions.get(name)}
        for name in REGISTRY
        for source, rows in registry.sources(name).items()
    ]


def shown_effect(actor: Actor, state: RegistryState) -> list[dict[str, Any]]:
    """Return what a change did to the figures of the cities whose figures the actor may see (rules section 4)."""
    reach, names = actor.reach("performance.see"), ledgers.names()
    return [{**_compared(one), "name": names.show("city", one["city"])} for one in state.effect if one["city"] in reach]


def _compared(one: dict[str, Any]) -> dict[str, Any]:
    before, after = (Amounts(**{name: int(one[when][name]) for name in SUMS}) for when in ("before", "after"))
    was, now = before.share().value, after.share().value
    return {
        "year": one["year"],
        "currency": one["currency"],
        "before": percent(was),
        "after": percent(now),
        "points": None if was is None or now is None else percent(now - was),
        "green": after.green - before.green,
        "undetermined": after.undetermined - before.undetermined,
        "moves": [
            {"before": old, "after": new, "lines": lines, "amount": int(amount)}
            for old, new, lines, amount in one["moves"]
        ],
    }
