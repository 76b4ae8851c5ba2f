"""What was built and how it is taken in, step by step."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

Verb = Literal["organisations", "item_groups", "certificates", "purchases", "decisions", "mended"]


@dataclass(frozen=True)
class Step:
    """One file to take in. `path` is below the demo's folder.

    Options: `source` (name of the source), `organisation` (code: whose file it is, or the city in which its names
    are meant), `columns` (field -> column name), `replace` (True: put in place of the period it covers again),
    `expect` (accepted | already_imported | replaced | mended: added beside what the source has).
    """

    path: str
    verb: Verb
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """The steps in their order, and counts and names of what was planted."""

    folder: Path
    steps: tuple[Step, ...]
    planted: dict[str, Any]
    lines: int  # true purchase lines

    def save(self) -> None:
        """Write manifest.json into the folder."""
        content = {"lines": self.lines, "steps": [asdict(step) for step in self.steps], "planted": self.planted}
        text = json.dumps(content, ensure_ascii=False, indent=1)
        (self.folder / "manifest.json").write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """Read manifest.json of a folder that was built before. Raises FileNotFoundError when there is none."""
        content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return cls(folder, tuple(Step(**step) for step in content["steps"]), content["planted"], content["lines"])
