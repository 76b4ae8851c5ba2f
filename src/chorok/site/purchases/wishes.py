"""What people said of a file, as intake understands it, and whose lines they may write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chorok.core.organisations import Tree
from chorok.ledger.figures import resolve
from chorok.site.accounts.rights import Actor
from chorok.site.config import ledger
from chorok.site.purchases.models import Mapping, Upload
from chorok.sources import profiles
from chorok.sources.intake import Said, Wish
from chorok.sources.understanding import Profile, RawTable

Allowed = Callable[[str | None], bool]


def wish_of(upload: Upload, allowed: Allowed | None = None) -> Wish:
    """Return all that was said of a file. Names of organisations are looked for below the one the file is for."""
    said: dict[str, Any] = upload.said
    return Wish(
        source=upload.source or None,
        answers={"organisation": upload.organisation},
        password=password_of(upload),
        overlap=said.get("overlap", "ask"),
        language=said.get("language", "ko"),
        tables={name: _said(name, one) for name, one in said.get("tables", {}).items()},
        allowed=allowed,
    )


def _said(name: str, one: dict[str, Any]) -> Said:
    profile = profiles.read(one["profile"], name) if one.get("profile") else None
    return Said(profile, one.get("answers", {}), bool(one.get("left_out")))


def standing(tree: Tree, reach: frozenset[str], written: str | None) -> str:
    """Tell whether lines of an organisation, as a file writes it, may come in: own, unknown or beyond.

    A name that nothing fits may come in as long as it can only ever mean somebody within reach.
    """
    code = resolve(tree, written)
    if code is not None:
        return "own" if code in reach else "beyond"
    scope, slash, _ = (written or "").partition("/")
    return "unknown" if slash and scope in reach else "beyond"


def allowed(actor: Actor) -> Allowed:
    """Return what tells whether the actor may write lines of an organisation into the ledger."""
    tree, reach = ledger.tree(), actor.reach("purchases.import")
    return lambda written: standing(tree, reach, written) != "beyond"


def saved_for(upload: Upload) -> Callable[[RawTable], Profile | None]:
    """Return what finds the saved mapping of a table: of the mappings that fit, the one that names most headers.

    Those of the organisation and of all above it count.
    """
    tree = ledger.tree()
    places = [upload.organisation, *tree.ancestors(upload.organisation)]
    known = list(Mapping.objects.filter(organisation__in=places))

    def find(table: RawTable) -> Profile | None:
        have = set(table.columns)
        fitting = [one for one in known if one.matches and have.issuperset(one.matches)]
        best = max(fitting, key=lambda one: (len(one.matches), -places.index(one.organisation)), default=None)
        return profiles.read(best.profile, best.name) if best else None

    return find


def keep_password(upload: Upload, password: str) -> None:
    """Keep the password of an archive beside the file, for its job alone; it goes when the file goes."""
    place = upload.folder / "password"
    place.touch(mode=0o600)
    place.write_text(password, encoding="utf-8")


def password_of(upload: Upload) -> str | None:
    """Return the password that was given for an archive."""
    place = upload.folder / "password"
    return place.read_text(encoding="utf-8") if place.exists() else None
