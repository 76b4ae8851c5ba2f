"""Every command in both languages: what it prints, what it returns, what it says when it cannot."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from builders import CITY, EAST, HEADERS, ask, keyed, posted, states, totals, write_csv
from chorok.ledger import tallies
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger

LANGUAGES = ("ko", "en")
READING = [
    ("share",),
    ("share", "--by", "quarter,organisation,item", "--basis", "all_goods"),
    ("share", "--by", "year,city", "--quantity"),
    ("share", "--by", "city", "--tree", "now", "--organisation", CITY, "--period", "2019"),
    ("share", "--definition", "busan", "--digits", "0"),
    ("lines", "--limit", "2"),
    ("lines", "--state", "green", "--organisation", CITY),
    ("review",),
    ("batches",),
    ("snapshots",),
    ("doubles",),
    ("labels",),
    ("certificates", "list", "T-1"),
    ("organisations", "list"),
]


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_reading_command_speaks_both_languages_and_three_forms(run, cli_ledger: Ledger, words: tuple) -> None:
    said = {}
    for language in LANGUAGES:
        ran = run(*words, "--ledger", cli_ledger.path, "--lang", language)
        assert ran.code == 0, ran.err
        said[language] = ran.out
        as_json = run(*words, "--ledger", cli_ledger.path, "--lang", language, "--json")
        as_csv = run(*words, "--ledger", cli_ledger.path, "--csv", "--lang", language)
        assert as_json.code == as_csv.code == 0
        header, *rows = list(csv.reader(io.StringIO(as_csv.out)))
        assert len(rows) == len(as_json.json)
        assert all(len(row) == len(header) for row in rows)
    assert said["ko"] != said["en"]
    assert any("가" <= letter <= "힣" for letter in said["ko"])


HELP = """
import sys
from chorok.cli import main
main(["--lang", sys.argv[1], "share", "--help"])
sys.stdout.flush()
import typer
from chorok.cli.commands import app
def walk(command, context):
    print(command.get_help(context))
    for name, child in getattr(command, "commands", {}).items():
        walk(child, child.make_context(name, [], context, resilient_parsing=True))
