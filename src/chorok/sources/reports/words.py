"""Words of a report: letters made alike, numbers, counts, percentages, lists and names."""

from __future__ import annotations

import re
import unicodedata

from chorok.core.checks.report import Place, Printed

NUMBER = r"(?<!\d)(?<!\d[.,])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
"""A number, and not the rest of one that is written otherwise: of '43,9' none."""
PERCENT = (
    rf"({NUMBER})[\s-]?"
    r"(%\s?[pP]\b|%[\s-]?points?|%\s?포인트|percentage[\s-]points?|퍼센트\s?포인트|pp\b|p\.p\.|%|퍼센트|percent\b)"
)
YEAR = r"(?<!\d)((?:19|20)\d\d)(?![\d,.]\d|\d)"
COUNTS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "once": 1, "twice": 2, "한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6,
    "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
}  # fmt: skip
COUNT = rf"(?:(?<![\d.,])\d{{1,3}}|{'|'.join(sorted(COUNTS, key=len, reverse=True))})"
_ALIKE = str.maketrans({"–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "‒": "-", "∼": "~", "〜": "~", "“": '"',
                        "”": '"', "„": '"', "‘": "'", "’": "'", "ㆍ": "·", "・": "·", "‧": "·", "•": "•", "\u200b": "",
                        "\ufeff": "", "\u00ad": "", "\f": ""})  # fmt: skip
_ALIKE |= {0x2460 + number: f"({number + 1})" for number in range(20)}  # ① and on
_TAGS = re.compile(r"</?(?:sup|sub|br|b|i|u|em|strong|span|p|div|center|small)\b[^<>]{0,200}>", re.IGNORECASE)
_NOTE_TAG = re.compile(r"(?<=[\d%])\s?<sup>[^<>]{0,10}</sup>", re.IGNORECASE)
_NOTE_MARK = re.compile(r"(?<=[\d%])[¹²³⁰⁴-⁹⁾⁽]+")
"""Marks of footnotes behind a figure; made plain they would become digits of it."""
_SPACED = re.compile(
    r"(?<![가-힣])(?:(구)\s{1,8}(분)|(연|년)\s{1,8}(도)|(품)\s{1,8}(목)|(기)\s{1,8}(관|간)|(비)\s{1,8}(율)|"
    r"(합|총|소)\s{1,8}(계)|(목)\s{1,8}(표)|(실)\s{1,8}(적)|(금)\s{1,8}(액)|(일)\s{1,8}(시)|(장)\s{1,8}(소))(?![가-힣])"
)
"""Words of headers and labels that are spread out to look even: '구  분', '일 시'."""
_SHORT_YEAR = re.compile(r"(?<![\w'])'(\d\d)(?=년|\s?\.\s?\d{1,2}\s?\.)")
_NOTE_LINK = re.compile(r"(?<=\S)\[\^?\d{1,2}\]")
_CELL = re.compile(
    rf"(?P<sign>[-△▲])?\s?(?:₩|US\$|\$|USD|KRW)?\s?(?P<number>{NUMBER})\s?"
    r"(?:%p|%|백만\s?원|천\s?원|억\s?원|원|USD|KRW|won)?\s?(?:\*+|†|\(p\)|\d\)|\([*\d]\)|p)?",
    re.IGNORECASE,
)
_IN_PARTS = re.compile(rf"({NUMBER})\s?(조|억)\s?({NUMBER})\s?(천억|백억|억|천만|백만|만)\s?원?")
_POWERS = {"조": 12, "천억": 11, "백억": 10, "억": 8, "천만": 7, "백만": 6, "만": 4}
_THOUSANDS = re.compile(r"\d{1,3}(?: \d{3})+(?:\.\d+)?(?=\s?%?$)")
_BETWEEN = re.compile(r"\s*(?:,|;|·|、|/|\band\b|&|(?<=[가-힣\s])및(?=\s))\s*")
_SENTENCE = re.compile(
    r"(?<=[다음함임됨요]\.)\s+(?=\d)|(?:(?<=[!?])|(?<=[^\d]\.)|(?<=\d\.)(?=\s+[A-Z]))\s+(?=[A-Z가-힣\"'(])"
)
_SHORT = re.compile(
    r"\b(?:approx|dec|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|no|vol|etc|mr|ms|dr|st|vs)\.$", re.IGNORECASE
)


