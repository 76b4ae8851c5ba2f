"""The web server as `chorok serve` sets it up."""

from __future__ import annotations

from types import SimpleNamespace

from chorok.site.server import ANSWERS, Web


def test_connections_are_shared_out_anew_now_and_then() -> None:
    told = Web("127.0.0.1:0", 1, 1).cfg.pre_request
    ended: list[int] = []
    for number in range(3 * ANSWERS):
        told(SimpleNamespace(nr=number), SimpleNamespace(force_close=lambda at=number: ended.append(at)))
    assert len(ended) == 3
    assert ended[0] > 0  # who asks once keeps the connection
