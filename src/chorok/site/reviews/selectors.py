"""What a reviewer sees: the queue, one product with its candidates, and what waits. Always within the actor's reach."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import QuerySet
from django.http import Http404

from chorok.core.errors import UsageError
from chorok.core.matching.text import normalise_supplier
from chorok.ledger import decisions, lookup, one_product, review
from chorok.ledger.engines import quoted
from chorok.ledger.explain import Explanation, explain
from chorok.ledger.published import Published
from chorok.ledger.registry import Registry
from chorok.ledger.review import Queue, Wanted
from chorok.site.accounts.rights import Actor
from chorok.site.config import ledger as site
from chorok.site.reviews import rules
from chorok.site.reviews.models import OPEN, Review, State

MOST_LINES = 100
MOST_CANDIDATES = 9
"""As many as there are digits to choose them by."""


@dataclass(frozen=True)
class Sums:
    """How much of a product was bought, by currency (smallest units); `gross` without signs."""

    lines: int = 0
    amount: Mapping[str, int] = field(default_factory=dict)
    gross: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, days: Iterable[Mapping[str, Any]]) -> Sums:
        """Add up what `one_product.days` returns."""
        amount: dict[str, int] = defaultdict(int)
        gross: dict[str, int] = defaultdict(int)
        count = 0
        for one in days:
            count += one["lines"]
            amount[one["currency"]] += one["amount"]
            gross[one["currency"]] += one["gross"]
        return cls(count, dict(amount), dict(gross))


@dataclass(frozen=True)
class Candidate:
    """A certificate that may be the product's, and how it compares with what was bought."""

    certificate_no: str
    basis: str | None
    item_group: str | None
    names: tuple[str, ...]
    models: tuple[str, ...]
    supplier: str | None
    valid_from: date | None
    valid_until: date | None
    revoked_on: date | None
    status: str | None
    same_supplier: bool
    same_model: bool
    covered: Sums

    @property
    def certain(self) -> bool:
        """False for a certificate revoked or given up on a day that nobody knows (rules 1.5)."""
        return self.valid_from is not None and not (
            self.status in ("revoked", "given_up", "unknown") and self.revoked_on is None
        )


@dataclass(frozen=True)
class Product:
    """One product as its page shows it: everything of the actor's own organisations."""

    key: int
    told: Explanation
    sums: Sums
    open_sums: Sums
    city_gross: Mapping[str, int]  # of the whole city: what the policy looks at
    organisation: str  # where the actor would decide, or sees it
    city: str
    lines: list[dict[str, Any]]
    candidates: list[Candidate]
    unnumbered: list[dict[str, Any]]  # near ones that have no certificate to choose
    reviews: list[Review]
    elsewhere: bool  # a decision holds that was not made within the actor's reach
    seen: str


def queue(actor: Actor, wanted: Wanted, limit: int | None, start: int = 0) -> Queue:
    """Return undetermined products bought by organisations in reach; `wanted.organisations` narrows it further."""
    return review.page(site.published(), within(actor, wanted), limit, start)


def within(actor: Actor, wanted: Wanted) -> Wanted:
    """Return what is wanted, of the organisations in reach alone."""
    reach = actor.reach(rules.SEE)
    asked = reach if wanted.organisations is None else reach & set(wanted.organisations)
    return Wanted(**{**wanted.__dict__, "organisations": asked})


def product(actor: Actor, key: int, words: str = "") -> Product:
    """Return a product of which somebody in reach bought something; else Http404. `words` look for more candidates."""
    published = site.published()
    try:
        told = explain(published, f"P{key}")
    except UsageError as error:
        raise Http404 from error
    every = one_product.days(published, key)
    reach = actor.reach(rules.SEE)
    written = review.spelled(published, {one["organisation"] for one in every}, reach)
    own = [one for one in every if one["organisation"] in written]
    if not own:
        raise Http404
    place = place_of(actor, published, written)
    city = actor.tree.city_of(place, actor.today) or place
    in_city = review.spelled(
        published, {one["organisation"] for one in every}, actor.tree.subtree(city, actor.today) | {place}
    )
    candidates, unnumbered = _candidates(published, told, own, words)
    reviews = list(seen_reviews(actor).filter(product_key=key).order_by("-pk"))
    return Product(
        key,
        told,
        Sums.of(own),
        Sums.of(one for one in own if one["state"] == "undetermined"),
        Sums.of(one for one in every if one["organisation"] in in_city).gross,
        place,
        city,
        one_product.lines(published, key, written, MOST_LINES),
        candidates,
        unnumbered,
        reviews,
        _decided_elsewhere(told, reviews),
        stamp(key, city),
    )


def place_of(actor: Actor, published: Published, written: Collection[str]) -> str:
    """Return the organisation at which the actor decides about lines so written, failing that sees them."""
    for right in (rules.DECIDE, rules.SEE):
        for place in actor.places(right):
            if review.spelled(published, written, actor.tree.subtree(place, actor.today)):
                return place
    raise Http404