whole = typer.main.get_command(app)
walk(whole, whole.make_context("chorok", [], resilient_parsing=True))
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_help_page(language: str) -> None:
    source = Path(__file__).parents[2] / "src"
    environment = {**os.environ, "PYTHONPATH": str(source), "PYTHONIOENCODING": "utf-8", "COLUMNS": "120"}
    done = subprocess.run(
        [sys.executable, "-c", HELP, language], capture_output=True, env=environment, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()
    out = done.stdout.decode("utf-8")
    for command in ("import", "certificates", "decide", "--json", "--ledger"):
        assert command in out
    korean = sum("가" <= letter <= "힣" for letter in out)
    assert (korean > 500) == (language == "ko")


class TestExitCodes:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize(
        ("words", "code"),
        [
            (("nonsense",), 2),
            (("share", "--nonsense"), 2),
            (("share", "--json", "--csv"), 2),
            (("share", "--by", "colour"), 2),
            (("share", "--by", "year,month"), 2),
            (("share", "--basis", "x"), 2),
            (("share", "--tree", "x"), 2),
            (("share", "--period", "soon"), 2),
            (("share", "--as-of", "99"), 2),
            (("share", "--organisation", "X"), 2),
            (("share", "--engine", "abacus"), 2),
            (("lines", "--state", "x"), 2),
            (("explain", "P1"), 2),
            (("explain", "word"), 2),
            (("export", "a.pdf"), 2),
            (("export", "a.csv", "--as", "x"), 2),
            (("export", "a.csv", "--by", "month"), 2),
            (("import", "a.csv", "--replace", "--add"), 2),
            (("import", "a.csv", "--column", "amount"), 2),
            (("share", "--definition", "atlantis"), 3),
            (("import", "nothing.csv"), 3),
            (("import", "nothing.csv", "--profile", "nothing.toml"), 3),
            (("map", "nothing.csv"), 3),
            (("decide", "nothing.csv"), 3),
            (("certificates", "import", "nothing.csv"), 3),
            (("withdraw", "0123456789ab"), 4),
        ],
        ids=str,
    )
    def test_what_went_wrong_is_said_in_words(self, run, cli_ledger, monkeypatch, tmp_path, language, words, code):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("CHOROK_LEDGER", str(cli_ledger.path))
        option = () if words == ("map", "nothing.csv") or words == ("nonsense",) else ("--ledger", cli_ledger.path)
        ran = run(*words, *option, "--lang", language)
        assert ran.code == code, ran.err
        assert ran.out == ""
        assert len(ran.err.strip()) > 15
        assert "Traceback" not in ran.err

    def test_no_ledger(self, run, tmp_path: Path) -> None:
        for words in (("share",), ("batches",), ("match",), ("review",), ("withdraw", "x")):
            assert run(*words, "--ledger", tmp_path / "nothing").code == 4

    def test_nothing_published(self, run, ledger: Ledger) -> None:
        assert run("share", "--ledger", ledger.path).code == 4

    def test_a_question_that_only_a_person_can_answer(self, run, tmp_path: Path) -> None:
        path = tmp_path / "card.csv"
        for name, amount in (("a.csv", 5), ("b.csv", 6)):
            path = tmp_path / name
            path.write_text("구매일자,기관명,품명,금액\n" + f"2019-03-02,가람시,의자,{amount}\n" * 3, encoding="utf-8")
            ran = run("import", path, "--ledger", tmp_path / "l", "--lang", "en", "-q")
        assert ran.code == 5
        assert "--replace" in ran.err
        assert run("import", path, "--ledger", tmp_path / "l", "--replace", "-q").code == 0
        assert totals(Ledger.open(tmp_path / "l")) == (3, 18)

    def test_version_and_bare_call(self, run) -> None:
        assert run("--version").out.startswith("chorok ")
        assert "import" in run().out + run("--help").out

    def test_korean_by_environment(self, run, monkeypatch, tmp_path: Path) -> None:
        monkeypatch.setenv("CHOROK_LANG", "ko_KR.UTF-8")
        assert "원장" in run("share", "--ledger", tmp_path / "x").err


class TestImport:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_account_is_printed(self, run, tmp_path: Path, language: str) -> None:
        rows = [keyed(n, amount=1000) for n in range(3)] + [keyed(9, day="미정", amount=5)]
        file = write_csv(tmp_path / "1.csv", rows)
        ran = run("import", file, "--ledger", tmp_path / "장부", "--lang", language)
        assert ran.code == 0, ran.err
        assert "3,005" in ran.out
        assert "3,000" in ran.out
        assert (tmp_path / "장부").exists()
        again = run("import", file, "--ledger", tmp_path / "장부", "--lang", language)
        assert again.code == 0
        assert ran.out.splitlines()[0] != again.out.splitlines()[0]

    def test_as_json_and_csv(self, run, tmp_path: Path) -> None:
        file = write_csv(tmp_path / "1.csv", [keyed(n) for n in range(3)])
        rows = run("import", file, "--ledger", tmp_path / "a", "--json", "-q").json
        assert [row["lines"] for row in rows][:3] == [3, 3, 0]
        ran = run("import", file, "--ledger", tmp_path / "b", "--csv", "-q", "--lang", "ko")
        assert len(list(csv.reader(io.StringIO(ran.out)))) == 4

    def test_columns_currency_and_source_by_option(self, run, tmp_path: Path) -> None:
        path = tmp_path / "1.csv"
        path.write_text("언제,값,무엇\n" + "2019-03-02,5.25,의자\n" * 3, encoding="utf-8")
        given = ("--column", "order_date=언제", "-c", "amount=값", "-c", "description=무엇", "--currency", "USD")
        ran = run("import", path, *given, "--source", "s", "-o", CITY, "--ledger", tmp_path / "l", "-q")
        assert ran.code == 0, ran.err
        (row, *_) = posted(Ledger.open(tmp_path / "l"))
        assert (row["amount"], row["currency"], row["organisation"], row["source"]) == (525, "USD", CITY, "s")

    def test_a_mapping_is_shown_saved_and_used(self, run, tmp_path: Path) -> None:
        file = write_csv(tmp_path / "1.csv", [keyed(n, name="의자") for n in range(3)])
        for language in LANGUAGES:
            ran = run("map", file, "--lang", language)
            assert ran.code == 0, ran.err
            assert HEADERS["amount"] in ran.out
        assert run("map", file, "--save", tmp_path / "p.toml", "--name", "나", "--json").code == 0
        ran = run("import", file, "--profile", tmp_path / "p.toml", "--ledger", tmp_path / "l", "-q")
        assert ran.code == 0, ran.err
        assert {row["source"] for row in posted(Ledger.open(tmp_path / "l"))} == {"나"}

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_withdrawing(self, run, mine: Ledger, language: str) -> None:
        (row,) = run("batches", "--ledger", mine.path, "--json").json
        ran = run("withdraw", row["batch"], "--ledger", mine.path, "--lang", language, "-q")
        assert ran.code == 0, ran.err
        assert states(mine) == {"withdrawn": 1}
        assert totals(mine) == (0, 0)
        assert run("batches", "--ledger", mine.path, "--lang", language).code == 0
        assert run("share", "--ledger", mine.path, "--lang", language).code == 0


def test_shares_in_json(run, cli_ledger: Ledger) -> None:
    rows = run("share", "--by", "year,city", "--ledger", cli_ledger.path, "--json").json
    found = {(row["year"], row["city_code"]): row for row in rows}
    row = found["2019", CITY]
    assert (row["eligible"], row["green"], row["share"], row["unknown"]) == (4000, 3000, "75.00", 2**53 + 2)
    assert found["2020", CITY]["share"] == "0.00"


def test_members_without_data_say_so(run, cli_ledger: Ledger) -> None:
    rows = run("share", "--by", "city", "--ledger", cli_ledger.path, "--json", "--lang", "en").json
    absent = [row for row in rows if row["city_code"] in ("T-30", "T-41")]
    assert len(absent) == 2
    assert all(row.get("eligible") is None for row in absent)
    assert len({row["share"] for row in absent}) == 1
    assert absent[0]["share"] not in ("0", "0.00", None)


def test_a_share_before_its_definition_says_so_and_gives_no_number(run, cli_ledger: Ledger) -> None:
    for row in run("share", "--by", "year", "--definition", "busan", "--ledger", cli_ledger.path, "--json").json:
        assert not any(letter.isdigit() for letter in row["share"] + row["low"] + row["high"])


@pytest.mark.parametrize("language", LANGUAGES)
class TestExplain:
    def test_a_product(self, run, cli_ledger: Ledger, language: str) -> None:
        for key in tallies.product_keys(Published.at(cli_ledger)):
            ran = run("explain", f"P{key}", "--ledger", cli_ledger.path, "--lang", language)
            assert ran.code == 0, ran.err
            record = run("explain", f"P{key}", "--ledger", cli_ledger.path, "--json").json[0]
            assert record["product_key"] == key

    def test_a_line_and_the_row_it_was(self, run, cli_ledger: Ledger, language: str) -> None:
        for line in posted(cli_ledger):
            ran = run("explain", f"L{line['line_id']}", "--ledger", cli_ledger.path, "--lang", language)
            assert ran.code == 0, ran.err
            assert "구매.csv" in ran.out
            assert line["source_key"] in ran.out
        record = run("explain", f"L{line['line_id']}", "--ledger", cli_ledger.path, "--json").json[0]
        assert record["origin"]["file"] == "구매.csv"

    def test_revoked_before_the_purchase_is_a_finding(self, run, ledger: Ledger, tmp_path, language: str) -> None:
        from builders import REVOKED, take

        rows = [keyed(n, day=f"2019-0{n + 2}-15", product=REVOKED) for n in range(3)]
        take(ledger, write_csv(tmp_path / "1.csv", rows))
        found = {}
        for line in posted(ledger):
            ran = run("explain", f"L{line['line_id']}", "--ledger", ledger.path, "--lang", language)
            found[line["bought_on"].month] = ran.out.count("T-4")
        assert found[2] < found[3] == found[4]


class TestReview:
    def test_out_filled_in_and_back(self, run, mine: Ledger, tmp_path: Path) -> None:
        for ending in ("csv", "xlsx"):
            assert run("review", "--out", tmp_path / f"r.{ending}", "--ledger", mine.path).code == 0
        with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as handle:
            header, *rows = csv.reader(handle)
        assert len(rows) == 1
        at = {name: place for place, name in enumerate(header)}
        assert rows[0][at["product_key"]].startswith("P")
        assert run("decide", tmp_path / "r.csv", "--ledger", mine.path, "--decided-by", "김").code == 0
        assert ask(mine).figures[0].amounts.unknown == 2**53 + 2, "nothing was filled in yet"
        for name, value in (("outcome", "not_green"), ("item_group", "T-CHAIR"), ("reason", "규격서")):
            rows[0][at[name]] = value
        with (tmp_path / "back.csv").open("w", encoding="utf-8-sig", newline="") as handle:
            csv.writer(handle).writerows([header, *rows])
        for language in LANGUAGES:
            ran = run("decide", tmp_path / "back.csv", "--ledger", mine.path, "--decided-by", "김", "--lang", language)
            assert ran.code == 0, ran.err
        assert ask(mine).figures[0].amounts.unknown == 0
        key = rows[0][at["product_key"]]
        assert "김" in run("explain", key, "--ledger", mine.path, "--lang", "ko").out
        assert run("review", "--ledger", mine.path, "--lang", "en").code == 0

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_what_cannot_be_used_is_told_and_the_rest_is_taken(self, run, mine, tmp_path, language: str) -> None:
        rows = [("product_key", "outcome", "item_group", "reason"), ("P1", "not_green", "T-CHAIR", "x")]
        key = run("review", "--ledger", mine.path, "--json").json[0]["product"]
        rows.append((key, "out_of_scope", "", "x"))
        with (tmp_path / "d.csv").open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle).writerows(rows)
        ran = run("decide", tmp_path / "d.csv", "--ledger", mine.path, "--decided-by", "김", "--lang", language)
        assert ran.code == 3
        assert "product_key" in ran.err
        assert ask(mine).figures[0].amounts.unknown == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_matching_says_what_was_decided_how(run, mine: Ledger, language: str) -> None:
    ran = run("match", "--ledger", mine.path, "--lang", language)
    assert ran.code == 0, ran.err
    rows = run("match", "--ledger", mine.path, "--json", "-q").json
    assert sum(row["lines"] for row in rows) == totals(mine)[0]
    learned = run("match", "--learn", "--ledger", mine.path, "--lang", language)
    assert learned.code == 3, "too little to learn from"


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_are_imported_and_match_again(run, mine: Ledger, tmp_path: Path, language: str) -> None:
    path = tmp_path / "기관.csv"
    path.write_text(
        "code,name_ko,name_en,kind,parent,valid_from,valid_until,aliases\nT-26,가람시,Garam,city,,,,\n",
        encoding="utf-8",
    )
    ran = run("organisations", "import", path, "--ledger", mine.path, "--lang", language, "--source", "new")
    assert ran.code == 0, ran.err
    assert run("organisations", "list", "--ledger", mine.path, "--lang", language).code == 0