def any_of(*forms: str) -> re.Pattern[str]:
    """Return a pattern that fits any of the forms, in whatever case."""
    return re.compile("|".join(forms), re.IGNORECASE)


def alike(text: str) -> str:
    """Return a line with dashes, quotation marks, digits and widths written in one way, and without inline tags."""
    if "<" in text:
        text = _TAGS.sub("", _NOTE_TAG.sub("", text))
    if "[" in text:
        text = _NOTE_LINK.sub("", text)
    if text.isascii():
        return _SHORT_YEAR.sub(r"20\1", text) if "'" in text else text
    plain = unicodedata.normalize("NFKC", _NOTE_MARK.sub("", text.translate(_ALIKE)))
    plain = _SHORT_YEAR.sub(r"20\1", plain.translate(_ALIKE))
    return _SPACED.sub(lambda word: "".join(filter(None, word.groups())), plain)


def digits(text: str) -> str:
    """Return a number without separators of thousands."""
    return text.replace(",", "")


def count(text: str) -> int:
    """Return what a count means: '4', 'four', '네'."""
    return int(text) if text.isdigit() else COUNTS[text.lower()]


def printed(text: str, place: Place) -> Printed:
    """Return a number as printed, without separators."""
    return Printed(digits(text), place)


def cell_number(text: str, place: Place) -> Printed | None:
    """Return the number of a table's cell ('1,234.50', '48.0%', '△3.2', '58.0*'); None when it is none.

    '101억 2천만원' is 101.2, in the greater of its units.
    """
    if parts := _IN_PARTS.fullmatch(text.strip()):
        digits_below = _POWERS[parts[2]] - _POWERS[parts[4]]
        below = int(digits(parts[3])) if parts[3].replace(",", "").isdigit() else 10**digits_below
        fits = digits_below > 0 and below < 10**digits_below
        return Printed(f"{digits(parts[1])}.{below:0{digits_below}d}", place) if fits and "." not in parts[1] else None
    if _THOUSANDS.match(text.strip()):
        text = text.replace(" ", "")
    found = _CELL.fullmatch(text.strip())
    if not found:
        return None
    sign = "-" if found["sign"] else ""
    return Printed(sign + digits(found["number"]), place)


def is_points(unit: str) -> bool:
    """Tell whether a unit written behind a number means percentage points."""
    return unit.strip("% ").lower().replace(" ", "") not in ("", "퍼센트", "percent")


def years(text: str) -> list[int]:
    """Return the years that a text names, in order."""
    return [int(year) for year in re.findall(YEAR, text)]


def listed(text: str) -> tuple[str, ...]:
    """Split a list in words: 'chairs, paper and lamps', '의자, 복사용지 및 조명'."""
    parts = (part.strip(" .'\"-•") for part in _BETWEEN.split(re.sub(r"\([^()]*\)", "", text)))
    return tuple(re.sub(r"\s(?:등|etc)$", "", part) for part in parts if part and part not in ("etc", "등"))


def sentences(text: str) -> list[tuple[int, str]]:
    """Return the sentences of a text, each with where it starts. Dates and abbreviations end none."""
    found: list[tuple[int, str]] = []
    start = 0
    for gap in _SENTENCE.finditer(text):
        if _SHORT.search(text, max(start, gap.start() - 8), gap.start()):
            continue
        found.append((start, text[start : gap.start()]))
        start = gap.end()
    return [*found, (start, text[start:])] if text[start:] else found
