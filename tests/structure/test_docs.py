"""The documents hold: commands parse, the guide's walk runs, worked examples are recomputed, links resolve."""

from __future__ import annotations

import csv
import json
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import typer

from chorok.cli import main
from chorok.cli.commands import app
from chorok.cli.groups import ListFirst
from chorok.core import schemes
from chorok.core.matching.names import Thresholds
from chorok.core.measures import forecast, one_more, scorecard
from chorok.core.measures.scorecard import Effort, Facts
from chorok.core.measures.share import Amounts
from chorok.core.money import Share, check_published_share, percent, round_half_away, rounding_interval
from chorok.core.schemes import Change, Floor, Indicator, Scheme
from chorok.demo.published import TABLE_1
from chorok.sources import known_lists, profiles, staging, validate
from chorok.sources.understanding import FIELDS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
EXAMPLE = DOCS / "guide" / "example"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
PLACEHOLDERS = {"FILE", "NUMBER", "COMMAND"}
CLI: Any = typer.main.get_command(app)


def text_of(*pages: Path) -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in pages)


def blocks(page: Path, kind: str = "") -> list[str]:
    """The fenced blocks of a page, of one kind (sh, text) or all."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text_of(page), re.MULTILINE | re.DOTALL)
    return [body for name, body in found if kind in ("", name)]


def commands(page: Path) -> list[list[str]]:
    """The words behind `chorok` of every line of the page's shell blocks."""
    lines = [line for body in blocks(page, "sh") for line in body.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith("chorok ")]