class TestExport:
    def exported(self, run, ledger: Ledger, file: Path, kind: str, *more: str) -> list[dict[str, object]]:
        ran = run("export", file, "--as", kind, "--ledger", ledger.path, *more)
        assert ran.code == 0, ran.err
        if file.suffix == ".csv":
            assert file.read_bytes().startswith(b"\xef\xbb\xbf"), "Excel shows Hangul only with it"
            with file.open(encoding="utf-8-sig", newline="") as handle:
                return list(csv.DictReader(handle))
        header, *rows = openpyxl.load_workbook(file).active.iter_rows()
        assert all(cell.data_type != "f" for row in rows for cell in row)
        names = [cell.value for cell in header]
        return [{name: cell.value for name, cell in zip(names, row, strict=True)} for row in rows]

    @pytest.mark.parametrize("ending", ["csv", "xlsx"])
    def test_lines(self, run, cli_ledger: Ledger, tmp_path: Path, ending: str) -> None:
        rows = self.exported(run, cli_ledger, tmp_path / f"줄.{ending}", "lines")
        found = {str(row["source_key"]): row for row in rows}
        assert len(rows) == 4
        assert sum(int(str(row["amount"])) for row in rows) == totals(cli_ledger)[1]
        assert str(found["R00004"]["amount"]) == str(2**53 + 2)
        text = str(found["R00004"]["description"])
        assert text in ('\'=ㅁㅁ,"ㅁ"', '=ㅁㅁ,"ㅁ"')
        assert ending == "xlsx" or (text.startswith("'") and str(found["R00004"]["supplier_name"]).startswith("'@"))

    @pytest.mark.parametrize("ending", ["csv", "xlsx"])
    def test_shares(self, run, cli_ledger: Ledger, tmp_path: Path, ending: str) -> None:
        rows = self.exported(run, cli_ledger, tmp_path / f"율.{ending}", "share", "--by", "year,city")
        row = next(row for row in rows if str(row["year"]) == "2019")
        assert (str(row["eligible"]), str(row["green"]), str(row["share"])) == ("4000", "3000", "75.00")

    @pytest.mark.parametrize("grain", ["year", "quarter"])
    def test_the_record_of_the_ministry(self, run, cli_ledger: Ledger, tmp_path: Path, grain: str) -> None:
        rows = self.exported(run, cli_ledger, tmp_path / "k.csv", "keiti", "--by", f"{grain},organisation,item")
        row = next(row for row in rows if row["pecoYyyy"] == "2019")
        assert (row["pecoTmgb"], row["pecoOrcd"], row["pecoEcon"]) == ("Y" if grain == "year" else "1", CITY, "10101")
        assert (row["pecoTqty"], row["pecoQty"], row["pecoTamt"], row["pecoAmt"]) == ("4", "3", "4000", "3000")

    def test_a_file_that_cannot_be_written_whole_is_not_there(self, run, cli_ledger, tmp_path, monkeypatch) -> None:
        from chorok.publications import sheets

        monkeypatch.setattr(sheets, "MOST_ROWS", 2)
        ran = run("export", tmp_path / "x.xlsx", "--as", "lines", "--ledger", cli_ledger.path)
        assert ran.code == 2
        assert list(tmp_path.iterdir()) == []


