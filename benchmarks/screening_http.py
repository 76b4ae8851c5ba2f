"""Screening one line by HTTP: the web server as `chorok serve` starts it, asked by eight programs with a token each.

Run `python -m benchmarks --only screening_http --size small|full`. The ledger is that of `benchmarks.screening`. Beside
it stands the same server on a call that only lets the caller in: what the door of the interface takes by itself.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks import data
from benchmarks.screening import CITIES, SIZES, _ledger
from chorok.ledger import publishing
from chorok.ledger.store import Ledger

CLIENTS, WORKERS, THREADS = 8, 2, 4
EACH = {"small": 150, "full": 1_000}
"""Questions of each client."""
WARM = 25
"""Questions of each client before the clock counts: workers open the registry at their first."""
P99_MS, A_SECOND = 50, 300

Row = dict[str, object]


def run(size: str) -> list[Row]:
    """Return one row for lines that are screened, one for the door alone."""
    ledger = _published(_ledger(SIZES[size][0] * 2), size)
    folder = (data.FOLDER / f"screening-http-{size}").resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    port = _free()
    environment = {
        **os.environ,
        "CHOROK_LEDGER": str(ledger),
        "CHOROK_SITE": str(folder / "site"),
        "CHOROK_API_CALLS_A_MINUTE": "100000000",
        "CHOROK_API_SCREENINGS_A_MINUTE": "100000000",
        "CHOROK_LOG_LEVEL": "WARNING",
    }
    made = subprocess.run(
        [sys.executable, "-m", "benchmarks.screening_http"], env=environment, stdout=subprocess.PIPE, check=True
    )
    tokens = json.loads(made.stdout)
    command = [sys.executable, "-m", "chorok.site.server", "web", f"127.0.0.1:{port}", str(WORKERS), str(THREADS)]
    with subprocess.Popen(command, env=environment) as server:
        try:
            _wait(port)
            door = _row("the door alone", _asked(port, tokens, EACH[size], screen=False), None)
            lines = _row(f"one line; {SIZES[size][0]:,} certified", _asked(port, tokens, EACH[size], screen=True), True)
            return [lines, door]
        finally:
            server.terminate()


def _published(of: Path, size: str) -> Path:
    """Return a copy of a ledger as a site has it: published."""
    folder = data.FOLDER / f"screening-http-ledger-{size}"
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(of, folder / "ledger")
        ledger = Ledger.open(folder / "ledger")
        with ledger.writing():
            publishing.publish(ledger, "registry", "bench")
        (folder / "done").touch()
    return (folder / "ledger").resolve()


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server does not answer")


def _asked(port: int, tokens: list[str], each: int, *, screen: bool) -> tuple[list[float], float]:
    """Return the seconds of each answer, and of all together; the clients begin together once all are warm."""
    taken: list[list[float]] = [[] for _ in tokens]
    ready = threading.Barrier(len(tokens) + 1, timeout=300)

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        headers = {"Authorization": f"Bearer {tokens[number]}", "Content-Type": "application/json"}
        for turn in range(WARM + each):
            if turn == WARM:
                connection.close()  # the server ends connections that say nothing while others get warm
                ready.wait()
            began = time.perf_counter()
            if screen:
                connection.request("POST", "/api/v1/screenings", _question(number, turn), headers)
            else:
                connection.request("GET", "/api/v1/screenings/987654321", headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != (200 if screen else 404):
                raise RuntimeError(f"{answer.status}: {body[:300]!r}")
            if turn >= WARM:
                taken[number].append(time.perf_counter() - began)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(tokens))]
    for thread in threads:
        thread.start()
    ready.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return [one for each_ in taken for one in each_], time.perf_counter() - began


def _question(number: int, turn: int) -> str:
    """Return a line of one of three kinds, another each time."""
    place = (number * 7_919 + turn * 104_729) % 30_000
    name = f"제품군{place % data.GROUPS} 제품"
    lines = (
        {"product_id": str(10_000_000 + place), "description": name},
        {"description": name, "specification": f"BX-{place}K"},
        {"description": name, "class_code": f"9900{place % data.GROUPS:04d}"},
    )
    return json.dumps({"organisation": CITIES[number % len(CITIES)], "lines": [{**lines[turn % 3], "quantity": 2}]})


def _row(what: str, asked: tuple[list[float], float], aimed: bool | None) -> Row:
    taken, whole = np.array(asked[0]) * 1000, asked[1]
    aims = {"aim_p99_ms": P99_MS, "aim_a_second": A_SECOND} if aimed else {}
    return {
        "asked": what,
        "clients": CLIENTS,
        "p50_ms": round(float(np.quantile(taken, 0.5)), 1),
        "p99_ms": round(float(np.quantile(taken, 0.99)), 1),
        "a_second": round(len(taken) / whole),
        **aims,
    }


def _people() -> list[str]:
    """Make the database, a purchaser a client and their tokens; each city screens strictly."""
    from chorok.site.config.setup import migrate, ready

    ready(Path(os.environ["CHOROK_LEDGER"]))
    from datetime import date

    from django.conf import settings

    settings.SITE_FOLDER.mkdir(parents=True, exist_ok=True)
    migrate()
    from chorok.core.screening import policy
    from chorok.site.accounts.models import Membership, User
    from chorok.site.accounts.rights import actor_of
    from chorok.site.accounts.services import make_token
    from chorok.site.config import ledger
    from chorok.site.screening import adopting

    tokens, today, tree = [], ledger.ledger().today, ledger.tree()
    strict = replace(policy.preset("strict"), registry_days=100_000)
    for place in CITIES:
        head = User.objects.create_user(f"leader-{place}@example.org", name=place)
        Membership.objects.create(user=head, role="leader", organisation=place, valid_from=date(2010, 1, 1))
        adopting.adopt(actor_of(head.pk, today, tree), organisation=place, policy=strict, since=today)
    for number in range(CLIENTS):
        user = User.objects.create_user(f"{number}@example.org", name=str(number))
        place = CITIES[number % len(CITIES)]
        Membership.objects.create(user=user, role="purchaser", organisation=place, valid_from=date(2010, 1, 1))
        actor = actor_of(user.pk, today, tree)
        tokens.append(make_token(actor, name="bench", scopes=["screenings.ask", "screenings.see"], days=30)[1])
    return tokens


if __name__ == "__main__":
    print(json.dumps(_people()))
