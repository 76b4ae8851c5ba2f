"""Files that were sent halfway are let go of after a month of silence, and whoever sent them is told."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from builders import CITY
from chorok.ledger.store import Ledger
from chorok.site.accounts.models import User
from chorok.site.audit.models import Event
from chorok.site.jobs.kinds import LOOKS
from chorok.site.notices.models import Notice
from chorok.site.purchases import sweeping
from chorok.site.purchases.models import State, Upload

pytestmark = pytest.mark.django_db

MONTH = timedelta(days=31)


@pytest.fixture
def halfway(read_ledger: Ledger, person: Callable[..., User]) -> Upload:
    """A file of which some bytes came a month ago."""
    sender = person("officer", CITY)
    one = Upload.objects.create(name="a.csv", size=10, organisation=CITY, sent_by=sender)
    one.file.parent.mkdir(parents=True)
    one.file.write_bytes(b"half")
    _age(one)
    return one


def _age(one: Upload) -> None:
    Upload.objects.filter(pk=one.pk).update(changed_at=timezone.now() - MONTH)
    then = time.time() - MONTH.total_seconds()
    os.utime(one.file, (then, then))


def test_it_is_let_go_of_with_an_event_and_a_word_to_the_sender(halfway: Upload) -> None:
    assert sweeping.sweep() == 1
    assert not Upload.objects.exists()
    assert not halfway.folder.exists()
    event = Event.objects.latest("seq")
    assert (event.action, event.organisation) == ("purchases.swept", CITY)
    assert event.told == {"size": 10, "received": 4}
    told = Notice.objects.get()
    assert (told.user_id, told.params["file"]) == (halfway.sent_by_id, "a.csv")
    assert sweeping.sweep() == 0


def test_a_file_of_which_something_came_lately_stays(halfway: Upload) -> None:
    os.utime(halfway.file)
    assert sweeping.sweep() == 0
    assert halfway.file.exists()


@pytest.mark.parametrize("state", [State.READING, State.READY, State.IMPORTING, State.FAILED])
def test_a_file_that_is_whole_stays_however_old(halfway: Upload, state: str) -> None:
    Upload.objects.update(state=state)
    _age(halfway)
    assert sweeping.sweep() == 0
    assert halfway.file.exists()


def test_the_worker_looks_for_them() -> None:
    assert any(look.run is sweeping.sweep for look in LOOKS)