def leaves(group: Any = CLI, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command that does something, with its path."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from leaves(command, (*path, name))
        else:
            yield (*path, name), command


def parse(words: list[str]) -> None:
    """Parse as the command line does, without running anything."""
    command, rest = CLI, list(words)
    while hasattr(command, "commands"):
        if isinstance(command, ListFirst) and (not rest or rest[0].startswith("-")):
            rest.insert(0, "list")
        assert rest[0] in command.commands, f"no command {rest[0]}"
        command = command.commands[rest.pop(0)]
    command.make_context("chorok", rest)


LINES = [(page, words) for page in PAGES for words in commands(page)]


def test_the_documents_show_commands() -> None:
    assert len(LINES) > 40


@pytest.mark.parametrize(("page", "words"), LINES, ids=lambda value: value.name if isinstance(value, Path) else None)
def test_every_command_line_parses(page: Path, words: list[str]) -> None:
    parse(words)


@pytest.mark.parametrize("words", [["shear"], ["share", "--bye", "year"], ["certificates", "import"]])
def test_a_wrong_command_line_does_not_parse(words: list[str]) -> None:
    with pytest.raises(Exception, match=r"shear|No such option|Missing"):
        parse(words)


def test_every_command_and_option_is_described() -> None:
    said = text_of(*PAGES)
    missing = [" ".join(path) for path, _ in leaves() if f"chorok {' '.join(path)}" not in said]
    options = {option for _, command in leaves() for part in command.params for option in part.opts}
    assert missing == []
    described = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", said))
    assert sorted(option for option in options if option.startswith("-") and option not in described) == []


def test_the_page_of_commands_invents_no_option() -> None:
    known = {"--help", "--version"} | {
        option for _, command in leaves() for part in command.params for option in (*part.opts, *part.secondary_opts)
    }
    shown = set(re.findall(r"`(--[a-z-]+)", text_of(DOCS / "commands.md")))
    assert sorted(shown - known) == []


def test_every_measure_has_its_page() -> None:
    modules = {file.stem for file in (ROOT / "src/chorok/core/measures").glob("*.py")} - {"__init__"}
    assert {page.stem for page in (DOCS / "measures").glob("*.md")} == modules


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_resolve(page: Path) -> None:
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        target, _, anchor = link.partition("#")
        if "://" in link:
            continue
        place = (page.parent / target).resolve() if target else page
        if not place.exists() or (anchor and anchor not in anchors(place)):
            broken.append(link)
    assert broken == []


GUIDES = [("docs/guide/en.md", "docs/guide/ko.md"), ("docs/guide/coordinator.en.md", "docs/guide/coordinator.ko.md")]


@pytest.mark.parametrize("pair", [("README.md", "README.ko.md"), *GUIDES])
def test_both_languages_say_the_same(pair: tuple[str, str]) -> None:
    one, other = (ROOT / name for name in pair)
    levels = [re.findall(r"^(#+) ", text_of(page), re.MULTILINE) for page in (one, other)]
    assert levels[0] == levels[1]
    assert blocks(one, "sh") == blocks(other, "sh")
    assert len(blocks(one)) == len(blocks(other))
    rows = [len(re.findall(r"^\|", text_of(page), re.MULTILINE)) for page in (one, other)]
    assert rows[0] == rows[1]


@pytest.mark.parametrize("page", ["README.md", "README.ko.md"])
def test_table_1_of_the_readme_is_the_published_one(page: str) -> None:
    shown = [
        [cell.strip() for cell in row.split("│")[1:-1]]
        for row in blocks(ROOT / page, "text")[0].splitlines()
        if "│" in row
    ]
    assert [row[1] for row in shown] == [str(one.year) for one in TABLE_1]
    assert [row[4] for row in shown] == [one.share for one in TABLE_1]
    assert [row[7] for row in shown] == [one.calibrated_share for one in TABLE_1]
    for row, one in zip(shown, TABLE_1, strict=True):
        total, green = (int(cell.replace(",", "")) for cell in row[2:4])
        assert str(percent(Fraction(green, total), len(one.calibrated_share.partition(".")[2]))) == row[7]
        assert float(row[5]) <= float(row[7]) <= float(row[6])


def examples(page: str, kind: str) -> list[tuple[dict[str, str], list[list[str]]]]:
    """The marked examples of a page: the marker's values, and the rows of the table below it."""
    found = re.findall(rf"<!-- example: {kind} ?(.*?)-->\n\n((?:\|.*\n)+)", text_of(DOCS / "measures" / page))
    return [
        (
            dict(pair.split("=") for pair in values.split()),
            [[cell.strip() for cell in row.split("|")[1:-1]] for row in table.splitlines()[2:]],
        )
        for values, table in found
    ]


def test_worked_shares_are_right() -> None:
    found = examples("share.md", "share")
    assert len(found) == 2
    for values, rows in found:
        share = Share(**{name: int(value) for name, value in values.items()})
        for name, exact, shown in rows:
            value = {"share": share.value, "low": share.low, "high": share.high}[name]
            part, whole = (int(number.replace(",", "")) for number in exact.split("/"))
            assert (Fraction(part, whole), str(percent(value))) == (value, shown)


def test_the_worked_interval_is_right() -> None:
    ((values, rows),) = examples("share.md", "interval")
    (green_low, green_high), (total_low, total_high) = (rounding_interval(values[name]) for name in ("green", "total"))
    plain = Fraction(values["green"]) / Fraction(values["total"])
    expected = [(green_low / total_high, 4), (plain, 2), (green_high / total_low, 4)]
    assert [row[1] for row in rows] == [str(round_half_away(value * 100, digits)) for value, digits in expected]
    assert check_published_share("11.98", "32.50", "36.89") == "impossible"
    assert check_published_share("11.16", "36.28", "30.77") == "possible"


def test_the_worked_scorecard_is_right() -> None:
    ((given, rows),) = examples("scorecard.md", "scorecard")
    rule = schemes.preset("award")
    now = Amounts(green=int(given["green"]), not_green=int(given["not_green"]))
    before = Amounts(green=int(given["before_green"]), not_green=int(given["before_not_green"]))
    training = Effort("X", 2019, "training", Fraction(given["training"]), "list")
    facts = Facts(now, before, efforts={"training": training})
    scored = scorecard.score(rule, facts, {})
    for (key, value, of_100, weight, points), part in zip(rows, scored.parts, strict=True):
        assert key == part.indicator.key
        if part.weight is not None and part.value.value is not None:
            exact = [part.points * 100 / part.weight, part.weight, part.points]
            assert Fraction(value) == part.value.value
            assert [of_100, weight, points] == [str(round_half_away(one, 2)) for one in exact]
        else:
            assert {value, of_100, weight, points} == {"–"}
    step = one_more.green(rule, facts, {}, scored)
    assert (given["score"], given["more"]) == (str(round_half_away(scored.score or Fraction(), 2)), str(step.change))


def test_the_worked_forecast_is_right() -> None:
    ((given, rows),) = examples("forecast.md", "forecast")
    green, rest = int(given["green"]), int(given["rest"])
    past = []
    for year, *numbers in rows:
        green_then, rest_then, green_year, rest_year, green_factor, rest_factor = map(int, numbers[:6])
        months = {1: Share(green_then, rest_then), 2: Share(green_year - green_then, rest_year - rest_then)}
        one = forecast.past_year(int(year), months, 1, True)
        assert (one.green, one.rest) == (green_factor, rest_factor)
        assert numbers[6] == str(percent(one.carried(green, rest)))
        past.append(one)
    made = forecast.forecast({1: Share(green, rest)}, 1, past)
    assert {name: str(percent(getattr(made, name))) for name in ("share", "low", "high")}.items() <= given.items()


def test_formats_name_all_there_is() -> None:
    said = text_of(DOCS / "formats.md")
    wanted = [*FIELDS, *validate.REASONS, *staging.DROPPED, "row_broken", *profiles._KEYS, *profiles._TOP]
    for one in known_lists.known():
        assert f"`{one.name}`" in said
        if one.name.startswith("template_"):
            wanted += [*one.columns, *one.label_columns]
        else:
            assert one.title_en.rpartition(" (")[0] in said
    wanted += [profile.name for profile in profiles.known()]
    wanted += [field.name for kind in (Scheme, Indicator, Floor, Change) for field in fields(kind)]
    forms = ("`{}`", "`[{}]`", "`[[{}]]`")
    assert [name for name in wanted if not any(form.format(name) in said for form in forms)] == []


def test_thresholds_are_those_of_the_code() -> None:
    said = text_of(DOCS / "matching.md")
    marked = re.search(r"generated: thresholds (.*) -->", said)
    assert marked is not None
    given = {name: float(value) for name, value in (pair.split("=") for pair in marked[1].split())}
    assert given == {name: getattr(Thresholds(), name) for name in given}
    assert all(f"{value:.2f}" in said for name, value in given.items() if name != "margin")


OUTCOMES = {
    "의자 외 2종": ("not_green", "납품확인서에 인증 표시 없음"),
    "현수막 제작": ("out_of_scope", "녹색제품 기준이 없는 품목"),
}


def fill_in(review: Path) -> None:
    """Decide as the guide's table says."""
    with review.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        row["outcome"], row["reason"] = OUTCOMES[row["description"]]
    with review.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def mend(folder: Path) -> None:
    """Mend the rejected rows as the guide says."""
    (rejects,) = (folder / "my-ledger" / "batches").glob("*.rejects-0.csv")
    text = rejects.read_text(encoding="utf-8-sig")
    mended = text.replace("2019.13.40,홍보과", "2019.10.14,홍보과").replace("약 30만원,홍길동", "300000,홍길동")
    (folder / "mended.csv").write_text(mended, encoding="utf-8-sig")


def walk(folder: Path) -> None:
    """Run every command of the guide, in order, on the example files in a folder."""
    for words in commands(DOCS / "guide" / "en.md"):
        if words[0] == "decide":
            fill_in(folder / words[1])
        if words[:2] == ["import", "mended.csv"]:
            mend(folder)
        assert main(["--lang", "en", *words]) == 0, words


def test_the_walk_of_the_guide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One test, so that the walk is done once: its figures are those of the guide and of the worked examples."""

    def asked(*words: str) -> list[dict[str, Any]]:
        capsys.readouterr()
        assert main([*words, "--json", "--lang", "en"]) == 0
        rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
        return rows

    for file in EXAMPLE.glob("*.csv"):
        shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHOROK_LEDGER", "my-ledger")
    walk(tmp_path)
    (first,), (last,) = asked("share", "--by", "year", "--as-of", "1"), asked("share", "--by", "year")
    assert [first[name] for name in ("share", "low", "high")] == ["55.56", "52.63", "78.95"]
    assert [last[name] for name in ("share", "low", "high")] == ["57.89", "57.89", "57.89"]
    guide = text_of(DOCS / "guide" / "en.md")
    assert all(number in guide for number in ("55.56", "52.63", "78.95", "57.89", "row 9 ("))
    values, _ = examples("share.md", "share")[0]
    assert {name: str(first[name]) for name in ("green", "undetermined", "unknown")}.items() <= values.items()
    assert first["eligible"] == sum(int(values[name]) for name in ("green", "not_green", "undetermined"))
    ((_, quantities),) = examples("quantity.md", "quantity")
    names = ("lines", "quantity", "green_quantity")
    found = asked("share", "--by", "item", "--quantity")
    assert [[row["item"], row["unit"], *(f"{float(row[name]):g}" for name in names)] for row in found] == quantities
    (line,) = asked("explain", "L910699655089292100")
    assert (line["state_on_day"], line["origin"]["row"]) == ("not_green", 9)


@pytest.mark.parametrize("page", ["README.md", "README.ko.md"])
def test_the_walk_of_the_readme_is_the_one_of_the_guide(page: str) -> None:
    shown = [words for words in commands(ROOT / page) if words[0] != "demo"]
    walked = iter(commands(DOCS / "guide" / "en.md"))
    assert shown
    assert all(words in walked for words in shown), "a command that the guide does not run, or not in this order"


TWO_AMOUNTS = "구매일자,품명,계약금액,지급금액\n2019-01-02,의자,15000,16000\n"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--version"], 0),
        (["share", "--nonsense"], 2),
        (["share", "--basis", "nonsense", "-l", "somewhere"], 2),
        (["import", "nowhere.csv", "-l", "new"], 3),
        (["certificates", "import", "two.csv", "-l", "new"], 3),
        (["share", "-l", "nowhere"], 4),
        (["import", "two.csv", "-l", "new"], 5),
        (
            [
                "map",
                "two.csv",
                "-c",
                "amount=계약금액",
                "-c",
                "amount_unit=천원",
                "-c",
                "date_order=dmy",
                "-c",
                "vat=included",
            ],
            0,
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_exit_codes_are_those_of_the_table(
    words: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two.csv").write_text(TWO_AMOUNTS, encoding="utf-8")
    assert main(["--lang", "en", *words]) == code
    assert f"\n| {code} |" in text_of(DOCS / "formats.md")