def stamp(key: int, city: str) -> str:
    """Return a mark that changes whenever somebody decides about a product in a city, or a decision counts anywhere."""
    own = Review.objects.filter(product_key=key, city=city).order_by("-pk").values_list("pk", "state").first()
    counted = (
        Review.objects.filter(product_key=key, state__in=(State.CONFIRMED, State.PUBLISHED))
        .order_by("-pk").values_list("pk", "state").first()
    )  # fmt: skip
    text = json.dumps([own, counted, held(key)], default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def held(key: int) -> dict[str, Any] | None:
    """Return the decision on a product that the ledger holds now, published or about to be; dates as ISO text."""
    table = decisions.read(site.ledger())
    found = table.filter(pc.equal(table["product_key"], key)).to_pylist()
    return {name: _plain(value) for name, value in found[0].items()} if found else None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _decided_elsewhere(told: Explanation, reviews: Iterable[Review]) -> bool:
    by = told.evidence.get("decided_by") if told.verdict["method"] == "human" else None
    return by is not None and by not in {signature(one) for one in reviews}


def signature(one: Review) -> str:
    """Return how the ledger names who decided: the review, so that no person passes to another city (rules 4)."""
    return f"review:{one.pk}"


def seen_reviews(actor: Actor) -> QuerySet[Review]:
    """Return the reviews of organisations in reach."""
    return Review.objects.filter(organisation__in=actor.reach(rules.SEE)).select_related(
        "proposed_by", "proposed_for", "second_by", "second_for"
    )


def waiting(actor: Actor) -> QuerySet[Review]:
    """Return what waits for a second person, the biggest first."""
    return seen_reviews(actor).filter(state=State.PROPOSED).order_by("-amount", "pk")


def ready(actor: Actor) -> QuerySet[Review]:
    """Return what was decided and is not published yet."""
    return seen_reviews(actor).filter(state=State.CONFIRMED).order_by("pk")


def open_of(actor: Actor, keys: Iterable[int]) -> dict[int, Review]:
    """Return the open reviews in reach of some products, by key."""
    return {one.product_key: one for one in seen_reviews(actor).filter(product_key__in=list(keys), state__in=OPEN)}


def descriptions(keys: Collection[int]) -> dict[int, str]:
    """Return what products are called in the files, by key."""
    table = pa.table({"product_key": pa.array(list(keys), pa.int64())})
    connection = site.ledger().connection()
    connection.register("asked", table)
    rows = connection.execute(
        "SELECT product_key, coalesce(nullif(concat_ws(' ', description, specification), ''), product_id, "
        f"'P' || product_key) FROM read_parquet({quoted(site.published().derived('products'))}) "
        "JOIN asked USING (product_key)"
    ).fetchall()
    connection.close()
    return {int(key): str(text) for key, text in rows}


def registry() -> Registry:
    """Return the registry of the newest published state, read once for each."""
    return _opened(site.published())


_kept: dict[tuple[str, int], Registry] = {}


def _opened(published: Published) -> Registry:
    key = str(published.ledger.path), published.snapshot.number
    if key not in _kept:
        _kept.clear()
        _kept[key] = published.registry
    return _kept[key]


def _candidates(
    published: Published, told: Explanation, own: list[dict[str, Any]], words: str
) -> tuple[list[Candidate], list[dict[str, Any]]]:
    """Return the certificates to choose from, found ones first, and near products that have no number."""
    certificates = _opened(published).certificates()
    best = [int(one["row"]) for one in told.evidence.get("best", []) if one.get("row", -1) < certificates.num_rows]
    rows = [certificates.slice(row, 1).to_pylist()[0] for row in best]
    if words.strip():
        rows = [*lookup.search(published.ledger, _opened(published), words, MOST_CANDIDATES * 3), *rows]
    numbered: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["certificate_no"]:
            numbered[row["certificate_no"]].append(row)
    found = [_candidate(group, told, own) for group in list(numbered.values())[:MOST_CANDIDATES]]
    return found, [row for row in rows if not row["certificate_no"]]


def _candidate(rows: list[dict[str, Any]], told: Explanation, own: list[dict[str, Any]]) -> Candidate:
    first = rows[0]
    models = tuple(dict.fromkeys(row["model"] for row in rows if row["model"]))
    sellers = _makers(told.product["supplier_no"], told.product["supplier_name"])
    text = _letters(" ".join(told.product[name] or "" for name in ("description", "specification")))
    covered = [one for one in own if _covers(first, one["bought_on"])]
    return Candidate(
        first["certificate_no"],
        first["basis"],
        first["item_group"],
        tuple(dict.fromkeys(row["product_name"] for row in rows if row["product_name"])),
        models,
        first["supplier_name"],
        first["valid_from"],
        first["valid_until"],
        first["revoked_on"],
        first["status"],
        same_supplier=bool(sellers & _makers(first["supplier_no"], first["supplier_name"])),
        same_model=any(_letters(model) in text for model in models),
        covered=Sums.of(covered),
    )


def _makers(number: str | None, name: str | None) -> set[str]:
    return {number or "", normalise_supplier(name or "")} - {""}


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _covers(row: Mapping[str, Any], day: date) -> bool:
    begun = row["valid_from"] is None or row["valid_from"] <= day
    printed = row["valid_until"] is None or day <= row["valid_until"]
    return begun and printed and (row["revoked_on"] is None or day < row["revoked_on"])
