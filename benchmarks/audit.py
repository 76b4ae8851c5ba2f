"""`chorok audit verify` over a long chain, beside bare SQL and hashing written by hand."""

from __future__ import annotations

import json
import subprocess
import sys

from benchmarks import data

SIZES = {"small": 100_000, "full": 1_000_000}
TARGET_SECONDS = 5.0  # for a million


def run(size: str) -> list[dict[str, object]]:
    """Return one row: seconds of ours and by hand, ratio, target, and whether both found the chain whole."""
    events = SIZES[size]
    best: dict[str, dict[str, float]] = {}
    for _ in range(2):
        for who in ("hand", "ours"):  # a process each, in turn: neither finds the other's memory
            found = json.loads(_ask(who, events))
            if who not in best or found["seconds"] < best[who]["seconds"]:
                best[who] = found
    ours, hand = best["ours"], best["hand"]
    return [
        {
            "what": f"verify a chain of {events:,} events",
            "seconds": round(ours["seconds"], 2),
            "yardstick": round(hand["seconds"], 2),
            "ratio": round(ours["seconds"] / hand["seconds"], 2),
            "target_seconds": TARGET_SECONDS * events / SIZES["full"],
            "peak_mb": int(ours["peak_mb"]),
            "whole": ours["problems"] == 0 == hand["problems"],
        }
    ]


def _ask(who: str, events: int) -> str:
    folder = data.FOLDER / f"audit-{events}"
    command = [sys.executable, "-m", "benchmarks.audit_once", who, str(folder), str(events)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
