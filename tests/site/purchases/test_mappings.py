"""Saved mappings: saved with a file, found again by headers, changed and forgotten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.test import Client

import builders
from builders import CITY, OTHER_CITY, WEST
from chorok.ledger.store import Ledger
from chorok.site.purchases.models import Mapping, State
from chorok.sources import profiles

from .conftest import bring_in, form_of, send

HEAD = "전표일자,기관명,적요,집행금액,배정액"


def ours(path: Path, *rows: str, head: str = HEAD) -> Path:
    path.write_text("\n".join((head, *rows)) + "\n", encoding="cp949")
    return path


def saved(client: Client, path: Path) -> Mapping:
    """Save the mapping of a file in which the amount is another column than it seems."""
    upload = send(client, path)
    columns = upload.seen["tables"][0]["columns"]
    given = {f"t0-c{place}": "" for place in range(len(columns))}
    meant = {"전표일자": "payment_date", "기관명": "organisation_name", "적요": "description", "배정액": "amount"}
    given |= {f"t0-c{columns.index(column)}": field for column, field in meant.items()}
    bring_in(client, upload, **{**given, "t0-save_as": "회계 전표", "t0-factor": "1000"})
    return Mapping.objects.get()


def test_a_saved_mapping_is_found_again_by_its_headers(site_ledger: Ledger, officer: Client, tmp_path: Path) -> None:
    mapping = saved(officer, ours(tmp_path / "1.csv", "2020-03-02,가람시,의자,10,20"))
    assert mapping.organisation == CITY
    assert profiles.read(mapping.profile, "x").ignored == ("집행금액",)
    wider = ours(tmp_path / "2.csv", "2020-04-02,가람시,책상,30,40,메모", head=HEAD + ",메모")
    upload = send(officer, wider)
    table = upload.seen["tables"][0]
    assert (table["profile"], table["saved"]) == ("회계 전표", True)
    assert table["accepted"] == [1, 40_000]
    assert upload.source == mapping.source
    before = builders.totals(site_ledger)
    assert bring_in(officer, upload).state == State.IMPORTED
    assert builders.totals(site_ledger) == (before[0] + 1, before[1] + 40_000)


def test_another_unit_than_the_saved_one_is_a_question(officer: Client, tmp_path: Path) -> None:
    saved(officer, ours(tmp_path / "1.csv", "2020-03-02,가람시,의자,10,20"))
    path = tmp_path / "2.csv"
    path.write_text(f"(단위: 원),,,,\n{HEAD}\n2020-04-02,가람시,책상,30000,40000\n", encoding="cp949")
    upload = send(officer, path)
    assert upload.seen["tables"][0]["unit_differs"]
    assert bring_in(officer, upload).state == State.READY
    assert "금액 단위가 저장된 서식과 다름" in officer.get(f"/purchases/uploads/{upload.pk}/").content.decode()
    upload = bring_in(officer, upload, **{"t0-factor": "1"})
    assert upload.seen["tables"][0]["accepted"] == [1, 40_000]
    assert bring_in(officer, upload).state == State.IMPORTED


def test_a_district_uses_the_mapping_of_its_city_and_another_city_does_not(
    officer: Client, at_once: Callable[..., Client], tmp_path: Path
) -> None:
    mapping = saved(officer, ours(tmp_path / "1.csv", "2020-03-02,가람시,의자,10,20"))
    upload = send(at_once("district_officer", WEST), ours(tmp_path / "2.csv", "2020-03-02,서구,의자,10,20"), WEST)
    assert upload.seen["tables"][0]["saved"]
    stranger = at_once("officer", OTHER_CITY)
    upload = send(stranger, ours(tmp_path / "3.csv", "2020-03-02,누리시,의자,10,20"), OTHER_CITY)
    assert not upload.seen["tables"][0]["saved"]
    for rest in ("", "file/", "delete/"):
        assert stranger.get(f"/purchases/mappings/{mapping.pk}/{rest}").status_code == 404
    assert "회계 전표" not in stranger.get("/purchases/mappings/").content.decode()


def test_a_mapping_is_changed_handed_out_and_forgotten(officer: Client, tmp_path: Path) -> None:
    mapping = saved(officer, ours(tmp_path / "1.csv", "2020-03-02,가람시,의자,10,20"))
    address = f"/purchases/mappings/{mapping.pk}/"
    page = officer.get(address)
    assert page.status_code == 200
    form = page.context["form"]
    data = {form.add_prefix(name): form[name].initial or "" for name in form.fields if name != "read"}
    answer = officer.post(address, {**data, "t0-read": "on", "t0-save_as": "전표(새 이름)", "t0-factor": "1"})
    assert answer.status_code == 302
    mapping.refresh_from_db()
    assert (mapping.name, profiles.read(mapping.profile, "x").understanding.multiplier) == ("전표(새 이름)", 1)
    text = officer.get(f"{address}file/").content.decode()
    assert profiles.read(text, "x").name == "전표(새 이름)"
    without = {**data, "t0-read": "on", **{name: "" for name in data if name.startswith("t0-c") and name[4:].isdigit()}}
    assert officer.post(address, without).status_code == 400
    officer.post(f"{address}delete/")
    assert not Mapping.objects.exists()


def test_a_file_is_not_saved_as_a_mapping_unless_it_is_named(officer: Client, tmp_path: Path) -> None:
    upload = send(officer, ours(tmp_path / "1.csv", "2020-03-02,가람시,의자,10,20"))
    officer.post(f"/purchases/uploads/{upload.pk}/", form_of(upload, do="check"))
    assert not Mapping.objects.exists()
