"""Looking certified products up by name, beside rapidfuzz and scikit-learn on the same names and queries.

Run `python -m benchmarks.names --size small|full`. Every method finds the most similar names; `accepted` and `wrong`
say what the decision made of our candidates (a yardstick decides by score alone, at the score that accepts as
many of the findable). Queries of what is not listed (variants, generic words) are part of `wrong`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.synthetic_names import Product, Query, absent_queries, noisy_queries, products, table
from chorok.core.matching.names import NamedCandidate, ProductText, decide
from chorok.core.matching.text import normalise, normalise_all
from chorok.ledger.names import NameIndex

SIZES = {"small": (40_000, 800, 30), "full": (1_000_000, 6_000, 40)}
RAPIDFUZZ_MOST = 200_000

Found = tuple[int, float]
Find = Callable[[str], Found]
Row = dict[str, Any]


def run(size: str = "small") -> list[Row]:
    """Return one row of figures a method. Each runs in a process of its own, so that its memory is its own."""
    count, asked, sample = SIZES[size]
    jobs = [(_ours, count, asked), (_rapidfuzz, min(count, RAPIDFUZZ_MOST), sample), (_tfidf, count, sample)]
    rows = []
    for job, names, queries in jobs:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            rows.append(pool.apply(job, (names, queries)))
    return rows


def _ours(count: int, asked: int) -> Row:
    items = products(count)
    queries = noisy_queries(items, asked) + absent_queries(items, asked)
    certificates = table(items)
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        index = NameIndex.build(Path(folder) / "names", certificates)
        built = time.perf_counter() - began
        disk = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        index.search([query.text for query in queries[:100]])
        found, seconds, accepted = [], [], []
        for query in queries:
            began = time.perf_counter()
            hits = index.search([query.text])[0]
            seconds.append(time.perf_counter() - began)
            found.append((hits[0].row, hits[0].score) if hits else (-1, 0.0))
            candidates = [_candidate(items[hit.row], hit.row, hit.score) for hit in hits]
            verdict = decide(ProductText(query.text, query.supplier), candidates)
            accepted.append(verdict.rows[0] if verdict.state == "accepted" else None)
    return _row("chorok", count, queries, found, seconds, accepted) | {
        "build_s": round(built, 1),
        "disk_mb": disk // 10**6,
    }


def _candidate(item: Product, row: int, score: float) -> NamedCandidate:
    return NamedCandidate(row, score, (item.model,), item.supplier, name=item.name)


def _rapidfuzz(count: int, sample: int) -> Row:
    items = products(count)
    names = normalise_all(_texts(items))

    def find(text: str) -> Found:
        best = process.extractOne(normalise(text), names, scorer=fuzz.token_sort_ratio)
        return (best[2], best[1] / 100) if best else (-1, 0.0)

    return _yardstick("rapidfuzz extractOne", items, find, sample, 0.0)


def _tfidf(count: int, sample: int) -> Row:
    items = products(count)
    began = time.perf_counter()
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), dtype=np.float32)
    turned = vectors.fit_transform(normalise_all(_texts(items))).T.tocsr()
    built = time.perf_counter() - began

    def find(text: str) -> Found:
        scores = (vectors.transform([normalise(text)]) @ turned).tocsr()
        if not scores.nnz:
            return -1, 0.0
        best = scores.data.argmax()
        return int(scores.indices[best]), float(scores.data[best])

    return _yardstick("scikit-learn TF-IDF", items, find, sample, built)


def _texts(items: Sequence[Product]) -> list[str]:
    return [f"{item.name} {item.model} {item.supplier}" for item in items]


def _yardstick(method: str, items: list[Product], find: Find, sample: int, built: float) -> Row:
    queries = noisy_queries(items, sample) + absent_queries(items, sample)
    found, seconds = [], []
    for query in queries:
        began = time.perf_counter()
        found.append(find(query.text))
        seconds.append(time.perf_counter() - began)
    level = np.quantile(
        [score for query, (_, score) in zip(queries, found, strict=True) if query.truth is not None], 0.15
    )
    accepted = [row if score >= level else None for row, score in found]
    return _row(method, len(items), queries, found, seconds, accepted) | {"build_s": round(built, 1)}


def _row(
    method: str,
    count: int,
    queries: Sequence[Query],
    found: Sequence[Found],
    seconds: Sequence[float],
    accepted: Sequence[int | None],
) -> Row:
    findable = [place for place, query in enumerate(queries) if query.truth is not None]
    taken = [place for place, row in enumerate(accepted) if row is not None]
    wrong = sum(accepted[place] != queries[place].truth for place in taken)
    return {
        "benchmark": "names",
        "method": method,
        "names": count,
        "queries": len(queries),
        "per_second": round(len(seconds) / sum(seconds), 1),
        "p50_ms": round(float(np.quantile(seconds, 0.5)) * 1000, 2),
        "p99_ms": round(float(np.quantile(seconds, 0.99)) * 1000, 2),
        "recall_at_1": round(float(np.mean([found[place][0] == queries[place].truth for place in findable])), 4),
        "accepted_of_findable": round(sum(accepted[place] is not None for place in findable) / len(findable), 4),
        "wrong_of_accepted": round(wrong / max(len(taken), 1), 4),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000,
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="small")
    rows = run(parser.parse_args().size)
    columns = list(dict.fromkeys(column for row in rows for column in row))
    for line in [columns] + [[str(row.get(column, "")) for column in columns] for row in rows]:
        print("  ".join(cell.rjust(max(len(column), 9)) for cell, column in zip(line, columns, strict=True)))


if __name__ == "__main__":
    main()
