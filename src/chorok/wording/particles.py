"""Korean particles that hang on the sound before them: '10363은(는)' is said '10363은', '부산은(는)' '부산은'.

Sentences with blanks are written with both forms; which one is right is known when the blank is filled.
"""

from __future__ import annotations

import re

_FORMS = {
    "은(는)": ("은", "는"),
    "이(가)": ("이", "가"),
    "을(를)": ("을", "를"),
    "와(과)": ("과", "와"),
    "(으)로": ("으로", "로"),
}
"""As written -> after a closed syllable, after an open one."""
_PARTICLE = re.compile("|".join(map(re.escape, _FORMS)))
_ASIDE = re.compile(r"(?:\([^()]*\)|[\s'\"’”」』>\])}.,!?~*])*$")
"""What is not sounded between a word and its particle: closing marks, and what stands in brackets behind the word."""
_FINALS = dict(zip("0123456789lmnr", "ㅇㄹ ㅁ  ㄱㄹㄹ ㄹㅁㄴㄹ", strict=True))
"""Closing sounds of digits and of Latin letters as they are spelled out (영, 일 ... 엘, 엠, 엔, 알); blank: none."""


def settled(sentence: str) -> str:
    """Return a sentence with the right form of each particle; after a sign that has no sound both forms stay."""
    return _PARTICLE.sub(lambda found: _form(sentence[: found.start()], found[0]), sentence)


def _form(before: str, written: str) -> str:
    final = _final(_ASIDE.sub("", before)[-1:])
    if final is None:
        return written
    closed, opened = _FORMS[written]
    return opened if final == " " or (final == "ㄹ" and written == "(으)로") else closed


def _final(letter: str) -> str | None:
    """Return the closing sound of a letter: ' ' for none, 'ㄹ' since it is a case of its own, else any other."""
    if "가" <= letter <= "힣":
        number = (ord(letter) - ord("가")) % 28
        return " " if number == 0 else "ㄹ" if number == 8 else "ㅇ"
    if letter.isascii() and letter.isalnum():
        return _FINALS.get(letter.lower(), " ")
    return " " if letter == "%" else None
