"""Templates hold no sentences of their own, and every code they say is worded."""

from __future__ import annotations

import re
from pathlib import Path

from django.template import engines

from chorok import wording
from walked import each

SITE = Path(__file__).parents[2] / "src" / "chorok" / "site"
TEMPLATES = sorted(SITE.rglob("*.html"))
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
COMMENT = re.compile(r"\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->", re.DOTALL)
MARKUP = re.compile(r"<[^>]*>", re.DOTALL)
TOLD = re.compile(r"""(?:alt|title|placeholder|aria-label|aria-description|value)\s*=\s*"([^"]*)\"""")
LETTERS = re.compile(r"[A-Za-z가-힣]{2,}")
SAYS = re.compile(r"""\{%\s*say\s+["']([^"']+)["']|["']([a-z_]+(?:\.[a-z_0-9]+)+)["']\|said""")
MEANT = {
    *("Ctrl", "Enter", "Esc", "doctype", "html", "px"),
    *("CSV", "XLSX", "ICS", "JSON", "PDF", "TOML", "API", "KRW", "SHA"),
}
"""Names of keys and formats, the same in both languages."""


@each(TEMPLATES)
def test_a_template_holds_no_text_of_its_own(path: Path) -> None:
    source = COMMENT.sub(" ", path.read_text(encoding="utf-8"))
    plain = TAG.sub(" ", source)
    shown = " ".join([MARKUP.sub(" ", plain), *TOLD.findall(TAG.sub("", source))])
    words = [word for word in LETTERS.findall(shown) if word not in MEANT and not word.startswith("nbsp")]
    assert not [word for word in words if _sentence(word, path)], words


def _sentence(word: str, path: Path) -> bool:
    """Values of hidden fields and buttons are codes; what people read begins large, is Hangul, or stands in text."""
    text = MARKUP.sub(" ", TAG.sub(" ", COMMENT.sub(" ", path.read_text(encoding="utf-8"))))
    return bool(re.search(rf"\b{re.escape(word)}\b", text)) or not word.isascii()


@each(TEMPLATES)
def test_every_code_that_a_template_says_is_worded(path: Path) -> None:
    for plain, filtered in SAYS.findall(path.read_text(encoding="utf-8")):
        for language in wording.LANGUAGES:
            assert wording.knows(plain or filtered, language), f"{plain or filtered} is not worded in {language}"


@each(TEMPLATES)
def test_a_template_can_be_read(path: Path) -> None:
    engines["django"].from_string(path.read_text(encoding="utf-8"))
