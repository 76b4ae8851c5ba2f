"""One message to one address, and nowhere else: not into the house, not where a redirect leads, not for long."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from chorok.core.errors import BadInputError

SILENCE = 10.0
"""Seconds that a connection may say nothing."""
DEADLINE = 20.0
"""Seconds that one attempt may take in all."""

Failure = Literal["", "answered", "redirected", "refused", "timeout", "name_unknown", "tls", "private", "broken"]
FAILURES = ("answered", "redirected", "refused", "timeout", "name_unknown", "tls", "private", "broken")
Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
Networks = Sequence[str]

_EMBEDDING = tuple(ipaddress.ip_network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
"""Addresses of IPv6 that lead to one of IPv4, which could be in the house."""


@dataclass(frozen=True)
class Outcome:
    """What became of an attempt: the status of the answer, or why there was none."""

    status: int | None
    failure: Failure
    took_ms: int


class _PrivateError(Exception):
    """The address leads into the house."""


def checked(address: str, allowed: Networks) -> str:
    """Return an address as it is kept. What a name leads to is looked at when something is sent.

    Raises BadInputError webhook_address, webhook_http, webhook_private.
    """
    try:
        parts = urlsplit(address.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise BadInputError("webhook_address") from None
    plain = parts.geturl()
    if parts.scheme not in ("https", "http") or not host or parts.username is not None or parts.fragment:
        raise BadInputError("webhook_address")
    if not plain.isascii() or not plain.isprintable() or " " in plain:
        raise BadInputError("webhook_address")
    literal = _literal(host)
    if parts.scheme == "http" and host != "localhost" and not (literal and literal.is_loopback):
        raise BadInputError("webhook_http")
    if literal is not None and not may_reach(literal, allowed):
        raise BadInputError("webhook_private", address=str(literal))
    return plain


def _literal(host: str) -> Ip | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def may_reach(ip: Ip, allowed: Networks) -> bool:
    """Tell whether something may be sent to an address: one of the open net, or of a network that the site allows."""
    ip = getattr(ip, "ipv4_mapped", None) or ip
    if any(ip in network for one in allowed if (network := ipaddress.ip_network(one, strict=False))):
        return True
    return ip.is_global and not ip.is_multicast and not any(ip in one for one in _EMBEDDING)


def post(address: str, headers: Mapping[str, str], body: bytes, allowed: Networks) -> Outcome:
    """Send a message once. Nothing of the answer is read but its status; a redirect is not followed."""
    began = time.monotonic()

    def told(status: int | None, failure: Failure) -> Outcome:
        return Outcome(status, failure, round((time.monotonic() - began) * 1000))

    try:
        status = _posted(urlsplit(address), headers, body, allowed)
    except Exception as error:  # whatever a foreign server does: an answer that did not come
        return told(None, _why(error, time.monotonic() - began))
    if time.monotonic() - began >= DEADLINE:
        return told(None, "timeout")  # the connection was cut within the answer
    if 200 <= status < 300:
        return told(status, "")
    return told(status, "redirected" if 300 <= status < 400 else "answered")


def _why(error: Exception, took: float) -> Failure:
    if took >= DEADLINE:
        return "timeout"
    kinds: tuple[tuple[type[Exception], Failure], ...] = (
        (_PrivateError, "private"),
        (TimeoutError, "timeout"),
        (socket.gaierror, "name_unknown"),
        (ssl.SSLError, "tls"),
        (ConnectionRefusedError, "refused"),
    )
    return next((why for kind, why in kinds if isinstance(error, kind)), "broken")


def _posted(parts: SplitResult, headers: Mapping[str, str], body: bytes, allowed: Networks) -> int:
    host, secure = str(parts.hostname), parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    at = _resolved(host, port, secure, allowed)
    connection = (_Secure if secure else _Plain)(host, port, timeout=SILENCE)
    connection.at = at
    over = threading.Timer(DEADLINE, _cut, [connection])
    over.daemon = True
    over.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, dict(headers))
        return connection.getresponse().status
    finally:
        over.cancel()
        connection.close()


def _resolved(host: str, port: int, secure: bool, allowed: Networks) -> str:
    """Return the address that is then connected to: a name that leads elsewhere a moment later changes nothing.

    Raises _PrivateError when any of its addresses is one that may not be reached.
    """
    found = [ipaddress.ip_address(str(one[4][0]).partition("%")[0])
             for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]  # fmt: skip
    if not found or not all(may_reach(ip, allowed) and (secure or ip.is_loopback) for ip in found):
        raise _PrivateError
    return str(found[0])


def _cut(connection: http.client.HTTPConnection) -> None:
    if connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it ended by itself meanwhile


class _Plain(http.client.HTTPConnection):
    """A connection to an address that was looked at before."""

    at: str

    def connect(self) -> None:
        """Connect there."""
        self.sock = socket.create_connection((self.at, self.port), self.timeout)


class _Secure(http.client.HTTPSConnection):
    """The same over TLS; the certificate must be that of the name."""

    at: str

    def connect(self) -> None:
        """Connect there."""
        self.sock = plain = socket.create_connection((self.at, self.port), self.timeout)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
