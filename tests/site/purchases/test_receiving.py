"""Bytes coming in: in pieces that can be resumed, whole by a form, refused with words."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from builders import CITY, OTHER_CITY
from chorok.core.errors import BadInputError
from chorok.ledger.store import Ledger
from chorok.site.purchases import receiving
from chorok.site.purchases.models import State, Upload

from .conftest import send, to_send


def begun(client: Client, path: Path, size: int | None = None) -> dict[str, Any]:
    data = {"organisation": CITY, "name": path.name, "size": size or path.stat().st_size}
    answer = client.post("/purchases/uploads/", data)
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def put(client: Client, address: str, offset: int, content: bytes) -> Any:
    return client.put(f"{address}?offset={offset}", content, content_type="application/octet-stream")


class TestPieces:
    def test_an_interrupted_file_goes_on_where_it_was(
        self, officer: Client, purchase_file: Callable[..., Path]
    ) -> None:
        path = purchase_file()
        content = path.read_bytes()
        told = begun(officer, path)
        assert put(officer, told["bytes"], 0, content[:50]).json()["received"] == 50
        again = put(officer, told["bytes"], 0, content[:50])
        assert (again.status_code, again.json()["received"]) == (409, 50)
        assert officer.get(told["bytes"]).json()["received"] == 50
        assert "이어서 보내기" in officer.get(told["page"]).content.decode()
        assert path.name in officer.get("/purchases/new/").content.decode()
        assert put(officer, told["bytes"], 50, content[50:]).json()["received"] == len(content)
        upload = Upload.objects.get(pk=told["id"])
        assert upload.state == State.READY
        assert upload.file.read_bytes() == content
        assert put(officer, told["bytes"], len(content), b"x").status_code == 409

    def test_more_than_was_said_is_refused(self, officer: Client, purchase_file: Callable[..., Path]) -> None:
        told = begun(officer, purchase_file(), size=10)
        answer = put(officer, told["bytes"], 0, b"x" * 11)
        assert (answer.status_code, answer.json()["received"]) == (409, 0)

    def test_only_within_reach_and_only_with_a_token(
        self, officer: Client, at_once: Callable[..., Client], purchase_file: Callable[..., Path]
    ) -> None:
        told = begun(officer, purchase_file())
        stranger = at_once("officer", OTHER_CITY)
        assert put(stranger, told["bytes"], 0, b"x").status_code == 404
        leader = at_once("leader", CITY)
        assert put(leader, told["bytes"], 0, b"x").status_code == 403
        assert stranger.post("/purchases/uploads/", {"organisation": CITY, "name": "x", "size": 1}).status_code == 404
        careful = Client(enforce_csrf_checks=True)
        careful.cookies = officer.cookies
        assert put(careful, told["bytes"], 0, b"x").status_code == 403
        assert Upload.objects.get(pk=told["id"]).received == 0

    def test_a_piece_is_never_read_whole(self, tmp_path: Path, settings: Any) -> None:
        class Endless(io.RawIOBase):
            largest, left = 0, 40 * receiving.BLOCK

            def read(self, size: int = -1) -> bytes:
                self.largest = max(self.largest, size)
                block = min(size, self.left)
                self.left -= block
                return bytes(block)

        settings.UPLOADS = tmp_path
        source = Endless()
        assert receiving.append(Upload(name="a", size=40 * receiving.BLOCK), 0, source) == 40 * receiving.BLOCK
        assert source.largest == receiving.BLOCK


class TestRefused:
    def test_too_large_or_no_space_is_said_before_anything_comes(
        self, officer: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.UPLOAD_LIMIT = 1000
        data = {"organisation": CITY, "name": "큰.csv", "size": 1001}
        assert "한도" in officer.post("/purchases/uploads/", data).json()["error"]
        monkeypatch.setattr(receiving, "SPARE", 1 << 60)
        answer = officer.post("/purchases/uploads/", {**data, "size": 900})
        assert (answer.status_code, "저장 공간" in answer.json()["error"]) == (400, True)
        assert "내용이 없습니다" in officer.post("/purchases/uploads/", {**data, "size": "0"}).json()["error"]
        assert officer.post("/purchases/uploads/", {**data, "size": "많음"}).status_code == 400
        assert not Upload.objects.exists()

    def test_a_form_that_grows_too_large_is_stopped_on_the_way(
        self, officer: Client, settings: Any, tmp_path: Path
    ) -> None:
        settings.UPLOAD_LIMIT = 100_000
        path = tmp_path / "큰.csv"
        path.write_bytes(b"x" * 300_000)
        answer = officer.post("/purchases/new/", {"organisation": CITY, "file": to_send(path)})
        assert answer.status_code == 400
        assert "한도" in answer.content.decode()
        assert not Upload.objects.exists()
        assert list(settings.UPLOADS.glob("*.upload")) == []

    def test_a_form_without_a_token_leaves_nothing_behind(
        self, officer: Client, settings: Any, purchase_file: Callable[..., Path]
    ) -> None:
        careful = Client(enforce_csrf_checks=True)
        careful.cookies = officer.cookies
        answer = careful.post("/purchases/new/", {"organisation": CITY, "file": to_send(purchase_file())})
        assert answer.status_code == 403
        assert list(settings.UPLOADS.glob("*")) == []

    def test_a_form_without_a_file_says_so(self, officer: Client) -> None:
        assert officer.post("/purchases/new/", {"organisation": CITY}).status_code == 400

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"%PDF-1.4\n" + b"x" * 100, "binary_file"),
            (b"<## NASCA DRM FILE DRMONE" + b"\0" * 100, "drm_protected"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "protected_workbook"),
            (b"PK\x03\x04 broken", "broken_archive"),
            (b"   \n \n", "empty_file"),
            ("구매일자,기관명,품명,금액\n".encode(), "only_header"),
        ],
    )
    def test_a_file_that_cannot_be_read_is_named_and_kept_until_it_is_dismissed(
        self, officer: Client, tmp_path: Path, content: bytes, code: str
    ) -> None:
        path = tmp_path / "파일.xlsx"
        path.write_bytes(content)
        upload = send(officer, path)
        assert (upload.state, upload.error) == (State.FAILED, code)
        assert "파일.xlsx" in officer.get(f"/purchases/uploads/{upload.pk}/").content.decode()
        assert upload.file.exists()
        assert officer.get(f"/purchases/uploads/{upload.pk}/dismiss/").status_code == 200
        assert officer.post(f"/purchases/uploads/{upload.pk}/dismiss/").status_code == 302
        assert not upload.folder.exists()
        assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\내 문서\\구매.csv", "구매.csv"),
        ("a\x00b\n.csv", "ab.csv"),
        ("...", "file"),
        ("", "file"),
    ],
)
def test_names_name_no_folder(given: str, kept: str) -> None:
    assert receiving.plain_name(given) == kept


def test_long_names_keep_their_ending() -> None:
    name = receiving.plain_name("구매내역" * 40 + ".xlsx")
    assert name.endswith(".xlsx")
    assert len(name.encode()) <= 180


def test_a_file_that_is_being_taken_in_is_not_dismissed(
    site_ledger: Ledger, officer: Client, purchase_file: Callable[..., Path]
) -> None:
    upload = send(officer, purchase_file())
    Upload.objects.filter(pk=upload.pk).update(state=State.IMPORTING)
    assert officer.post(f"/purchases/uploads/{upload.pk}/dismiss/").status_code == 302
    assert upload.file.exists()


def test_the_handler_names_what_it_refused(settings: Any, tmp_path: Path) -> None:
    settings.UPLOADS, settings.UPLOAD_LIMIT, settings.LEDGER = tmp_path, 10, tmp_path
    with pytest.raises(BadInputError, match="upload_too_large"):
        receiving.must_fit(11, SimpleUploadedFile("a", b"x").name or "")
