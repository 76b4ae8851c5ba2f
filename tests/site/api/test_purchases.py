"""Files through the interface: sent, looked at, taken in, accounted for, withdrawn; once for each key."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

import builders
from builders import CITY, OTHER_CITY
from chorok.core.errors import BadInputError
from chorok.ledger.store import Ledger
from chorok.site.api.models import IdempotentCall
from chorok.site.audit.models import Event
from chorok.site.purchases import receiving
from chorok.site.purchases.models import Upload
from jobs_done import finish_jobs

pytestmark = pytest.mark.django_db
Call = Callable[..., Any]


def file(tmp_path: Path, good: int = 3, bad: int = 0, first: int = 50_000) -> bytes:
    lines = [builders.keyed(first + number, org=CITY, name="의자") for number in range(good)]
    lines += [builders.keyed(first + 900 + number, org=CITY, name="의자", day="미정") for number in range(bad)]
    return builders.write_csv(tmp_path / "내역.csv", lines).read_bytes()


def test_a_file_is_sent_looked_at_taken_in_and_withdrawn(site_ledger: Ledger, caller: Call, tmp_path: Path) -> None:
    program, before = caller("officer", CITY), builders.totals(site_ledger)
    sent = program("POST", "/purchases/uploads", file(tmp_path, bad=2), organisation=CITY, name="내역.csv")
    assert sent.status_code == 202, sent.content
    place = sent["Location"].removeprefix("/api/v1")
    assert sent.json()["state"] == "reading"
    finish_jobs()
    looked = program.get(place).json()
    assert (looked["state"], looked["received"], looked["questions"]) == ("ready", looked["size"], [])
    begun = program.post(f"{place}/import", {})
    assert begun.status_code == 202, begun.content
    finish_jobs()
    job = program.get(f"/jobs/{begun.json()['id']}").json()
    assert (job["state"], job["kind"], job["error"]) == ("done", "purchases.import", None)
    account = program.get(f"/purchases/imports/{job['batch']}").json()
    total = account["total"]
    assert [total[name]["lines"] for name in ("received", "accepted", "rejected")] == [5, 3, 2]
    assert total["accepted"] == {"lines": 3, "amount": 3_000}
    assert sum(one["lines"] for one in total["reasons"]) == 2
    rejects = program.get(f"/purchases/imports/{job['batch']}/rejects", size=1)
    assert (rejects.json()["total"], len(rejects.json()["items"])) == (2, 1)
    assert 'rel="next"' in rejects["Link"]
    assert builders.totals(site_ledger) == (before[0] + 3, before[1] + 3_000)
    assert program.post(f"/purchases/imports/{job['batch']}/withdraw").status_code == 202
    finish_jobs()
    assert builders.totals(site_ledger) == before
    assert program.post(f"/purchases/imports/{job['batch']}/withdraw").status_code == 409
    assert Event.objects.get(action="purchases.upload_begun").via == "token"


def test_a_file_in_pieces_goes_on_where_it_stopped(site_ledger: Ledger, caller: Call, tmp_path: Path) -> None:
    program, content = caller("officer", CITY), file(tmp_path)
    begun = program.post("/purchases/uploads/pieces", {"organisation": CITY, "name": "a.csv", "size": len(content)})
    assert begun.status_code == 201, begun.content
    place = begun["Location"].removeprefix("/api/v1")
    assert program("PUT", f"{place}/bytes", content[:100], offset=0).json()["received"] == 100
    wrong = program("PUT", f"{place}/bytes", content[50:], offset=50)
    assert (wrong.status_code, wrong.json()["error"]["params"]) == (409, {"offset": 50, "there": 100})
    last = program("PUT", f"{place}/bytes", content[100:], offset=100)
    assert (last.status_code, last.json()["state"]) == (202, "reading")
    finish_jobs()
    assert program.get(place).json()["state"] == "ready"
    assert program("DELETE", place).status_code == 204
    assert program.get(place).status_code == 404


@pytest.mark.parametrize(
    ("content", "status", "code"), [(b"", 422, "upload_empty"), (b"x" * 2_000, 413, "upload_too_large")]
)
def test_files_that_cannot_be_taken_are_refused_and_leave_nothing(
    site_ledger: Ledger, caller: Call, settings: Any, content: bytes, status: int, code: str
) -> None:
    settings.UPLOAD_LIMIT = 1_000
    answer = caller("officer", CITY)("POST", "/purchases/uploads", content, organisation=CITY, name="a.csv")
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert not Upload.objects.exists()
    assert not Path(settings.UPLOADS).exists() or not list(Path(settings.UPLOADS).iterdir())


def test_a_body_that_ends_early_is_refused(site_ledger: Ledger) -> None:
    for said, code in ((3_000, "upload_shorter"), (2, "upload_longer")):
        with pytest.raises(BadInputError) as refused:
            receiving.streamed("a.csv", said, io.BytesIO(b"abc"))
        assert refused.value.code == code
    with receiving.streamed("a.csv", 3, io.BytesIO(b"abc")) as whole:
        assert whole.read() == b"abc"


def test_nobody_sends_for_an_organisation_out_of_reach(site_ledger: Ledger, caller: Call) -> None:
    program = caller("officer", CITY)
    for code in (OTHER_CITY, "NOBODY"):
        assert program("POST", "/purchases/uploads", b"x", organisation=code, name="a.csv").status_code == 404
        body = {"organisation": code, "name": "a.csv", "size": 1}
        assert program.post("/purchases/uploads/pieces", body).status_code == 404


def test_the_same_call_with_the_same_key_is_answered_the_same_and_done_once(
    site_ledger: Ledger, caller: Call, tmp_path: Path
) -> None:
    program, content, key = caller("officer", CITY), file(tmp_path), {"Idempotency-Key": str(uuid4())}

    def send(what: bytes) -> Any:
        return program("POST", "/purchases/uploads", what, key, organisation=CITY, name="a.csv")

    first, second = send(content), send(content)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert (first["Location"], second["Idempotent-Replayed"]) == (second["Location"], "true")
    assert Upload.objects.count() == 1
    other = send(content + b"\n")
    assert (other.status_code, other.json()["error"]["code"]) == (422, "key_reused")
    elsewhere = program.post("/purchases/uploads/pieces", {"organisation": CITY, "name": "a", "size": 1}, key)
    assert elsewhere.json()["error"]["code"] == "key_reused"
    assert caller("officer", CITY).post(
        "/purchases/uploads/pieces", {"organisation": CITY, "name": "a", "size": 1}, key
    ).status_code == 201  # fmt: skip
    assert (
        program.post("/purchases/uploads/pieces", {}, {"Idempotency-Key": "kurz"}).json()["error"]["code"] == "key_bad"
    )
    assert str(key["Idempotency-Key"]) not in str(list(IdempotentCall.objects.values()))


def test_a_refused_call_leaves_its_key_free_and_an_old_key_is_forgotten(site_ledger: Ledger, caller: Call) -> None:
    program, key = caller("officer", CITY), {"Idempotency-Key": str(uuid4())}
    body = {"organisation": CITY, "name": "a.csv", "size": 10}
    assert program.post("/purchases/uploads/pieces", {**body, "organisation": "NOBODY"}, key).status_code == 404
    first = program.post("/purchases/uploads/pieces", body, key)
    assert first.status_code == 201
    IdempotentCall.objects.update(expires_at=timezone.now())
    again = program.post("/purchases/uploads/pieces", body, key)
    assert again.status_code == 201
    assert again.json()["id"] != first.json()["id"]
    assert IdempotentCall.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_five_calls_with_one_key_at_once_are_done_once(site_ledger: Ledger, caller: Call) -> None:
    program, key = caller("officer", CITY), {"Idempotency-Key": str(uuid4())}
    start, answers = threading.Barrier(5), []

    def send() -> None:
        start.wait()
        try:
            body = {"organisation": CITY, "name": "a.csv", "size": 10}
            answers.append(program.post("/purchases/uploads/pieces", body, key))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.status_code for one in answers] == [201] * 5, [one.content for one in answers]
    assert len({one.content for one in answers}) == 1
    assert Upload.objects.count() == 1
    assert Event.objects.filter(action="purchases.upload_begun").count() == 1
