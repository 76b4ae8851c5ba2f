"""Product, supplier and certificate texts in one spelling, so that equal things compare equal."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence

_LINE_BREAKS = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SEPARATOR = "\0"
_BRACKETED_LEGAL = re.compile(r"\([주유사재합]\)")
_LEGAL = re.compile(
    r"농업회사법인|주식회사|유한(?:책임)?회사|합자회사|합명회사|사단법인|재단법인|사회적협동조합"
    r"|\bco +ltd\b|\b(?:inc|ltd|llc|corp|gmbh|plc)\b"
)
_SUPPLIER_LEGAL = re.compile(r"\b(?:co|company|corporation|incorporated|limited|ag|sa|bv|kg|pty|lp)$")
_THOUSANDS = re.compile(r",(?<=[0-9],)(?=[0-9]{3}(?![0-9]))")
_GLUE = re.compile(r"-(?<=[a-z0-9]-)(?=[a-z0-9])")
_NOISE = re.compile(r"[^\w\n .*#%]+|_+|(?<![0-9])\.+|\.+(?![0-9])")
_BLANKS = re.compile(r" {2,}")
_EDGES = re.compile(r"^ | $", re.MULTILINE)
_TIMES = re.compile(r"(?<=[0-9]) ?\* ?(?=[0-9])|(?<=[0-9]) x (?=[0-9])")
_UNIT = re.compile(
    r" (?<=[0-9] )(?=(?:mm|cm|m|m2|m3|km|g|kg|mg|t|l|ml|w|kw|wh|kwh|v|kv|a|ma|hz|db|lm|ppm|gb|tb|inch|ea|k|nm"
    r"|인치|매|개|장|호|인용|리터|권|롤|와트|볼트)(?![\w.]))"
)

_CODE = re.compile(r"[A-Z0-9*#]+(?:[-./_–][A-Z0-9*#]+)*", re.ASCII)
_SPEC = re.compile(
    r"\d+(?:[.,/-]\d+)*(?:X\d+(?:\.\d+)?)*(?:MM|CM|M|M2|M3|KM|G|KG|MG|T|L|ML|W|KW|WH|KWH|V|KV|A|MA|HZ|DB|LM|PPM|GB|TB|EA|K"
    r"|INCH|P|PCS|SET|HP|RPM|BTU|ST|ND|RD|TH)?(?:/(?:M2|M3|H|MIN|DAY))?"
)
_OTHER_NUMBER = re.compile(
    r"(?:19|20)[0-9]{2}[-./][0-9]{1,2}[-./][0-9]{1,2}"  # date
    r"|0[0-9]{1,2}-[0-9]{3,4}-[0-9]{4}|[0-9]{3}-[0-9]{2}-[0-9]{5}"  # telephone, business number
)
_STANDARD = re.compile(
    r"KS-?[A-Z]-?[0-9]{4}|(?:ISO|IEC|EN|ASTM|JIS|DIN)-?[A-Z]?[0-9]{2,6}(?:-[0-9]+)?|IP[0-9]{2}|(?:SUS|STS|AL)-?[0-9]{3,4}L?"
    r"|RAL-?[0-9]{4}|(?:USB|DDR|HDMI|CAT|PCIE?)-?[0-9](?:[.][0-9])?[A-Z]?"
)
_SQUEEZE = re.compile(r"[^A-Z0-9*#]+")
_CERTIFICATE = re.compile(
    r"(?:(?<![A-Z0-9])(?:EL|GR|LC|KEL|EPD)[ -]?[0-9]{1,5}(?:[-][0-9A-Z]{1,8}){0,3}(?![A-Z0-9]))"
    r"|(?:제 ?[0-9][0-9-]{2,14} ?호)"
)

MINIMUM_CODE = 3
"""Fewest characters of a model code."""


def normalise(text: str) -> str:
    """Return a text in one spelling: NFKC, lower case, no legal forms, brackets or separators, single blanks.

    Units are joined to their number ('10 mm' is '10mm'), thousands separators dropped, '×' and '*' between
    numbers become 'x', hyphens inside a code vanish. Applying it again changes nothing.
    """
    return normalise_all([text])[0]


def normalise_all(texts: Sequence[str]) -> list[str]:
    """Return `normalise` of every text. All texts pass through each step at once, as lines of one long text."""
    if not texts:
        return []
    lines = _SEPARATOR.join(texts)
    if lines.count(_SEPARATOR) >= len(texts):
        lines = _SEPARATOR.join(text.replace(_SEPARATOR, " ") for text in texts)
    return _spelled(_LINE_BREAKS.sub(" ", lines).replace(_SEPARATOR, "\n")).split("\n")


def _spelled(lines: str) -> str:
    """Return the lines normalised. The order matters: no later step may make work for an earlier one."""
    lines = _BRACKETED_LEGAL.sub(" ", _folded(lines)).replace("×", "*")
    lines = _NOISE.sub(" ", _GLUE.sub("", _THOUSANDS.sub("", lines)))
    lines = _EDGES.sub("", _BLANKS.sub(" ", _LEGAL.sub(" ", lines)))
    return _UNIT.sub("", _TIMES.sub("x", lines))


def _folded(text: str) -> str:
    """Return the text compatibility-composed and case-folded; rare marks need the second composition."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


@functools.lru_cache(maxsize=65536)
def normalise_supplier(name: str) -> str:
    """Return a supplier's name without legal forms and blanks: '주식회사 초록 산업' and '㈜초록산업' are one."""
    return _SUPPLIER_LEGAL.sub("", normalise(name)).replace(" ", "").replace(".", "")


def squeeze(code: str) -> str:
    """Return a model code in upper case, letters, digits and the wildcards * and # only ('fx-2100 b' is 'FX2100B')."""
    plain = code if code.isascii() else unicodedata.normalize("NFKC", code)
    return _SQUEEZE.sub("", plain.upper())


def model_codes(text: str) -> tuple[str, ...]:
    """Return the model codes a text names, squeezed, in order, each once.

    A code has at least three characters and a digit, and a letter or several groups of digits; sizes, weights
    and other plain measures ('600x400', '80g', '220V') are none, nor are standards ('KS-D3698', 'SUS304'), dates,
    telephone numbers, and certificate numbers.
    """
    found = (match for match in _CODE.findall(unicodedata.normalize("NFKC", text).upper()) if _is_code(match))
    return tuple(dict.fromkeys(squeeze(match) for match in found))


def _is_code(token: str) -> bool:
    bare = squeeze(token)
    if len(bare) < MINIMUM_CODE or not any(letter.isdigit() for letter in bare):
        return False
    if bare.isdigit():
        return len(bare) >= 7 and "-" in token and _OTHER_NUMBER.fullmatch(token) is None
    return not any(other.fullmatch(token) for other in (_SPEC, _STANDARD, _CERTIFICATE))


def normalise_certificate_no(text: str) -> str:
    """Return a certificate number in upper case without blanks and the words around it ('제 12345호' is '12345')."""
    bare = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper().replace("–", "-")
    return bare.removeprefix("제").removesuffix("호").strip("-.")


def certificate_nos(text: str) -> tuple[str, ...]:
    """Return the certificate numbers that a free text names, normalised, in order, each once.

    Known shapes: 'EL250-2019-123', 'GR-2019-001', '제 12345호'. A bare number is none.
    """
    upper = unicodedata.normalize("NFKC", text).upper().replace("–", "-")
    return tuple(dict.fromkeys(normalise_certificate_no(found) for found in _CERTIFICATE.findall(upper)))
