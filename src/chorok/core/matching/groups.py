"""The item group of a product from its text, learnt from coded products, when no code says it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from chorok.core.errors import BadInputError
from chorok.core.matching.ngrams import FEATURES, Array, SparseRows, counted, idf_of, weighed

NONE = "-"
"""Label of products that belong to none of the item groups."""
PRECISION = 0.98
"""Share of right answers, on makers that were held out, at which the model may answer."""
FOLDS = 5
_RIDGE = 0.3
_STEPS = 15
_BATCH = 20_000
_FEWEST = 30  # answers on held-out makers that a precision is taken from

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class GroupModel:
    """A linear model over hashed character n-grams: arrays only, applied by numpy.

    `threshold` is the least lead of the best label over the second (0 to 1); infinite when no lead reached the
    precision, so that the model always abstains. `facts` says what it was learnt from and what was measured:
    `texts`, `makers`, `precision` and `answered` on held-out makers, `snapshot`.
    """

    labels: tuple[str, ...]
    weights: Array  # float32, features x labels
    idf: Array  # float32, one a feature
    threshold: float
    facts: dict[str, object] = field(default_factory=dict)

    @classmethod
    def learn(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        makers: Sequence[str],
        *,
        precision: float = PRECISION,
        snapshot: int | None = None,
        progress: Progress | None = None,
    ) -> GroupModel:
        """Learn from coded products: texts, their item groups ('-' for none) and who made them.

        One-against-all ridge regression by conjugate gradients, in numpy. The threshold is chosen on makers that
        the model has not seen. The same input gives the same model. Raises BadInputError with fewer than two
        labels or five makers.
        """
        known, makers_known = sorted(set(labels)), sorted(set(makers))
        if len(known) < 2 or len(makers_known) < FOLDS:
            raise BadInputError(
                "groups_too_few", texts=len(texts), labels=len(known), makers=len(makers_known), folds=FOLDS
            )
        targets = np.searchsorted(known, labels)
        counts = counted(texts)
        fold = _folds(makers)
        best, lead = _held_out(counts, targets, len(known), fold, progress or (lambda done, total: None))
        right = best == targets
        threshold = _threshold(lead, right, precision)
        answered = lead >= threshold
        facts: dict[str, object] = {
            "texts": len(texts),
            "makers": len(makers_known),
            "precision": float(right[answered].mean()) if answered.any() else None,
            "answered": float(answered.mean()),
            "snapshot": snapshot,
        }
        idf = idf_of(counts)
        return cls(tuple(known), _ridge(weighed(counts, idf), targets, len(known)), idf, threshold, facts)

    def apply(self, texts: Sequence[str]) -> list[tuple[str | None, float]]:
        """Return (item group, lead) for every text: '-' for none of the groups, None when it abstains."""
        found: list[tuple[str | None, float]] = []
        for start in range(0, len(texts), _BATCH):
            rows = weighed(counted(texts[start : start + _BATCH]), self.idf)
            best, lead = _leads(rows.times(self.weights))
            found += [
                (self.labels[label] if sure else None, float(by))
                for label, by, sure in zip(best.tolist(), lead.tolist(), (lead >= self.threshold).tolist(), strict=True)
            ]
        return found


def _folds(makers: Sequence[str]) -> Array:
    """Return the fold of every text; a maker is in one fold, the biggest makers are spread first."""
    names, owner, sizes = np.unique(
        np.asarray(makers, dtype=object).astype(str), return_inverse=True, return_counts=True
    )
    fold_of, filled = np.zeros(len(names), dtype=np.int64), np.zeros(FOLDS, dtype=np.int64)
    for maker in np.argsort(-sizes, kind="stable"):
        fold_of[maker] = filled.argmin()
        filled[fold_of[maker]] += sizes[maker]
    folds: Array = fold_of[owner]
    return folds


def _held_out(counts: SparseRows, targets: Array, labels: int, fold: Array, progress: Progress) -> tuple[Array, Array]:
    """Return best label and lead of every text, by a model that saw none of its maker's."""
    best, lead = np.zeros(len(targets), dtype=np.int64), np.zeros(len(targets), dtype=np.float32)
    for number in range(FOLDS):
        seen, unseen = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        idf = idf_of(counts.take(seen))
        weights = _ridge(weighed(counts.take(seen), idf), targets[seen], labels)
        best[unseen], lead[unseen] = _leads(weighed(counts.take(unseen), idf).times(weights))
        progress(number + 1, FOLDS + 1)
    return best, lead


def _ridge(rows: SparseRows, targets: Array, labels: int) -> Array:
    """Return the weights of one-against-all ridge regression, all labels at once, by conjugate gradients."""
    wanted = np.full((len(rows), labels), -1, dtype=np.float32)
    wanted[np.arange(len(rows)), targets] = 1
    seen, columns = np.unique(rows.columns, return_inverse=True)  # what no text has keeps the weight 0
    rows = SparseRows(columns, rows.values, rows.offsets)
    turned = rows.turned(len(seen))
    weights = np.zeros((len(seen), labels), dtype=np.float32)
    residual = turned.times(wanted)
    direction, size = residual.copy(), np.square(residual).sum(axis=0)
    for _ in range(_STEPS):
        curved = turned.times(rows.times(direction)) + np.float32(_RIDGE) * direction
        step = size / np.maximum((direction * curved).sum(axis=0), 1e-12)
        weights += step * direction
        residual -= step * curved
        size, before = np.square(residual).sum(axis=0), size
        direction = residual + size / np.maximum(before, 1e-12) * direction
    spread = np.zeros((FEATURES, labels), dtype=np.float32)
    spread[seen] = weights
    return spread


def _leads(scores: Array) -> tuple[Array, Array]:
    """Return the best label of every row, and by how much it leads the second, from 0 to 1."""
    best = scores.argmax(axis=1)
    ordered = np.partition(scores, -2, axis=1)
    return best, np.clip((ordered[:, -1] - ordered[:, -2]) / 2, 0, 1)


def _threshold(lead: Array, right: Array, precision: float) -> float:
    """Return the least lead above which enough answers are right; infinite when there is none."""
    order = np.argsort(-lead, kind="stable")
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    last = np.append(lead[order][1:] < lead[order][:-1], True)  # equal leads are answered together
    enough = np.arange(1, len(order) + 1) >= _FEWEST
    good = np.flatnonzero((shares >= precision) & last & enough & (lead[order] > 0))
    return float(lead[order][good[-1]]) if len(good) else float("inf")
