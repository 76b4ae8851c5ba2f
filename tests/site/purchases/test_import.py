"""From a file to the account of an import, through the pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import builders
from builders import CITY, OTHER_CITY, WEST
from chorok.core.money import percent
from chorok.ledger import batches
from chorok.ledger.store import Ledger
from chorok.site.audit.models import Event
from chorok.site.purchases.models import State, Upload

from .conftest import bring_in, form_of, send, to_send


def batches_of(ledger: Ledger, state: str) -> int:
    return len([one for one in batches.every(ledger) if one.state == state])


def shares_of(ledger: Ledger) -> dict[str | None, str]:
    found = builders.ask(ledger, "year", organisation=CITY).figures
    return {one.keys[0]: str(percent(one.amounts.share().value)) for one in found}


def test_a_file_is_looked_at_first_and_then_taken_in(
    site_ledger: Ledger, officer: Client, purchase_file: Callable[..., Path]
) -> None:
    before = builders.totals(site_ledger)
    upload = send(officer, purchase_file(bad=2))
    assert upload.state == State.READY
    assert builders.totals(site_ledger) == before
    page = officer.get(f"/purchases/uploads/{upload.pk}/").content.decode()
    assert "납품요구일자" in page
    upload = bring_in(officer, upload)
    assert upload.state == State.IMPORTED, (upload.error, upload.error_params)
    lines, amount = builders.totals(site_ledger)
    assert (lines - before[0], amount - before[1]) == (3, 3_000)
    account = officer.get(f"/purchases/imports/{upload.batch}/").content.decode()
    assert "반려" in account
    assert not upload.folder.exists()
    assert upload.name in officer.get("/purchases/").content.decode()


def keyless(path: Path, *rows: str, head: str = "구매일자,기관명,품명,금액") -> Path:
    path.write_text("\n".join((head, *rows)) + "\n", encoding="cp949")
    return path


class TestReach:
    def test_lines_of_another_city_stop_the_import_and_are_named(
        self, site_ledger: Ledger, officer: Client, tmp_path: Path
    ) -> None:
        before = builders.totals(site_ledger)
        rows = [builders.keyed(70_000, org=CITY), builders.keyed(70_001, org=OTHER_CITY)]
        head = {**builders.HEADERS, "org": "수요기관코드"}
        path = tmp_path / "두 도시.csv"
        names = [name for name in head if name in rows[0]]
        lines = [",".join(head[name] for name in names), *(",".join(row[name] for name in names) for row in rows)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        upload = send(officer, path)
        assert upload.seen["organisations"]["beyond"] == [[OTHER_CITY, "beyond", 1, 1000]]
        upload = bring_in(officer, upload)
        assert upload.state == State.READY
        assert builders.totals(site_ledger) == before
        # Also when somebody gets past the page, intake itself stops.
        Upload.objects.filter(pk=upload.pk).update(seen={**upload.seen, "organisations": {}})
        upload.refresh_from_db()
        upload = bring_in(officer, upload)
        assert (upload.state, upload.error) == (State.READY, "organisations_not_allowed")
        assert OTHER_CITY in upload.error_params["organisations"]
        assert builders.totals(site_ledger) == before
        assert batches_of(site_ledger, "posting") == 0

    def test_a_district_officer_imports_for_the_own_district_only(
        self, site_ledger: Ledger, at_once: Callable[..., Client], tmp_path: Path
    ) -> None:
        client = at_once("district_officer", WEST)
        rows = ["2020-03-02,동구,의자,100", "2020-03-03,서구,의자,200"]
        answer = client.post("/purchases/new/", {"organisation": CITY, "file": to_send(keyless(tmp_path / "1.csv"))})
        assert answer.status_code == 400
        upload = send(client, keyless(tmp_path / "2.csv", *rows), WEST)
        organisations = upload.seen["organisations"]
        assert [row[:2] for row in organisations["own"]] == [[f"{WEST}/서구", "own"]]
        assert [row[:2] for row in organisations["unknown"]] == [[f"{WEST}/동구", "unknown"]]
        assert not organisations["beyond"]
        upload = bring_in(client, upload, unplaced="yes")
        assert upload.state == State.IMPORTED
        added = [row for row in builders.posted(site_ledger) if row["batch"] == upload.batch]
        assert {row["organisation"] for row in added} == {f"{WEST}/서구", f"{WEST}/동구"}

    def test_what_another_city_sends_does_not_exist(
        self, officer: Client, at_once: Callable[..., Client], purchase_file: Callable[..., Path]
    ) -> None:
        upload = send(officer, purchase_file())
        done = bring_in(officer, send(officer, purchase_file("둘.csv", first=60_000)))
        stranger = at_once("officer", OTHER_CITY)
        for rest in (f"uploads/{upload.pk}/", f"uploads/{upload.pk}/bytes/", f"uploads/{upload.pk}/dismiss/"):
            assert stranger.get(f"/purchases/{rest}").status_code == 404, rest
        for rest in ("", "file/", "undo/"):
            assert stranger.get(f"/purchases/imports/{done.batch}/{rest}").status_code == 404, rest
        assert stranger.post(f"/purchases/uploads/{upload.pk}/", {"do": "import"}).status_code == 404
        assert stranger.post(f"/purchases/imports/{done.batch}/undo/").status_code == 404
        assert "구매내역.csv" not in stranger.get("/purchases/").content.decode()
        assert "둘.csv" not in stranger.get("/purchases/").content.decode()

    @pytest.mark.parametrize("role", ["purchaser", "coordinator", "administrator", "inspector"])
    def test_who_has_no_right_is_refused(self, at_once: Callable[..., Client], role: str) -> None:
        client = at_once(role)
        assert client.get("/purchases/").status_code == 403
        assert client.get("/purchases/new/").status_code == 403
        assert client.post("/purchases/uploads/", {}).status_code == 403

    def test_who_may_only_see_cannot_import_or_undo(
        self, officer: Client, at_once: Callable[..., Client], purchase_file: Callable[..., Path]
    ) -> None:
        upload = send(officer, purchase_file())
        done = bring_in(officer, send(officer, purchase_file("둘.csv", first=60_000)))
        leader = at_once("leader")
        assert leader.get("/purchases/").status_code == 200
        assert leader.get(f"/purchases/uploads/{upload.pk}/").status_code == 200
        assert leader.post(f"/purchases/uploads/{upload.pk}/", form_of(upload, do="import")).status_code == 404
        assert leader.get("/purchases/new/").status_code == 403
        assert leader.post(f"/purchases/imports/{done.batch}/undo/").status_code == 403
        assert leader.post(f"/purchases/uploads/{upload.pk}/dismiss/").status_code == 403


class TestQuestions:
    def test_a_period_that_is_there_already_is_asked_about_and_replaced(
        self, site_ledger: Ledger, officer: Client, tmp_path: Path
    ) -> None:
        bring_in(officer, send(officer, keyless(tmp_path / "1.csv", "2020-03-02,가람시,의자,100")))
        before = builders.totals(site_ledger)
        upload = send(officer, keyless(tmp_path / "2.csv", "2020-03-02,가람시,의자,300", "2020-03-04,가람시,책상,5"))
        assert [(one["lines"], one["amount"]) for one in upload.seen["covered"]] == [(1, 100)]
        assert bring_in(officer, upload).state == State.READY
        assert builders.totals(site_ledger) == before
        upload = bring_in(officer, upload, overlap="replace")
        assert upload.state == State.IMPORTED
        assert builders.totals(site_ledger) == (before[0] + 1, before[1] + 205)
        page = officer.get(f"/purchases/imports/{upload.batch}/").content.decode()
        assert "구매내역 1건(100" in page

    def test_two_notes_on_the_unit_are_a_question_with_an_answer(
        self, site_ledger: Ledger, officer: Client, tmp_path: Path
    ) -> None:
        path = tmp_path / "단위.csv"
        path.write_text(
            "(단위: 천원),,,\n구매일자,기관명,품명,금액(백만원)\n2020-03-02,가람시,의자,7\n", encoding="cp949"
        )
        upload = send(officer, path)
        assert upload.seen["tables"][0]["error"]["code"] == "unit_notes_disagree"
        page = officer.get(f"/purchases/uploads/{upload.pk}/").content.decode()
        assert "서로 다릅니다" in page
        assert "--column" not in page
        officer.post(f"/purchases/uploads/{upload.pk}/", form_of(upload, do="check", **{"t0-amount_unit": "천원"}))
        upload.refresh_from_db()
        assert upload.seen["tables"][0]["accepted"] == [1, 7_000]

    def test_corrected_columns_are_looked_at_again_before_they_are_taken_in(
        self, site_ledger: Ledger, officer: Client, tmp_path: Path
    ) -> None:
        path = keyless(tmp_path / "1.csv", "2020-03-02,가람시,의자,100,900", head="구매일자,기관명,품명,금액,배정예산")
        upload = send(officer, path)
        before = builders.totals(site_ledger)
        changed = {"t0-c3": "", "t0-c4": "amount", "t0-factor": "1000"}
        upload = bring_in(officer, upload, **changed)
        assert upload.state == State.READY
        assert upload.seen["tables"][0]["accepted"] == [1, 900_000]
        upload = bring_in(officer, upload)
        assert upload.state == State.IMPORTED
        assert builders.totals(site_ledger) == (before[0] + 1, before[1] + 900_000)

    def test_one_field_cannot_be_read_from_two_columns(
        self, officer: Client, purchase_file: Callable[..., Path]
    ) -> None:
        upload = send(officer, purchase_file())
        answer = officer.post(
            f"/purchases/uploads/{upload.pk}/", form_of(upload, do="check", **{"t0-c0": "amount", "t0-c1": "amount"})
        )
        assert answer.status_code == 400

    def test_the_same_file_again_is_said_to_be_there(
        self, site_ledger: Ledger, officer: Client, purchase_file: Callable[..., Path]
    ) -> None:
        first = bring_in(officer, send(officer, purchase_file()))
        before = builders.totals(site_ledger)
        upload = send(officer, purchase_file())
        assert upload.seen["already"] == first.batch
        upload = bring_in(officer, upload)
        assert upload.result["already"] is True
        assert builders.totals(site_ledger) == before


class TestUndo:
    def test_undoing_takes_the_lines_out_and_keeps_the_record(
        self, site_ledger: Ledger, officer: Client, purchase_file: Callable[..., Path]
    ) -> None:
        before = builders.totals(site_ledger)
        upload = bring_in(officer, send(officer, purchase_file()))
        assert builders.totals(site_ledger) != before
        asked = officer.get(f"/purchases/imports/{upload.batch}/undo/")
        assert "3" in asked.content.decode()
        told = {year: pair for year, pair, _ in asked.context["shares"]}
        now = shares_of(site_ledger)
        assert told
        assert all(now[year] in pair[0] for year, pair in told.items())
        assert officer.post(f"/purchases/imports/{upload.batch}/undo/").status_code == 302
        assert builders.totals(site_ledger) == before
        left = shares_of(site_ledger)
        assert all(left.get(year, "자료 없음") in pair[1] for year, pair in told.items())
        assert "철회" in officer.get(f"/purchases/imports/{upload.batch}/").content.decode()
        again = officer.post(f"/purchases/imports/{upload.batch}/undo/")
        assert again["Location"] == f"/purchases/imports/{upload.batch}/"
        assert [event.action for event in Event.objects.filter(action__startswith="purchases.undo")] == [
            "purchases.undo.begun", "purchases.undo.done",
        ]  # fmt: skip
        back = bring_in(officer, send(officer, purchase_file()))
        assert back.batch == upload.batch
        assert builders.totals(site_ledger) == (before[0] + 3, before[1] + 3_000)


def test_a_city_sees_no_import_of_the_command_line_that_is_not_all_its_own(
    site_ledger: Ledger, officer: Client, at_once: Callable[..., Client]
) -> None:
    assert "T-26.csv" in officer.get("/purchases/").content.decode()
    assert "T-30.csv" not in officer.get("/purchases/").content.decode()
    assert "T-26.csv" not in at_once("district_officer", WEST).get("/purchases/").content.decode()


def test_the_list_asks_the_database_a_fixed_number_of_times(
    site_ledger: Ledger, officer: Client, purchase_file: Callable[..., Path], django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        upload = send(officer, purchase_file(f"{number}.csv", first=60_000 + number * 100, bad=3))
    with django_assert_max_num_queries(14):
        officer.get("/purchases/")
    upload = bring_in(officer, upload)
    with django_assert_max_num_queries(14):
        officer.get(f"/purchases/imports/{upload.batch}/")
    with django_assert_max_num_queries(16):
        officer.get(f"/purchases/imports/{upload.batch}/rejected/0/")
