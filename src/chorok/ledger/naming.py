"""Codes as people call them: names of organisations and item groups in a language."""

from __future__ import annotations

from dataclasses import dataclass

from chorok.core.organisations import Tree
from chorok.ledger.registry import Registry


@dataclass(frozen=True)
class Names:
    """Names by dimension and code."""

    by_dimension: dict[str, dict[str, str]]

    @classmethod
    def of(cls, registry: Registry, language: str) -> Names:
        """Read the names that a registry has in a language ('ko' or 'en'), the other language where one is missing."""
        other = "en" if language == "ko" else "ko"
        tables = {"organisation": registry.table("organisations"), "item": registry.item_groups()}
        named = {
            dimension: {
                row["code"]: row[f"name_{language}"] or row[f"name_{other}"] or row["code"] for row in table.to_pylist()
            }
            for dimension, table in tables.items()
        }
        places = dict.fromkeys(("network", "city", "district"), named["organisation"])
        return cls({**named, **places})

    @property
    def coded(self) -> tuple[str, ...]:
        """The dimensions that have codes beside their names."""
        return tuple(self.by_dimension)

    def show(self, dimension: str, key: str | None) -> str | None:
        """Return the name of a key; a key without one stands for itself."""
        return None if key is None else self.by_dimension.get(dimension, {}).get(key, key)


def full_name(tree: Tree, names: Names, code: str) -> str:
    """Return the name of an organisation, with its city in front unless it says that itself."""
    own, city = (names.show("organisation", one) for one in (code, tree.city_of(code)))
    return f"{city} {own}" if own and city and city not in own else own or code
