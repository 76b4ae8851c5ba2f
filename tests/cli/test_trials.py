"""What strangers tried: files and commands that are not there, not readable, not meant so."""

from __future__ import annotations

from pathlib import Path

import pytest

import builders
from builders import keyed, write_csv
from chorok.cli import commands
from chorok.core.matching.groups import GroupModel
from chorok.ledger import learning
from chorok.ledger.store import Ledger

LANGUAGES = ("ko", "en")


@pytest.mark.parametrize("words", [("import",), ("certificates", "import"), ("organisations", "import")])
@pytest.mark.parametrize("named", ["nowhere.csv", "."])
def test_a_file_that_is_none_leaves_no_ledger(run, tmp_path: Path, words: tuple, named: str) -> None:
    ran = run(*words, tmp_path / named, "--ledger", tmp_path / "ledger")
    assert ran.code == 3
    assert not (tmp_path / "ledger").exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fault_of_the_program_ends_in_one_sentence(
    run, cli_ledger: Ledger, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    def fault(*_: object, **__: object) -> None:
        raise RuntimeError("[bold]first\nsecond")

    monkeypatch.delenv("CHOROK_DEBUG", raising=False)
    monkeypatch.setattr("chorok.ledger.published.Published.at", fault)
    ran = run("share", "--ledger", cli_ledger.path, "--lang", language)
    assert ran.code == commands.EXIT_UNEXPECTED
    assert "RuntimeError: [bold]first" in ran.err
    assert "second" not in ran.err
    assert "CHOROK_DEBUG=1" in ran.err
    monkeypatch.setenv("CHOROK_DEBUG", "1")
    with pytest.raises(RuntimeError):
        run("share", "--ledger", cli_ledger.path, "--lang", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_folder_that_cannot_be_made_is_said(run, tmp_path: Path, language: str) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "buy.csv").write_text("일자,품명,금액(원)\n2019-01-02,의자,100\n")
    ran = run("import", tmp_path / "buy.csv", "--ledger", tmp_path / "file" / "ledger", "--lang", language)
    assert ran.code == 4
    assert str(tmp_path / "file" / "ledger") in ran.err.replace("\n", "")


def test_learning_from_a_choice_says_of_how_many(mine: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "FEWEST_EXAMPLES", 1)
    coded = [
        keyed(n, day="2019-03-02", class_="90000001", amount=10, name=f"의자 {n}", supplier="가") for n in (10, 11)
    ]
    latest = builders.take(mine, write_csv(mine.path.parent / "더.csv", coded)).batch.snapshot
    seen: list[int] = []

    def learn(texts: tuple[str, ...], *_: object, snapshot: int) -> GroupModel:
        seen.append(len(texts))
        return GroupModel((), None, None, 0.0, {"texts": len(texts), "snapshot": snapshot})  # type: ignore[arg-type]

    monkeypatch.setattr(GroupModel, "learn", learn)
    monkeypatch.setattr(learning, "save_model", lambda *_: (mine.path / "models").mkdir(exist_ok=True))
    everything = learning.learn(mine, latest).facts
    some = learning.learn(mine, latest, most=1).facts
    assert seen == [everything["coded"], 1]
    assert everything["coded"] == some["coded"] > 1


@pytest.mark.parametrize(("language", "words"), [("ko", "품목(item_hint)"), ("en", "item(item_hint)")])
def test_remarks_name_fields_in_words(run, tmp_path: Path, language: str, words: str) -> None:
    (tmp_path / "buy.csv").write_text("Date,Expense type,Proclass,Amount (GBP)\n2019-01-02,Chairs,Desks,100\n")
    ran = run("map", tmp_path / "buy.csv", "--lang", language)
    assert words in ran.out
    assert "(payment_date)" in ran.out


@pytest.mark.parametrize("named", ["", "*", "?", "[0-9a-f]", "../batches/"])
def test_a_pattern_never_withdraws_the_only_batch(run, mine: Ledger, named: str) -> None:
    ran = run("withdraw", named, "--ledger", mine.path)
    assert ran.code == 4
    assert run("batches", "--ledger", mine.path, "--json").json[0]["state"] == "in the ledger"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "words",
    [
        ("--as-of", "abc"),
        ("--as-of", "zzzz-99"),
        ("--period", "2020..2019"),
        ("--engine", "sc://127.0.0.1:1"),
        ("--engine", "sc://127.0.0.1:99999"),
    ],
)
def test_nonsense_is_said_and_at_once(run, cli_ledger: Ledger, words: tuple, language: str) -> None:
    ran = run("share", *words, "--ledger", cli_ledger.path, "--lang", language)
    assert ran.code == 2
    assert words[1] in ran.err


@pytest.mark.parametrize("language", LANGUAGES)
def test_amounts_that_no_city_spends_are_refused(run, tmp_path: Path, language: str) -> None:
    (tmp_path / "buy.csv").write_text("일자,품명,금액(원)\n2019-01-02,의자,9223372036854775807\n")
    ran = run("import", tmp_path / "buy.csv", "--ledger", tmp_path / "ledger", "--lang", language)
    assert ran.code == 3
    assert "9,223,372,036,854,775,807" in ran.err
    assert run("batches", "--ledger", tmp_path / "ledger", "--json").json == []


def test_lines_of_an_item_group_that_is_not_there(run, cli_ledger):
    done = run("lines", "--item", "NOBODY", "--ledger", cli_ledger.path)
    assert done.code == 2
    assert "NOBODY" in done.err


def test_a_ledger_of_invented_purchases_is_called_so(run, tmp_path):
    from chorok.ledger.store import Ledger

    Ledger.create(tmp_path / "example", "2020-11-02")
    done = run("batches", "--json", "--ledger", tmp_path / "example")
    assert (done.code, done.json) == (0, [])
    assert "2020-11-02" in done.err
    assert "SYNTHETIC" in done.err
    Ledger.create(tmp_path / "real")
    assert "SYNTHETIC" not in run("batches", "--ledger", tmp_path / "real").err
