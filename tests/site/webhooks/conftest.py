"""A system that takes messages on this machine, and a city that screens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

import builders
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.screening import services
from chorok.site.screening.models import Request
from chorok.site.screening.writing import Header, Wanted
from chorok.site.webhooks import services as hooks
from chorok.site.webhooks.events import EVENTS
from chorok.site.webhooks.models import Hook
from screening_site import adopt
from site_world import NEAR_CHAIR

GREEN_CHAIR = {"product_id": NEAR_CHAIR, "description": "초록의자", "quantity": 2, "unit": "개", "amount": 200_000}
SAID = {"description": "배수관", "class_code": "90000002", "quantity": 3, "unit": "개", "amount": 30_000,
        "statement": "이 규격의 인증 제품이 없음"}  # fmt: skip


@dataclass
class Taken:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Answers what it is told to, and keeps what came."""

    answers: Callable[[BaseHTTPRequestHandler], None] | None = None
    statuses: list[int] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    port: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/taken?by=them"

    def events(self) -> list[str]:
        return [one.headers["Chorok-Event"] for one in self.taken]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A server on the loopback address."""
    told = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.taken.append(Taken(self.path, dict(self.headers), body))
            if told.answers is not None:
                told.answers(self)
                return
            self.send_response(told.statuses.pop(0) if told.statuses else 204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            told.taken.append(Taken(self.path, dict(self.headers), b""))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    told.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield told
    server.shutdown()
    server.server_close()


@pytest.fixture
def market(market: Ledger, settings: Any) -> Ledger:
    """The site on the ledger with a market; messages may go to this machine."""
    settings.WEBHOOK_PRIVATE = ["127.0.0.0/8"]
    return market


@pytest.fixture
def leader(market: Ledger, actor: Callable[..., Actor]) -> Actor:
    """The leader of the first city, which screens strictly."""
    return adopt(actor("leader", builders.CITY))


@pytest.fixture
def administrator(market: Ledger, actor: Callable[..., Actor]) -> Actor:
    """Who administers the first city."""
    return actor("administrator", builders.CITY)


@pytest.fixture
def hook(leader: Actor, administrator: Actor, receiver: Receiver) -> tuple[Hook, str]:
    """The receiver hears of all that happens in the first city; with its secret."""
    return hooks.add(
        administrator, organisation=builders.CITY, name="전자결재", address=receiver.address, events=EVENTS
    )


@pytest.fixture
def purchaser(market: Ledger, actor: Callable[..., Actor]) -> Actor:
    """Somebody of a district of the first city who asks to buy."""
    return actor("purchaser", builders.WEST, name="김구매")


@pytest.fixture
def bought(purchaser: Actor) -> Callable[..., Request]:
    """Hand in a request of some lines."""

    def ask(*lines: dict[str, Any]) -> Request:
        wanted = [Wanted(dict(line)) for line in lines or (GREEN_CHAIR,)]
        made = services.draft(purchaser, organisation=builders.WEST, header=Header("김구매의 의자"), lines=wanted)
        return services.submit(purchaser, pk=made.pk, version=1)

    return ask
