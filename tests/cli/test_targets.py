"""`chorok targets` and `core-items` as a user meets them: both languages, three forms, nothing there yet, mistakes."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from pathlib import Path

import pytest

import builders
from builders import CITY, EMPTY_CITY, GREEN, PLAIN, keyed, write_csv
from chorok.core.measures.targets import Target
from chorok.ledger import kept, targets
from chorok.ledger.store import Ledger

CHAIRS, PIPES = "90000001", "90000002"
YEARS = {2016: 40, 2017: 44, 2018: 43, 2019: 49}


@pytest.fixture(scope="module")
def spent(registered: Path, tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """Four years in which the share was that of YEARS; only chairs, and one open line in 2019."""
    made = builders.copy(registered, tmp_path_factory.mktemp("목표") / "장부")
    lines = [
        keyed(10 * year + green, day=f"{year}-12-01", product=GREEN if green else PLAIN, class_=CHAIRS, amount=amount)
        for year, share in YEARS.items()
        for green, amount in ((1, share * 1000), (0, (100 - share) * 1000))
        if year > 2016
    ]
    before = [
        keyed(1, day="2016-03-01", product=PLAIN, class_=CHAIRS, amount=1000),
        keyed(2, day="2020-03-01", class_=CHAIRS, amount=9000, name="의자 외 2종"),
    ]
    builders.take(made, write_csv(made.path.parent / "구매.csv", [*lines, *before]))
    return made


@pytest.fixture
def mine(spent: Ledger, tmp_path: Path) -> Ledger:
    return builders.copy(spent.path, tmp_path / "내 장부")


def test_nothing_there_yet_says_how_to_begin(run, mine: Ledger) -> None:
    for words in ((), ("--json",), ("--csv",)):
        ran = run("targets", *words, "-l", mine.path, "--lang", "en")
        assert ran.code == 0
        assert "chorok targets set" in ran.err
        assert "targets.toml" in ran.err
    assert run("targets", "--json", "-l", mine.path).json == []


def test_set_show_and_take_back(run, mine: Ledger) -> None:
    ran = run("targets", "set", "-o", "Garam", "--year", 2019, "--value", "45%", "--on", "2019-01-15", "-l", mine.path)
    assert ran.code == 0, ran.err
    assert str(kept.file_of(mine, "targets")) in ran.out.replace("\n", ""), "it says where to take it back"
    (row,) = run("targets", "--json", "-l", mine.path).json
    assert [row[name] for name in ("target_base", "target_base_year", "target_aim", "target_result", "standing")] == [
        "43.00", 2018, "45.00", "49.00", "met",
    ]  # fmt: skip
    assert (row["attained"], row["gap_closed"]) == ("108.89", "300.00")
    assert (row["organisation_code"], row["item_code"], row["revisions"], row["remarks"]) == (CITY, None, 0, [])
    kept.file_of(mine, "targets").unlink()
    assert run("targets", "--json", "-l", mine.path).json == []


def test_ten_points_and_ten_percent_of_the_base(run, mine: Ledger) -> None:
    for year, value, mode in ((2021, "10%p", "points"), (2022, "10%", "relative")):
        words = (
            "--year",
            year,
            "--value",
            value,
            "--mode",
            mode,
            "--base-year",
            2019,
            "--item",
            "Chairs",
            "--on",
            "2020-05-05",
        )
        assert run("targets", "set", "-o", CITY, *words, "-l", mine.path).code == 0
    first, second = run("targets", "--json", "-l", mine.path).json
    assert (first["target_aim"], second["target_aim"]) == ("59.00", "53.90")
    assert (first["next_aim"], second["next_aim"]) == ("53.90", None)
    assert [one["code"] for one in second["remarks"]] == ["below_earlier"]


def test_a_revision_is_shown_with_what_it_replaced(run, mine: Ledger) -> None:
    given = (("50", "2019-01-10", "계획"), ("46", "2019-02-10", ""), ("44", "2019-05-10", "예산 삭감"))
    for value, on, reason in given:
        words = ("--year", 2019, "--value", value, "--on", on, "--reason", reason)
        ran = run("targets", "set", "-o", CITY, *words, "-l", mine.path, "--lang", "en")
        assert ran.code == 0
        assert ("without a reason" in ran.err) == (value != "50"), (
            "the second one is remarked on as long as it is known"
        )
    ran = run("targets", "-l", mine.path, "--lang", "en")
    assert "44.00" in ran.out
    assert "예산 삭감" in ran.out
    assert "lowered from 50.00 to 46.00" in ran.out
    (row,) = run("targets", "--json", "-l", mine.path).json
    assert [one["target_given"] for one in row["history"]] == ["50.00", "46.00", "44.00"]
    assert [one["code"] for one in row["remarks"]] == ["lowered", "set_late"]
    late = run("targets", "set", "-o", CITY, "--year", 2019, "--value", "60", "--on", "2019-01-01", "-l", mine.path,
               "--lang", "en")  # fmt: skip
    assert "not in force" in late.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("-o", "나라시", "--year", 2021, "--value", 50), 2),
        (("-o", CITY, "--item", "책상", "--year", 2021, "--value", 50), 2),
        (("-o", CITY, "--year", 2021, "--value", "fifty"), 2),
        (("-o", CITY, "--year", 2021, "--value", "10%p"), 2),
        (("-o", CITY, "--year", 2021, "--value", "10%", "--mode", "points", "--base-year", 2019), 2),
        (("-o", CITY, "--year", 2021, "--value", 50, "--mode", "some"), 2),
        (("-o", CITY, "--year", 2021, "--value", 50, "--on", "2999-01-01"), 2),
        (("-o", CITY, "--year", 2021, "--value", 50, "--definition", "nowhere"), 3),
        (("-o", CITY, "--year", 2021, "--value", 50, "--basis", "some"), 2),
        (("-o", CITY, "--year", 2021, "--value", 10, "--mode", "points"), 3),
        (("-o", CITY, "--year", 2021, "--value", 150), 3),
        (("-o", CITY, "--year", 2021, "--value", 50, "--base-year", 2021), 3),
        (("-o", CITY, "--year", 2021, "--value", "60%p", "--mode", "points", "--base-year", 2019), 2),
        (("-o", CITY, "--year", 2021, "--value", "-300%", "--mode", "relative", "--base-year", 2019), 2),
        (("-o", "서구", "--year", 2021, "--value", 50), 2),
    ],
    ids=str,
)
def test_a_mistake_is_explained_and_nothing_is_kept(run, mine: Ledger, words: tuple, code: int) -> None:
    for language in ("ko", "en"):
        ran = run("targets", "set", *words, "-l", mine.path, "--lang", language)
        assert ran.code == code, ran.err
        assert ran.err.strip()
        assert not kept.file_of(mine, "targets").exists()


@pytest.fixture
def with_targets(mine: Ledger) -> Ledger:
    for target in (
        Target(CITY, 2019, Fraction("45"), base_year=2018),
        Target(CITY, 2020, Fraction("50"), item=builders.CHAIR, base_year=2018),
        Target(EMPTY_CITY, 2019, Fraction("45"), base_year=2018),
    ):
        kept.add(mine, "targets", target)
    return mine


READING = [
    ("targets",),
    ("targets", "--year", "2019"),
    ("targets", "--organisation", "가람시"),
    ("targets", "suggest", "-o", CITY, "--year", "2020"),
    ("targets", "suggest", "-o", CITY, "--year", "2021", "--item", "의자"),
    ("core-items", "-o", CITY, "--year", "2019", "--all"),
    ("core-items", "-o", CITY, "--year", "2019", "--reference", "80", "--by", "potential"),
]


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_both_languages_and_three_forms(run, with_targets: Ledger, words: tuple) -> None:
    said = {}
    for language in ("ko", "en"):
        said[language], as_json, as_csv = (
            run(*words, *more, "-l", with_targets.path, "--lang", language) for more in ((), ("--json",), ("--csv",))
        )
        assert said[language].code == as_json.code == as_csv.code == 0, said[language].err
        header, *rows = list(csv.reader(io.StringIO(as_csv.out)))
        assert len(rows) == len(as_json.json) > 0
        assert set(header) <= set(as_json.json[0])
        assert all(len(row) == len(header) for row in rows)
        for word in ("시점", "대상 구매") if language == "ko" else ("Snapshot", "eligible lines"):
            assert word in said[language].out, "every answer names what it rests on"
    assert said["ko"].out != said["en"].out


def test_an_organisation_without_figures_has_no_data_and_never_0(run, with_targets: Ledger) -> None:
    rows = run("targets", "--json", "-l", with_targets.path).json
    (row,) = [row for row in rows if row["organisation_code"] == EMPTY_CITY]
    assert (row["standing"], row["target_result"], row["attained"]) == ("no_data", None, None)
    assert (row["attained_not_defined"], row["gap_not_defined"]) == ("no_result", "no_base")
    ran = run("targets", "suggest", "-o", EMPTY_CITY, "--year", 2021, "-l", with_targets.path, "--lang", "en")
    assert (ran.code, ran.out) == (0, "")
    assert "Import earlier purchases" in " ".join(ran.err.split())
    ran = run("core-items", "-o", EMPTY_CITY, "--year", 2019, "-l", with_targets.path, "--lang", "en")
    assert "Dasom has no purchases in 2019" in ran.err


def test_a_broken_file_of_targets_says_where(run, with_targets: Ledger) -> None:
    file = kept.file_of(with_targets, "targets")
    file.write_text(file.read_text(encoding="utf-8") + '\n[[targets]]\nscope = "T-26"\nyaer = 2020\n', encoding="utf-8")
    ran = run("targets", "-l", with_targets.path, "--lang", "en")
    assert ran.code == 3
    assert "targets 4" in " ".join(ran.err.split())
    assert "year" in ran.err


def test_suggestions_give_their_reasons(run, spent: Ledger) -> None:
    trend, peer, potential = run("targets", "suggest", "-o", CITY, "--year", 2020, "--json", "-l", spent.path).json
    # 0, 44, 43, 49: steps +44, -1, +6, median +6
    assert (trend["target_aim"], trend["on_base"], trend["green_needed"]) == ("55.00", "+6.00", 6000)
    assert (peer["target_aim"], potential["target_aim"]) == (None, None)
    assert all(one["suggested_because"] for one in (trend, peer, potential))


def test_core_items_against_a_number(run, spent: Ledger) -> None:
    words = ("core-items", "-o", CITY, "--year", 2019, "--reference", "80", "-l", spent.path)
    (row,) = run(*words, "--json").json
    assert [row[name] for name in ("core_choice", "share", "potential", "effect", "most", "weight")] == [
        "chosen", "49.00", 31000, "+31.00", "+51.00", "100.00",
    ]  # fmt: skip
    assert run(*words[:-2], "--reference", "40", "--json", "-l", spent.path).json == []
    ran = run("core-items", "-o", CITY, "--year", 2020, "--reference", "80", "-l", spent.path, "--lang", "en")
    assert "undetermined money could lift its share to 100.00" in " ".join(ran.out.split())


def test_mistakes_in_choosing_core_items(run, spent: Ledger) -> None:
    for words in (("--reference", "best"), ("--by", "luck"), ("--spend-percentile", "101"), ("--top", "0")):
        assert run("core-items", "-o", CITY, "--year", 2019, *words, "-l", spent.path).code == 2


def test_what_is_kept_is_what_is_read(mine: Ledger) -> None:
    given = Target(CITY, 2019, Fraction("0.125"), "points", "T-CHAIR", 2018, Fraction("33.3"),
                   reason='"이유"\n둘째 줄', lower_is_better=True, basis="all_goods")  # fmt: skip
    kept.add(mine, "targets", given)
    assert targets.read(mine) == (given,)


def test_names_with_their_city_and_names_that_several_have(run, mine: Ledger) -> None:
    words = ("--year", 2021, "--value", 50, "--on", "2020-12-01", "-l", mine.path, "--lang", "en")
    both = run("targets", "set", "-o", "서구", *words)
    assert f"{builders.WEST}, {builders.OTHER_WEST}" in both.err
    assert "Garam Seo-gu, all, 2021" in run("targets", "set", "-o", "가람시/서구", *words).out
    assert "Nuri Seo-gu, all, 2021" in run("targets", "set", "-o", f"{builders.OTHER_CITY}/서구", *words).out
    assert {row["organisation"] for row in run("targets", "--json", "-l", mine.path, "--lang", "en").json} == {
        "Garam Seo-gu", "Nuri Seo-gu",
    }  # fmt: skip


def test_the_same_target_twice_is_kept_once_and_a_revision_names_what_it_replaces(run, mine: Ledger) -> None:
    words = ("targets", "set", "-o", CITY, "--year", 2020, "-l", mine.path, "--lang", "en", "--on")
    run(*words, "2020-01-05", "--value", 55)
    again = run(*words, "2020-01-05", "--value", 55)
    assert (again.code, again.out) == (0, "")
    assert "Nothing new" in again.err
    assert len(targets.read(mine)) == 1
    assert "It replaces 55 %, set on 2020-01-05" in run(*words, "2020-01-06", "--value", 56).out


def test_a_target_by_hand_that_no_share_can_reach_is_remarked_on(run, mine: Ledger) -> None:
    kept.add(mine, "targets", Target(CITY, 2020, Fraction(70), "points", base_year=2019))
    (row,) = run("targets", "--json", "-l", mine.path).json
    assert (row["target_aim"], [one["code"] for one in row["remarks"]]) == ("119.00", ["aim_range"])


def test_lower_is_better_and_a_falling_result(run, mine: Ledger) -> None:
    kept.add(mine, "targets", Target(CITY, 2018, Fraction(50), base_year=2017))  # from 44 it fell to 43
    kept.add(mine, "targets", Target(CITY, 2018, Fraction(40), base_year=2017, lower_is_better=True, basis="all_goods"))
    fell, lower = run("targets", "--json", "-l", mine.path).json[::-1]
    assert (fell["standing"], fell["attained"], fell["gap_closed"]) == ("missed", "86.00", "-16.67")
    assert (lower["standing"], lower["attained"], lower["gap_closed"]) == ("missed", "93.02", "25.00")


def test_a_table_leaves_out_columns_that_nobody_filled(run, with_targets: Ledger) -> None:
    whole = run("targets", "--year", 2019, "-l", with_targets.path, "--lang", "en").out
    assert not any(word in whole for word in ("Base pub.", "Result pub.", "item group"))
    assert "item group" in run("targets", "-l", with_targets.path, "--lang", "en").out
    assert "published_base" in run("targets", "--csv", "-l", with_targets.path).out


def test_money_without_an_item_group_is_said_and_never_a_core_item(run, mine: Ledger) -> None:
    odd = keyed(9, day="2019-05-05", amount=50_000, name="무엇")
    builders.take(mine, write_csv(mine.path.parent / "odd.csv", [odd]), source="odd")
    words = ("core-items", "-o", CITY, "--year", 2019, "--basis", "all_goods", "-l", mine.path, "--lang", "en")
    assert [row["item_code"] for row in run(*words, "--all", "--json").json] == [builders.CHAIR]
    said = " ".join(run(*words).out.split())
    assert "no known item group (50,000 KRW)" in said
    assert "The 1 core items" not in said


def test_no_share_says_which_reason(run, bare: Ledger, mine: Ledger) -> None:
    minus = keyed(9, day="2019-05-05", org=builders.OTHER_CITY, product=GREEN, amount=-500)
    builders.take(mine, write_csv(mine.path.parent / "minus.csv", [minus]), source="minus")
    words = ("core-items", "--year", 2019, "--lang", "en", "-o")
    assert "is not positive" in run(*words, builders.OTHER_CITY, "-l", mine.path).err
    assert "definition is not known" in run(*words, CITY, "--definition", "busan", "-l", mine.path).err
    builders.take(bare, write_csv(bare.path.parent / "one.csv", [keyed(1, org="푸른시")]))
    assert "no list of organisations yet" in run(*words, "푸른시", "-l", bare.path).err
    builders.register(bare, groups=(), certificates=())
    assert "No item group is known" in run(*words, CITY, "-l", builders_of(bare)).err


def builders_of(bare: Ledger) -> Path:
    """A ledger whose purchases have no item group."""
    builders.take(bare, write_csv(bare.path.parent / "two.csv", [keyed(2, name="무엇")]), source="two")
    return bare.path
