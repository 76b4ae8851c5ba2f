"""The text index over certified product names: tantivy finds candidates, trigram cosine ranks them.

One folder holds one index and never changes: `words/` (tantivy: trigrams and model codes), the trigram buckets
of every distinct name (`buckets.npy`, `offsets.npy`, `norms.npy`, `lengths.npy`, `idf.npy`), the certificate
rows of each name (`rows.npy`, `row_offsets.npy`) and `index.json`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import tantivy

from chorok.core.errors import LedgerError
from chorok.core.matching.models import model_keys, spelled_models
from chorok.core.matching.names import NamedCandidate
from chorok.core.matching.text import normalise_all
from chorok.core.matching.trigrams import BUCKETS, bucket_lists, buckets_of, padded, trigrams
from chorok.ledger.engines import connect

FORMAT = 1
"""Version of the folder's layout."""
RAREST = 16
"""How many of a query's trigrams, the rarest, choose the candidates; as many model codes at most."""
STEP = 50_000
"""Names indexed between two reports of progress."""
_HEAP = 256 << 20
_MODEL_BOOST = 3.0
_ARRAYS = ("buckets", "offsets", "norms", "lengths", "idf", "rows", "row_offsets")
_TRIGRAM = "trigram"

Array = npt.NDArray[Any]
Progress = Callable[[int, int], None]
Read = Callable[[Sequence[int], Sequence[str]], list[dict[str, Any]]]
"""Some rows of the certificates with some of their columns."""
_OF_CANDIDATE = ("product_name", "model", "aliases", "supplier_no", "supplier_name")

_ENTRIES = """
    SELECT place AS "row", model,
        concat_ws(' ', product_name, model, supplier_name,
            CASE WHEN contains(coalesce(product_name, ''), item_label) THEN NULL ELSE item_label END) AS text
    FROM (
        SELECT *, unnest(list_distinct(list_prepend(coalesce(own_model, ''), coalesce(aliases, [])))) AS model
        FROM (SELECT * EXCLUDE (model), model AS own_model FROM certificates)
    ) ORDER BY place, model
"""


class Candidate(NamedTuple):
    """A certificate row that may be meant: its place in the indexed table and a similarity of 0 to 1."""

    row: int
    score: float


@dataclass(frozen=True)
class _Arrays:
    """The memory-mapped arrays of one index."""

    buckets: Array  # uint16, the distinct trigram buckets of every name
    offsets: Array  # int64, n + 1
    norms: Array  # float32, length of the idf-weighted vector of every name
    lengths: Array  # int32, characters of every name
    idf: Array  # float32, one a bucket
    rows: Array  # int32, certificate rows of every name
    row_offsets: Array  # int64, n + 1


