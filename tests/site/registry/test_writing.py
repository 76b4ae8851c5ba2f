"""One registry with two ways to write it: the site knows what it left there, and refuses what it does not know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

import builders
from builders import CITY
from chorok.core.errors import LedgerError, UsageError
from chorok.ledger import publishing
from chorok.ledger.registry import Registry, replace_source
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import announced
from chorok.site.registry import selectors, writing
from chorok.site.registry.models import RegistryState

pytestmark = [pytest.mark.django_db(transaction=True)]

ActorOf = Callable[..., Actor]


def _tables(number: str = "N-1") -> dict[str, Any]:
    one = builders.certificate(certificate_no=number, product_id="60000001", product_name="새의자")
    return {"certificates": builders.rows("certificates", [one])}


def _outside(ledger: Ledger, number: str = "O-1") -> None:
    rows = [builders.certificate(certificate_no=number, product_id="60000009", product_name="밖의자")]
    replace_source(ledger.path, "certificates", builders.rows("certificates", rows), "outside")


def test_the_site_keeps_which_versions_it_made(site_ledger: Ledger, actor: ActorOf) -> None:
    state = writing.post(actor("officer", CITY), "imported", "list", _tables())
    assert state.settled
    assert state.versions == Registry.open(site_ledger.path).versions
    assert writing.changed_outside(site_ledger) == []


def test_a_change_from_outside_stops_every_write_and_is_not_shown(site_ledger: Ledger, actor: ActorOf) -> None:
    officer = actor("officer", CITY)
    writing.post(officer, "imported", "list", _tables())
    _outside(site_ledger)
    assert writing.changed_outside(site_ledger) == ["certificates"]
    with pytest.raises(LedgerError, match="registry_changed_outside"):
        writing.post(officer, "imported", "list", _tables("N-2"))
    with pytest.raises(LedgerError, match="registry_changed_outside"), announced(officer, "purchases.imported"):
        pytest.fail("the write went on")
    assert selectors.registry().of_source("certificates", "outside").num_rows == 0


def test_what_came_from_outside_can_be_taken_over(
    site_ledger: Ledger, actor: ActorOf, signed_in: Callable[..., Client]
) -> None:
    officer = actor("officer", CITY)
    writing.post(officer, "imported", "list", _tables())
    _outside(site_ledger)
    client = signed_in("officer", CITY)
    assert "/registry/take-over/" in client.get("/registry/versions/").content.decode()
    assert client.post("/registry/take-over/").status_code == 302
    assert writing.changed_outside(site_ledger) == []
    assert RegistryState.objects.all()[0].action == "taken_over"
    assert "밖의자" in client.get("/registry/", {"q": "밖의자"}).content.decode()
    writing.post(officer, "imported", "list", _tables("N-2"))


def test_a_crash_in_the_midst_is_not_taken_for_somebody_elses_change(
    site_ledger: Ledger, actor: ActorOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = actor("officer", CITY)
    writing.post(officer, "imported", "list", _tables())

    def die(*_: object, **__: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "publish", die)
        with pytest.raises(SystemExit):
            writing.post(officer, "imported", "list", _tables("N-2"))
    assert not RegistryState.objects.all()[0].settled
    state = writing.post(officer, "imported", "list", _tables("N-2"))
    assert state.settled
    assert writing.changed_outside(site_ledger) == []
    assert Registry.open(site_ledger.path).of_source("certificates", "list")["certificate_no"].to_pylist() == ["N-2"]


def test_organisations_that_another_app_wrote_are_the_sites_own(site_ledger: Ledger, actor: ActorOf) -> None:
    officer = actor("officer", CITY)
    writing.post(officer, "imported", "list", _tables())
    rows = [*builders.ORGANISATIONS, {"code": "T-NEW", "name_ko": "새과", "kind": "department", "parent": CITY}]
    with announced(officer, "organisations.created"):
        replace_source(site_ledger.path, "organisations", builders.rows("organisations", rows), "test")
    assert writing.changed_outside(site_ledger) == []
    assert RegistryState.objects.all()[0].action == "organisations"


def test_without_the_right_nothing_is_written(site_ledger: Ledger, actor: ActorOf) -> None:
    with pytest.raises(UsageError, match="registry_no_rights"):
        writing.post(actor("purchaser", CITY), "imported", "list", _tables())
    assert not RegistryState.objects.exists()
