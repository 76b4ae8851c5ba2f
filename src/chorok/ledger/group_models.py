"""Group models on disk: `weights.npz` and `model.json` in a folder of their own, written whole or not at all."""

from __future__ import annotations

import json
import math
import shutil
import zipfile
from pathlib import Path
from uuid import uuid4

import numpy as np

from chorok.core.errors import LedgerError
from chorok.core.matching.groups import GroupModel
from chorok.core.matching.ngrams import FEATURES

FORMAT = 1


def save_model(model: GroupModel, folder: Path) -> None:
    """Write a model. A model that is there already is replaced."""
    draft = folder.with_name(f".{folder.name}.{uuid4().hex}.tmp")
    draft.mkdir(parents=True)
    try:
        np.savez_compressed(draft / "weights.npz", weights=model.weights, idf=model.idf)
        threshold = model.threshold if math.isfinite(model.threshold) else None
        facts = {"format": FORMAT, "labels": model.labels, "threshold": threshold, "facts": model.facts}
        (draft / "model.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def load_model(folder: Path) -> GroupModel:
    """Read a model. Raises LedgerError when it is missing, damaged or of another format."""
    try:
        facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            weights, idf = arrays["weights"], arrays["idf"]
        if facts["format"] != FORMAT or weights.shape != (FEATURES, len(facts["labels"])):
            raise ValueError(f"format {facts['format']}, weights {weights.shape}")
        threshold = math.inf if facts["threshold"] is None else float(facts["threshold"])
        return GroupModel(tuple(facts["labels"]), weights, idf, threshold, facts["facts"])
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise LedgerError("groups_unreadable", folder=folder, why=str(error)) from error
