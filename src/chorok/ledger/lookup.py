"""One product at a time: what certificate numbers, supplier + model and the text index say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pyarrow as pa

from chorok.core.matching.group_words import GroupWords, ItemGroupText
from chorok.core.matching.groups import GroupModel
from chorok.core.matching.models import spelled_models
from chorok.core.matching.names import NamedCandidate, NameVerdict, ProductText, decide
from chorok.core.matching.text import certificate_nos, model_codes, normalise_certificate_no
from chorok.ledger.listed import Listed, supplier_key
from chorok.ledger.names import NameIndex, named_candidates
from chorok.ledger.registry import Registry
from chorok.ledger.store import Ledger

Product = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """What a look-up says of one product: a row of the table `looked_up`."""

    product_key: int
    certificate_rows: list[int]
    item_group: str | None
    state: str  # decided | undetermined | out_of_scope
    method: str
    score: float | None
    group_method: str | None
    group_score: float | None
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    """An item group, how it was found, and how surely."""

    code: str | None
    method: str | None
    score: float | None = None


class Lookup:
    """Looks products up by text in one registry snapshot."""

    def __init__(self, listed: Listed, index: NameIndex | None, words: GroupWords, model: GroupModel | None) -> None:
        self.listed, self.index, self.words, self.model = listed, index, words, model

    @classmethod
    def open(cls, ledger: Ledger, registry: Registry, model: GroupModel | None = None) -> Lookup:
        """Open the certificates and the text index of a registry snapshot, made when they are not there yet."""
        listed = Listed.of(ledger, registry)
        index = names_of(ledger, registry) if listed.rows.num_rows else None
        groups = [_words(row) for row in registry.item_groups().to_pylist()]
        return cls(listed, index, GroupWords.of(groups), model)

    def find(self, products: Sequence[Product], *, evidence: bool = True) -> list[Found]:
        """Return what is found of each product, in order.

        Without `evidence` a text that names no model is not looked up: it stays undetermined whatever is like it, and
        what is like it only serves a person who has to decide.
        """
        texts = [_text(product) for product in products]
        groups = self._groups(products, texts)
        first = [self._without_names(*one) for one in zip(products, texts, groups, strict=True)]
        unread = [place for place, found in enumerate(first) if found is None]
        asked = [texts[place] if evidence or _names_a_model(texts[place]) else "" for place in unread]
        near = self._near(asked)
        for place, candidates in zip(unread, near, strict=True):
            first[place] = self._by_name(products[place], texts[place], groups[place], candidates)
        return [found for found in first if found is not None]

    def _near(self, texts: Sequence[str]) -> list[list[NamedCandidate]]:
        return named_candidates(self.listed.read, self.index.search(texts)) if self.index and texts else []

    def _without_names(self, product: Product, text: str, group: Group) -> Found | None:
        """What can be told without the text index, which takes longest."""
        rows = sorted({row for number in certificate_nos(text) for row in self._numbered(number)})
        if rows:
            group = self._group_of(rows, group)
            numbers = sorted(set(self.listed.column("certificate_no", rows)))
            return _found(product, rows, group, "decided", "certificate_number", None, {"certificates": numbers})
        if group.code == "-":
            outside = Group(None, group.method, group.score)
            return _found(product, [], outside, "out_of_scope", "text", None, {"reason": "no_group_fits"})
        if self.index is None:
            return _found(product, [], group, "undetermined", "none", None, {"reason": "registry_empty"})
        return None

    def _by_name(self, product: Product, text: str, group: Group, near: list[NamedCandidate]) -> Found:
        maker = supplier_key(product["supplier_no"], product["supplier_name"])
        query = ProductText(text, product["supplier_name"] or "", product["supplier_no"] or "")
        verdict = decide(query, near, supplier_models=self._models(maker))
        evidence = {**verdict.evidence, "best": self._shown(verdict)}
        if verdict.state == "accepted":
            rows = list(verdict.rows)
            method = "supplier_model" if verdict.evidence.get("supplier") == "same" else "name"
            return _found(product, rows, self._group_of(rows, group), "decided", method, verdict.score, evidence)
        absent = verdict.state == "not_found" and group.code is not None
        return _found(product, [], group, "decided" if absent else "undetermined", "name", verdict.score, evidence)

    def _numbered(self, number: str) -> list[int]:
        return cast("list[int]", self.listed.by_number.holding(number).tolist())

    def _models(self, maker: str) -> list[str]:
        """All certified models of a maker; an unnamed one has none that could tell anything."""
        rows = self.listed.by_supplier.holding(maker).tolist() if maker else []
        each = zip(self.listed.column("model", rows), self.listed.column("aliases", rows), strict=True)
        return [name for model, aliases in each for name in (model, *(aliases or ())) if name]

    def _shown(self, verdict: NameVerdict) -> list[dict[str, Any]]:
        names = ("certificate_no", "product_name", "model", "supplier_name")
        shown = self.listed.read(verdict.rows, names)
        return [{"row": row, **one} for row, one in zip(verdict.rows, shown, strict=True)]

    def _group_of(self, rows: list[int], known: Group) -> Group:
        if known.method in ("detail_code", "class_code"):
            return known
        of_certificate = next((group for group in self.listed.column("item_group", rows) if group), None)
        return Group(of_certificate, "certificate") if of_certificate else known

    def _groups(self, products: Sequence[Product], texts: Sequence[str]) -> list[Group]:
        """The item group of each product: by code, by the source's own word, by the learned model, by words."""
        hinted = self.words.apply([product["item_hint"] or "" for product in products])
        learned = self.model.apply(texts) if self.model else [(None, 0.0)] * len(texts)
        worded = self.words.apply([f"{p['description'] or ''} {p['specification'] or ''}" for p in products])
        return [_group(*given) for given in zip(products, hinted, learned, worded, strict=True)]