class NameIndex:
    """Finds certified products by name. Safe to share between threads; opened read-only."""

    def __init__(self, words: tantivy.Index, arrays: _Arrays, row_count: int) -> None:
        self._schema = words.schema
        self._searcher = words.searcher()
        self._arrays = arrays
        self.row_count = row_count

    @classmethod
    def build(cls, folder: Path, certificates: pa.Table, progress: Progress | None = None) -> NameIndex:
        """Index a certificates table (`schema.CERTIFICATES`) in a new folder and open it.

        Product name, item label and supplier are indexed once with each model and alias; equal texts are one
        name. The folder appears whole or not at all. `progress` hears (names done, names in all). Raises
        LedgerError when the folder is already there.
        """
        if folder.exists():
            raise LedgerError("names_folder_exists", folder=folder)
        draft = folder.with_name(f".{folder.name}.{uuid4().hex}.tmp")
        draft.mkdir(parents=True)
        try:
            _write(draft, certificates, progress or (lambda done, total: None))
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> NameIndex:
        """Open an index. Raises LedgerError when it is missing, damaged or of another format."""
        try:
            facts = json.loads((folder / "index.json").read_text(encoding="utf-8"))
            if facts["format"] != FORMAT:
                raise LedgerError("names_format", folder=folder, found=facts["format"], known=FORMAT)
            arrays = _Arrays(*(_mapped(folder / f"{name}.npy") for name in _ARRAYS))
            words = tantivy.Index.open(str(folder / "words"))
        except (OSError, ValueError, KeyError) as error:
            raise LedgerError("names_unreadable", folder=folder, why=str(error)) from error
        words.register_tokenizer(_TRIGRAM, _analyser())
        return cls(words, arrays, facts["rows"])

    def search(self, texts: Sequence[str], limit: int = 20) -> list[list[Candidate]]:
        """Return, for every text, the rows of the `limit` most similar names, best first.

        All rows of a name are listed, so there may be more than `limit`; a row found under several aliases
        counts once, with its best score. A text without letters or digits finds nothing.
        """
        weights = np.zeros(BUCKETS, dtype=np.float32)
        plain = normalise_all(texts)
        return [self._best(raw, text, limit, weights) for raw, text in zip(texts, plain, strict=True)]

    def _best(self, raw: str, text: str, limit: int, weights: Array) -> list[Candidate]:
        grams = trigrams(text)
        if not grams:
            return []
        buckets = buckets_of(grams)
        names = self._shortlist(raw, grams, buckets, limit)
        scores = self._cosines(names, np.unique(buckets), weights)
        order = np.lexsort((names, np.abs(self._arrays.lengths[names] - len(text)), -scores))
        return self._fanned_out(names[order], scores[order])

    def _shortlist(self, raw: str, grams: list[str], buckets: Array, limit: int) -> Array:
        rarest = np.argsort(-self._arrays.idf[buckets], kind="stable")[:RAREST]
        terms = [self._term("text", grams[place]) for place in rarest]
        terms += [tantivy.Query.boost_query(self._term("model", code), _MODEL_BOOST) for code in self._models(raw)]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
        hits = self._searcher.search(query, limit, count=False).hits
        found = self._searcher.fast_field_values("name", [address for _, address in hits]) if hits else []
        return np.sort(np.asarray(found, dtype=np.int64))

    def _models(self, raw: str) -> list[str]:
        """Return the model codes of the text that the index knows, the rarest first."""
        known = [(self._searcher.doc_freq("model", code), code) for code in spelled_models(raw)]
        return [code for count, code in sorted(known) if count][:RAREST]

    def _term(self, column: str, value: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, column, value, "basic")

    def _cosines(self, names: Array, buckets: Array, weights: Array) -> Array:
        """Return the idf-weighted cosine of the query with every name. `weights` is scratch, zero on both ends."""
        arrays = self._arrays
        if not len(names):
            return np.zeros(0, dtype=np.float32)
        squares = arrays.idf[buckets] ** 2
        sizes = arrays.offsets[names + 1] - arrays.offsets[names]
        starts = np.cumsum(sizes) - sizes
        places = np.repeat(arrays.offsets[names] - starts, sizes) + np.arange(sizes.sum())
        weights[buckets] = squares
        shared = np.add.reduceat(weights[arrays.buckets[places]], starts)
        weights[buckets] = 0
        cosines: Array = np.minimum(shared / (np.sqrt(squares.sum()) * arrays.norms[names]), 1.0)
        return cosines

    def _fanned_out(self, names: Array, scores: Array) -> list[Candidate]:
        offsets, best = self._arrays.row_offsets, dict[int, float]()
        for name, score in zip(names.tolist(), scores.tolist(), strict=True):
            for row in self._arrays.rows[offsets[name] : offsets[name + 1]].tolist():
                best.setdefault(row, score)
        return [Candidate(row, score) for row, score in best.items()]


def named_candidates(read: Read, found: Sequence[Sequence[Candidate]]) -> list[list[NamedCandidate]]:
    """Return what `decide` needs of the rows that `search` found, list by list; `read` gives rows their columns."""
    rows = sorted({candidate.row for candidates in found for candidate in candidates})
    facts = dict(zip(rows, read(rows, _OF_CANDIDATE), strict=True))
    return [[_named(candidate, facts[candidate.row]) for candidate in candidates] for candidates in found]


def _named(candidate: Candidate, facts: dict[str, Any]) -> NamedCandidate:
    models = dict.fromkeys(model for model in (facts["model"], *(facts["aliases"] or ())) if model)
    return NamedCandidate(
        candidate.row,
        candidate.score,
        tuple(models),
        supplier_name=facts["supplier_name"] or "",
        supplier_no=facts["supplier_no"] or "",
        name=facts["product_name"] or "",
    )


def _mapped(path: Path) -> Array:
    """Return an array read from disk as it is touched; as a plain array, since slicing a memmap is slow."""
    mapped: Array = np.load(path, mmap_mode="r").view(np.ndarray)
    return mapped


