"""City profiles: people, area and budget by year, in the file that the ledger keeps (`cities.toml`)."""

from __future__ import annotations

from dataclasses import asdict

from django.http import Http404

from chorok.core.cities import City, profiles
from chorok.core.organisations import CITY_KINDS
from chorok.ledger import kept
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import announced
from chorok.site.config import ledger as site
from chorok.site.organisations import reach

NAME = "cities"


def has_profile(actor: Actor, code: str) -> bool:
    """Tell whether an organisation is of a kind that has a profile."""
    row = actor.tree.get(code, actor.today)
    return row is not None and row.kind in (*CITY_KINDS, "district")


def may_see(actor: Actor, code: str) -> bool:
    """Tell whether the actor may see a profile: whoever reaches the organisation, the coordinator left out."""
    return any(actor.may(right, code) for right in (reach.CHANGE, "performance.see"))


def of(actor: Actor, code: str) -> list[City]:
    """Return the profiles of an organisation in reach, the newest year first; none out of reach."""
    if not may_see(actor, code):
        return []
    found = [one for one in kept.every(site.ledger(), NAME, City) if one.code == code]
    return sorted(found, key=lambda one: -one.year)


def put(actor: Actor, *, profile: City) -> None:
    """Write the profile of a year, in place of the one that is there. Raises BadInputError for a number below one."""
    if not actor.may(reach.CHANGE, profile.code) or not has_profile(actor, profile.code):
        raise Http404
    ledger = site.ledger()
    profiles([profile], f"{NAME}.toml")
    with announced(
        actor, "organisations.profiled", subject=("city", f"{profile.code}/{profile.year}"), organisation=profile.code,
        **{name: str(value) for name, value in asdict(profile).items() if name not in ("code", "note", "source")},
    ), ledger.writing():  # fmt: skip
        every = kept.every(ledger, NAME, City)
        place = next((at for at, one in enumerate(every) if (one.code, one.year) == (profile.code, profile.year)), None)
        kept.put(ledger, NAME, profile, place)