def test_east_is_inside_its_city(run, cli_ledger: Ledger) -> None:
    rows = run("lines", "--organisation", CITY, "--ledger", cli_ledger.path, "--json", "--lang", "ko").json
    assert {row["organisation"] for row in rows} == {"가람시", "동구"}
    rows = run("lines", "--organisation", EAST, "--ledger", cli_ledger.path, "--json", "--lang", "en").json
    assert {row["organisation"] for row in rows} == {"Dong-gu"}


def test_labels_nobody_has_explained_are_pointed_out(run, mine: Ledger) -> None:
    from builders import rows
    from chorok.ledger.registry import replace_source

    seen = [{"label": "모르는 표시", "seen": 3}, {"label": "환경표지", "basis": "eco_label", "seen": 2}]
    replace_source(mine.path, "labels", rows("labels", seen), "test")
    for language in LANGUAGES:
        ran = run("labels", "--unknown", "--ledger", mine.path, "--lang", language)
        assert ran.code == 0
        assert "모르는 표시" in ran.out
        assert "환경표지" not in ran.out
        assert ran.err


@pytest.mark.parametrize("room", ["certificates", "organisations", "targets", "periods", "calendar"])
def test_a_bare_group_lists(run, cli_ledger: Ledger, room: str) -> None:
    bare, listed = (run(room, *words, "--ledger", cli_ledger.path, "--json") for words in ((), ("list",)))
    assert (bare.code, bare.out) == (listed.code, listed.out) == (0, bare.out)
    assert "list" in run(room, "--help").out


def test_certificates_without_words_are_the_first_ones(run, cli_ledger: Ledger, tmp_path: Path) -> None:
    ran = run("certificates", "--ledger", cli_ledger.path, "--limit", 2, "--json", "--lang", "en")
    assert [row["certificate_no"] for row in ran.json] == ["T-1", "T-2"]
    assert "2 of 8" in ran.err
    assert "Import a list" in run("certificates", "--ledger", Ledger.create(tmp_path / "new").path, "--lang", "en").err