def _analyser() -> tantivy.TextAnalyzer:
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.ngram(min_gram=3, max_gram=3, prefix_only=False)).build()


def _write(folder: Path, certificates: pa.Table, progress: Progress) -> None:
    rows, models, names = _names(certificates)
    order = np.argsort(names.indices.to_numpy(), kind="stable")
    sizes = np.bincount(names.indices.to_numpy(), minlength=len(names.dictionary))
    arrays = {"rows": rows[order].astype(np.int32), "row_offsets": np.concatenate(([0], np.cumsum(sizes)))}
    grouped = models.take(pa.array(order))
    arrays |= _index(folder / "words", names.dictionary, grouped, arrays["row_offsets"], progress)
    for name in _ARRAYS:
        np.save(folder / f"{name}.npy", arrays[name])
    facts = {"format": FORMAT, "rows": certificates.num_rows, "names": len(names.dictionary)}
    (folder / "index.json").write_text(json.dumps(facts), encoding="utf-8")


def _names(certificates: pa.Table) -> tuple[Array, pa.Array, pa.DictionaryArray]:
    """Return certificate row, model and normalised text (as a dictionary of distinct names) of every entry."""
    with connect() as connection:
        places = pa.array(np.arange(certificates.num_rows))
        connection.register("certificates", certificates.append_column("place", places))
        entries = connection.execute(_ENTRIES).to_arrow_table()
    texts = entries["text"].combine_chunks()
    plain = [
        line for start in range(0, len(texts), STEP) for line in normalise_all(texts[start : start + STEP].to_pylist())
    ]
    encoded = pa.array(plain, pa.string()).dictionary_encode()
    return entries["row"].to_numpy(), entries["model"].combine_chunks(), encoded


def _index(folder: Path, names: pa.Array, models: pa.Array, row_offsets: Array, progress: Progress) -> dict[str, Array]:
    """Write the tantivy index and return the arrays of the names (see `_Arrays`)."""
    folder.mkdir()
    words = tantivy.Index(_schema(), path=str(folder))
    words.register_tokenizer(_TRIGRAM, _analyser())
    writer = words.writer(heap_size=_HEAP, num_threads=1)
    parts: list[tuple[Array, Array]] = []
    lengths: list[int] = []
    try:
        for start in range(0, len(names), STEP):
            texts = names[start : start + STEP].to_pylist()
            ends = row_offsets[start : start + len(texts) + 1].tolist()
            own = models[ends[0] : ends[-1]].to_pylist()
            for place, text in enumerate(texts):
                part = own[ends[place] - ends[0] : ends[place + 1] - ends[0]]
                writer.add_document(_document(start + place, text, part))
            parts.append(bucket_lists(texts))
            lengths += map(len, texts)
            progress(start + len(texts), len(names))
        writer.commit()
    finally:
        writer.wait_merging_threads()  # after a failure too: no thread may write into a folder that goes away
    return _weighed(parts) | {"lengths": np.asarray(lengths, dtype=np.int32)}


def _document(place: int, text: str, models: list[str]) -> tantivy.Document:
    document = tantivy.Document()
    document.add_unsigned("name", place)
    document.add_text("text", padded(text))
    for key in {key: None for model in models for key in model_keys(model)}:
        document.add_text("model", key)
    return document


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("name", fast=True)
    builder.add_text_field("text", tokenizer_name=_TRIGRAM, index_option="basic")
    builder.add_text_field("model", tokenizer_name="raw", index_option="basic")
    return builder.build()


def _weighed(parts: list[tuple[Array, Array]]) -> dict[str, Array]:
    """Return buckets, offsets, idf and norms of all names."""
    buckets = np.concatenate([part for part, _ in parts]) if parts else np.zeros(0, dtype=np.uint16)
    sizes = np.concatenate([np.diff(offsets) for _, offsets in parts]) if parts else np.zeros(0, dtype=np.int64)
    idf = (np.log((1 + len(sizes)) / (1 + np.bincount(buckets, minlength=BUCKETS))) + 1).astype(np.float32)
    ends = np.cumsum(sizes)
    sums = np.concatenate(([0.0], np.cumsum(np.square(idf, dtype=np.float64)[buckets])))
    norms = np.sqrt(sums[ends] - sums[ends - sizes]).astype(np.float32)
    return {"buckets": buckets, "offsets": np.concatenate(([0], ends)), "idf": idf, "norms": np.maximum(norms, 1e-6)}
