"""Whatever somebody types into an address is a number or is none."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from chorok.ledger.store import Ledger
from chorok.site.config.addresses import page_number, whole


@given(st.one_of(st.text(), st.integers(0).map(str), st.sampled_from(["²", "٣", "１", "-1", "1_0", " 1", "9" * 5000])))
def test_a_number_is_read_or_refused(text: str) -> None:
    plain = 0 < len(text) <= 18 and set(text) <= set("0123456789")
    assert whole(text) == (int(text) if plain else None)
    assert 1 <= page_number(RequestFactory().get("/?" + urlencode({"page": text}))) <= 1_000_000


@pytest.mark.parametrize("address", ["/audit/?before={}", "/audit/?who={}", "/performance/network/?year={}"])
@pytest.mark.parametrize("typed", ["²", "9" * 30, "x"])
def test_no_number_that_is_none_breaks_a_page(
    address: str, typed: str, signed_in: Callable[..., Client], read_ledger: Ledger
) -> None:
    role = "auditor" if "audit" in address else "coordinator"
    place = "T-26" if role == "auditor" else "T-NET"
    assert signed_in(role, place).get(address.format(typed)).status_code in (200, 400)
