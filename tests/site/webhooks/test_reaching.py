"""A message goes to one address and nowhere else: not into the house, not where a redirect leads, not for long."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from chorok.core.errors import BadInputError
from chorok.site.screening.models import Request
from chorok.site.webhooks import reaching
from chorok.site.webhooks.models import Delivery, Hook
from chorok.site.webhooks.sending import send_due

pytestmark = pytest.mark.django_db
Bought = Callable[..., Request]


def test_a_redirect_is_not_followed(hook: tuple[Hook, str], receiver: Any, bought: Bought) -> None:
    Hook.objects.update(events=["screening.passed"])

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", "/elsewhere")
        handler.end_headers()

    receiver.answers = answer
    bought()
    send_due()
    assert [one.path for one in receiver.taken] == ["/taken?by=them"]
    assert Delivery.objects.values_list("state", "status", "error").get() == ("waiting", 302, "redirected")


def test_what_a_system_answers_is_not_read(hook: tuple[Hook, str], receiver: Any, bought: Bought) -> None:
    Hook.objects.update(events=["screening.passed"])
    sent: list[int] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(1 << 40))
        handler.end_headers()
        try:
            while len(sent) < 100_000:
                sent.append(handler.wfile.write(b"x" * 65_536))
        except OSError:
            return

    receiver.answers = answer
    bought()
    began = time.monotonic()
    send_due()
    assert time.monotonic() - began < 5
    assert Delivery.objects.values_list("state", "status").get() == ("sent", 200)
    assert sum(sent) < 1 << 28


def test_a_system_that_answers_drop_by_drop_is_cut_off(
    hook: tuple[Hook, str], receiver: Any, bought: Bought, monkeypatch: pytest.MonkeyPatch
) -> None:
    Hook.objects.update(events=["screening.passed"])
    monkeypatch.setattr(reaching, "DEADLINE", 0.5)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        try:
            for _ in range(200):
                handler.wfile.write(b"X: y\r\n")
                time.sleep(0.1)
        except OSError:
            return

    receiver.answers = answer
    bought()
    began = time.monotonic()
    send_due()
    assert time.monotonic() - began < 5
    assert Delivery.objects.values_list("state", "error").get() == ("waiting", "timeout")


def test_a_name_that_leads_into_the_house_is_not_connected_to(
    hook: tuple[Hook, str], receiver: Any, bought: Bought, settings: Any
) -> None:
    settings.WEBHOOK_PRIVATE = []
    Hook.objects.update(events=["screening.passed"], address=f"https://localhost:{receiver.port}/")
    bought()
    send_due()
    assert receiver.taken == []
    assert Delivery.objects.values_list("state", "error").get() == ("waiting", "private")


def test_the_address_that_was_looked_at_is_the_one_connected_to(receiver: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def changing(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        ip = "127.0.0.1" if len(asked) == 1 else "10.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (ip, port))]

    real = socket.create_connection
    met: list[Any] = []
    monkeypatch.setattr(socket, "getaddrinfo", changing)
    monkeypatch.setattr(socket, "create_connection", lambda at, *rest: met.append(at) or real(at, *rest))
    reaching.post(f"http://changing.example:{receiver.port}/", {}, b"{}", ["127.0.0.0/8"])
    assert asked[0] == "changing.example"
    assert met == [("127.0.0.1", receiver.port)]


@pytest.mark.parametrize(
    ("ip", "reached"),
    [
        ("8.8.8.8", True), ("2a00:1450::1", True), ("10.1.2.3", False), ("192.168.0.1", False), ("127.0.0.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False), ("::1", False),
        ("fd00::1", False), ("fe80::1", False), ("::ffff:10.0.0.1", False), ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False), ("10.20.0.5", True), ("::ffff:10.20.0.5", True),
    ],
)  # fmt: skip
def test_which_addresses_may_be_reached(ip: str, reached: bool) -> None:
    assert reaching.may_reach(ipaddress.ip_address(ip), ["10.20.0.0/16"]) is reached


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("", "webhook_address"), ("ftp://example.org/", "webhook_address"), ("https://", "webhook_address"),
        ("https://me:word@example.org/", "webhook_address"), ("https://example.org/#x", "webhook_address"),
        ("https://example.org:99999/", "webhook_address"), ("https://example.org/a b", "webhook_address"),
        ("https://example.org/\r\nX: y", "webhook_address"), ("http://example.org/", "webhook_http"),
        ("http://10.0.0.1/", "webhook_http"), ("https://10.0.0.1/", "webhook_private"),
        ("https://[::1]/", "webhook_private"), ("http://127.0.0.1/", "webhook_private"),
        ("https://169.254.169.254/latest", "webhook_private"),
    ],
)  # fmt: skip
def test_addresses_that_are_not_taken(address: str, code: str) -> None:
    with pytest.raises(BadInputError, match=code):
        reaching.checked(address, [])


def test_addresses_that_are_taken() -> None:
    assert reaching.checked(" https://example.org:8443/in?x=1 ", []) == "https://example.org:8443/in?x=1"
    assert reaching.checked("http://localhost:8000/in", []) == "http://localhost:8000/in"
    assert reaching.checked("https://10.20.0.1/", ["10.20.0.0/16"])
