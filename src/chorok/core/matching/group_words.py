"""The item group of a product from the names and synonyms of the groups, when nothing could be learnt."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from chorok.core.matching.text import normalise, normalise_all
from chorok.core.matching.trigrams import trigrams

_ACCESSORIES = (
    "커버|부품|부속|소모품|받침|받침대|바퀴|케이스|거치대|걸이|수리|수선|임대|대여|임차|설치|철거|청소|세척|운반|폐기|점검|유지보수|교체"
    "|리모컨|브라켓|브래킷|보관함|시트지|덮개|호환|cover|parts?|repair|rental|lease|installation|cleaning|maintenance|case|stand|accessor(?:y|ies)"
)
_OTHER_PRODUCT = re.compile(rf"^(?:용|겸|전용)|^\S*(?: \S+)? ?(?:{_ACCESSORIES})(?![가-힣a-z])")
_REACH = 40  # letters after a word that may say it is another product
_MINIMUM_OVERLAP = 0.9
_MINIMUM_LEAD = 0.2
_MINIMUM_TERM = 4


@dataclass(frozen=True)
class ItemGroupText:
    """What an item group is called: its code, names and synonyms."""

    code: str
    terms: tuple[str, ...]


class GroupWords:
    """Finds the item group that a text names. Precise rather than complete: in doubt it abstains."""

    def __init__(self, terms: dict[str, str | None]) -> None:
        self._terms = terms  # term without blanks -> code; None when two groups share it
        longest = sorted(terms, key=lambda term: (-len(term), term))
        self._pattern = re.compile("|".join(_spaced(term) for term in longest)) if longest else None
        self._grams = {term: frozenset(trigrams(term)) for term in terms if len(term) >= _MINIMUM_TERM}
        seen = Counter(gram for grams in self._grams.values() for gram in grams)
        self._idf = {gram: math.log((1 + len(self._grams)) / (1 + count)) + 1 for gram, count in seen.items()}

    @classmethod
    def of(cls, item_groups: Sequence[ItemGroupText]) -> GroupWords:
        """Build from the item groups. A term that two groups share names neither; one letter names nothing."""
        terms: dict[str, str | None] = {}
        for group in item_groups:
            for term in {normalise(term).replace(" ", "") for term in group.terms}:
                if len(term) >= 2:
                    terms[term] = group.code if terms.get(term, group.code) == group.code else None
        return cls(terms)

    def apply(self, texts: Sequence[str]) -> list[tuple[str | None, float]]:
        """Return (item group, score of 0 to 1) for every text, None where it abstains.

        1.0: the text holds the group's word, at the end of a (compound) word, and no other group's beside it; the
        longest word counts. '의자용 커버' and '의자 수리' are no chairs. Below 1.0: nearly all letters of a word.
        """
        return [self._named(text) for text in normalise_all(texts)]

    def _named(self, text: str) -> tuple[str | None, float]:
        if self._pattern is None:
            return None, 0.0
        found = list(self._pattern.finditer(text))
        if not found:
            return self._alike(text)
        if any(_OTHER_PRODUCT.match(text[match.end() : match.end() + _REACH].lstrip()) for match in found):
            return None, 0.0
        terms = {match.group().replace(" ", "") for match in found}
        longest = max(terms, key=len)
        codes = {self._terms[term] for term in terms if term not in longest or term == longest}
        return (codes.pop(), 1.0) if len(codes) == 1 else (None, 0.0)

    def _alike(self, text: str) -> tuple[str | None, float]:
        """Return the group whose word the text nearly spells ('아스팔트 콘크릿트')."""
        grams = {gram for word in text.split(" ") for gram in trigrams(word)} | set(trigrams(text.replace(" ", "")))
        best: dict[str | None, float] = {}
        for term, own in self._grams.items():
            shared = own & grams
            if shared:
                share = sum(map(self._idf.__getitem__, shared)) / sum(map(self._idf.__getitem__, own))
                code = self._terms[term]
                best[code] = max(best.get(code, 0.0), share)
        ranked = sorted(best.items(), key=lambda pair: -pair[1])[:2]
        if not ranked or ranked[0][1] < _MINIMUM_OVERLAP:
            return None, ranked[0][1] if ranked else 0.0
        lead = ranked[0][1] - (ranked[1][1] if len(ranked) > 1 else 0.0)
        return (ranked[0][0] if lead >= _MINIMUM_LEAD else None), ranked[0][1]


def _spaced(term: str) -> str:
    """Return a pattern for a term with blanks anywhere, ending a word; a Latin term also begins one."""
    before = r"(?<![a-z0-9])" if term[0].isascii() else ""
    after = r"(?![a-z0-9])" if term[-1].isascii() else r"(?=류|등|외|용|겸|전용|[^가-힣]|$)"
    return before + " ?".join(map(re.escape, term)) + after