def _names_a_model(text: str) -> bool:
    return bool(spelled_models(text) or model_codes(text))


def _group(
    product: Product,
    hinted: tuple[str | None, float],
    learned: tuple[str | None, float],
    worded: tuple[str | None, float],
) -> Group:
    if product["item_group"]:
        return Group(product["item_group"], product["group_method"])
    for (code, score), method in ((hinted, "hint"), (learned, "text"), (worded, "words")):
        if code is not None:
            return Group(code, method, score)
    return Group(None, None)


def _found(
    product: Product,
    rows: list[int],
    group: Group,
    state: str,
    method: str,
    score: float | None,
    evidence: dict[str, Any],
) -> Found:
    if state == "decided" and group.code is None and not rows:
        state = "undetermined"
    return Found(product["product_key"], rows, group.code, state, method, score, group.method, group.score, evidence)


def _text(product: Product) -> str:
    return " ".join(product[name] for name in ("supplier_name", "description", "specification") if product[name])


def names_of(ledger: Ledger, registry: Registry) -> NameIndex:
    """Open the index of a certificates version: a folder of its own, made when it is not there, never changed."""
    folder = ledger.path / "index" / str(registry.versions.get("certificates", -1))
    return NameIndex.open(folder) if folder.exists() else NameIndex.build(folder, registry.certificates())


def _words(group: dict[str, Any]) -> ItemGroupText:
    terms = (group["name_ko"], group["name_en"], *(group["synonyms"] or ()))
    return ItemGroupText(group["code"], tuple(term for term in terms if term))


def search(ledger: Ledger, registry: Registry, words: str, limit: int) -> list[dict[str, Any]]:
    """Return certificates that a person's words mean, best first: by number or identification number, else by name.

    Without words the first ones of the registry.
    """
    certificates = registry.certificates()
    if not certificates.num_rows or not words.strip():
        every: list[dict[str, Any]] = certificates.slice(0, limit).to_pylist()
        return every
    number = normalise_certificate_no(words)
    exact = [
        row
        for row, (written, product) in enumerate(
            zip(certificates["certificate_no"].to_pylist(), certificates["product_id"].to_pylist(), strict=True)
        )
        if product == words.strip() or (written and normalise_certificate_no(written) == number)
    ]
    rows = exact or [candidate.row for candidate in names_of(ledger, registry).search([words], limit)[0]]
    found: list[dict[str, Any]] = certificates.take(pa.array(rows[:limit], pa.int64())).to_pylist()
    return found
