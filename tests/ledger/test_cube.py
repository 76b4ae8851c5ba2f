"""The cube gives the figures that the lines give, whatever is asked."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import builders
from builders import CITY, EAST, MOVED, OTHER_CITY, WEST, copy, keyed, take, write_csv
from chorok.core.definitions import load
from chorok.core.periods import Period, parse
from chorok.ledger import cube, figures
from chorok.ledger.engines import open_engine
from chorok.ledger.figures import Question
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger

QUESTIONS = [
    Question(),
    Question(()),
    Question(("year", "city", "item")),
    Question(("month", "organisation", "department")),
    Question(("quarter", "kind"), organisation=CITY),
    Question(("half", "network"), basis="all_goods", period=parse("2019..2020H1")),
    Question(("year", "district")),
    Question(("organisation",), tree="now", basis="eligible_less_grounds"),
    Question(("item",), definition="busan", period=parse("2019-07..")),
    Question(("item",), organisation=CITY, period=parse("2019")),
    Question(("year", "organisation"), basis="all_goods", period=parse("2019..")),
]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("육면체")
    ledger = Ledger.create(folder / "ledger")
    builders.register(ledger)
    chance = random.Random(4)
    products = [builders.GREEN, builders.BOTH, builders.CARBON, builders.PLAIN, builders.UNDATED, ""]
    lines = [
        keyed(
            number,
            day=f"{chance.choice([2018, 2019, 2020])}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
            org=chance.choice([CITY, WEST, EAST, OTHER_CITY, MOVED, "없는기관", ""]),
            department=chance.choice(["총무과", "도로과", ""]),
            kind=chance.choice(["물품", "공사"]),
            product=chance.choice(products),
            class_=chance.choice(["90000001", "90000002", "90000003", "99999999", ""]),
            ground=chance.choice(["", "2"]),
            amount=chance.randint(-500, 5000),
        )
        for number in range(600)
    ]
    take(ledger, write_csv(folder / "lines.csv", lines))
    return ledger.path


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: ",".join(question.by) or "all")
def test_the_cube_answers_as_the_lines_do(question: Question, filled: Path, tmp_path: Path) -> None:
    published = Published.at(copy(filled, tmp_path / "ledger"))
    from_lines = figures.answer(published, open_engine(), question)
    assert figures.summary(published, question) == from_lines
    assert figures.summary(published, question) == from_lines  # now from the file that the first question left
    assert from_lines.figures


def test_days_within_a_month_are_asked_of_the_lines(filled: Path, tmp_path: Path) -> None:
    published = Published.at(copy(filled, tmp_path / "ledger"))
    question = Question(("city",), period=Period(parse("2019-03").since.replace(day=5), parse("2019-03").until))
    assert not cube.holds(question.period)
    assert figures.summary(published, question) == figures.answer(published, open_engine(), question)


def test_a_deleted_cube_is_made_again(filled: Path, tmp_path: Path) -> None:
    published = Published.at(copy(filled, tmp_path / "ledger"))
    before = figures.summary(published, Question())
    file = cube.file_of(published, load("national"))
    file.unlink()
    assert figures.summary(Published.at(published.ledger), Question()) == before
    assert file.exists()
