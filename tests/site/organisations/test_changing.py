"""Changing the tree on the site: within reach, shown first, one snapshot, undone as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import Http404

import builders
from builders import CITY, EAST, EMPTY_CITY, MOVED, OTHER_CITY, OTHER_WEST, WEST
from chorok.core.cities import City
from chorok.core.errors import BadInputError, UsageError
from chorok.core.tree_changes import New
from chorok.ledger import kept, publishing, registry
from chorok.ledger.figures import Question, summary
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.audit.models import Event
from chorok.site.config import ledger as site
from chorok.site.organisations import filing, profiles, rows, selectors, services
from chorok.site.organisations.models import State, TreeChange
from jobs_done import finish_jobs

pytestmark = pytest.mark.django_db
Act = Callable[..., Actor]
ON = dt.date(2019, 7, 1)


def applied(actor: Actor, change: TreeChange) -> TreeChange:
    services.apply(actor, pk=change.pk)
    assert [job.error for job in finish_jobs()] == [""]
    change.refresh_from_db()
    return change


def total(city: str) -> int:
    return sum(
        one.amounts.share().denominator for one in summary(site.published(), Question((), organisation=city)).figures
    )


def test_a_draft_changes_nothing_and_applying_it_is_one_snapshot(site_ledger: Ledger, actor: Act) -> None:
    officer, before = actor("officer", CITY), site.published().snapshot.number
    draft = services.rename(officer, code=WEST, name_ko="새서구", name_en="New West", on=ON)
    assert (site.published().snapshot.number, site.tree().get(WEST).name_ko) == (before, "서구")  # type: ignore[union-attr]
    change = applied(officer, draft)
    assert (change.state, change.snapshot, site.published().snapshot.number) == (State.APPLIED, before + 1, before + 1)
    tree = site.tree()
    names = [tree.get(WEST, day).name_ko for day in (ON - dt.timedelta(days=1), ON)]  # type: ignore[union-attr]
    assert names == ["서구", "새서구"]
    assert [event.action for event in Event.objects.filter(action__startswith="organisations.").order_by("seq")] == [
        "organisations.confirmed", "organisations.changed.begun", "organisations.changed.done",
    ]  # fmt: skip


def test_no_product_is_looked_at_again_for_it(site_ledger: Ledger, actor: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    judge = publishing.verdicts.judge

    def counting(connection: Any, *rest: Any) -> None:
        seen.append(connection.execute("SELECT count(*) FROM products").fetchone()[0])
        judge(connection, *rest)

    monkeypatch.setattr(publishing.verdicts, "judge", counting)
    officer = actor("officer", CITY)
    applied(officer, services.rename(officer, code=WEST, name_ko="새서구", name_en="", on=ON))
    assert seen == [0]


def test_totals_stay_within_a_city_and_move_with_what_leaves_it(site_ledger: Ledger, actor: Act) -> None:
    before = {city: total(city) for city in (CITY, OTHER_CITY)}
    officer, administrator = actor("officer", CITY), actor("administrator", "T-NET")
    applied(officer, services.create(officer, new=New("T-2690", "새 과", "", "department"), parent=WEST, on=ON))
    applied(officer, services.move(officer, code=EAST, parent=WEST, on=ON))
    applied(officer, services.merge(officer, codes=[EAST], into="T-2690", on=dt.date(2020, 1, 1)))
    assert {city: total(city) for city in (CITY, OTHER_CITY)} == before
    draft = services.move(administrator, code=WEST, parent=OTHER_CITY, on=ON)
    effect = selectors.effects(administrator, draft)[0]
    assert effect.cities == ("가람시", "누리시")
    assert effect.bought is None  # an administrator sees no purchases
    applied(administrator, draft)
    after = {city: total(city) for city in (CITY, OTHER_CITY)}
    assert sum(after.values()) == sum(before.values())
    assert after[CITY] < before[CITY]


def test_the_preview_says_what_was_bought_since(site_ledger: Ledger, actor: Act) -> None:
    officer = actor("officer", CITY)
    effect = selectors.effects(officer, services.move(officer, code=EAST, parent=WEST, on=ON))[0]
    assert (effect.code, effect.cities) == (EAST, None)
    assert effect.lines > 0


@pytest.mark.parametrize(
    "act",
    [
        lambda who: services.rename(who, code=OTHER_WEST, name_ko="남의 구", name_en="", on=ON),
        lambda who: services.move(who, code=WEST, parent=OTHER_CITY, on=ON),
        lambda who: services.move(who, code=CITY, parent=EMPTY_CITY, on=ON),
        lambda who: services.move(who, code=OTHER_WEST, parent=CITY, on=ON),
        lambda who: services.end(who, code=MOVED, on=dt.date(2020, 2, 1)),
        lambda who: services.create(who, new=New("T-99", "위", "", "city"), parent="T-NET", on=ON),
        lambda who: services.create(who, new=New("T-99", "맨위", "", "network"), parent=None, on=ON),
        lambda who: services.merge(who, codes=[OTHER_WEST], into=WEST, on=ON),
    ],
)
def test_nobody_changes_what_is_out_of_reach(site_ledger: Ledger, actor: Act, act: Any) -> None:
    with pytest.raises(UsageError, match="tree_out_of_reach"):
        act(actor("officer", CITY))
    assert not TreeChange.objects.exists()


def test_who_has_no_right_at_all_finds_nothing(site_ledger: Ledger, actor: Act) -> None:
    with pytest.raises(Http404):
        services.rename(actor("purchaser", CITY), code=CITY, name_ko="가람", name_en="", on=ON)


def test_the_administrator_of_the_network_may_begin_at_the_top(site_ledger: Ledger, actor: Act) -> None:
    administrator = actor("administrator", "T-NET")
    applied(administrator, services.create(
        administrator, new=New("T-NET2", "둘째 네트워크", "", "network"), parent=None, on=ON))  # fmt: skip
    assert site.tree().parents("T-NET2") == set()
    with pytest.raises(UsageError):
        services.create(actor("administrator", CITY), new=New("T-N3", "셋째", "", "network"), parent=None, on=ON)


def test_a_change_is_undone_to_the_row(site_ledger: Ledger, actor: Act) -> None:
    officer, before = actor("officer", CITY), rows.read(site_ledger)[0]
    change = applied(officer, services.move(officer, code=EAST, parent=WEST, on=ON))
    assert rows.read(site_ledger)[0] != before
    applied(officer, services.undo(officer, change=change))
    assert rows.read(site_ledger)[0] == before
    with pytest.raises(UsageError, match="tree_not_undoable"):
        services.undo(officer, change=change)


def test_what_others_changed_since_is_not_undone_over_them(site_ledger: Ledger, actor: Act) -> None:
    officer = actor("officer", CITY)
    change = applied(officer, services.move(officer, code=EAST, parent=WEST, on=ON))
    applied(officer, services.rename(officer, code=EAST, name_ko="새동구", name_en="", on=dt.date(2020, 1, 1)))
    with pytest.raises(UsageError, match="tree_changed_meanwhile"):
        services.undo(officer, change=change)


def test_two_who_change_the_same_do_not_overwrite_each_other(site_ledger: Ledger, actor: Act) -> None:
    first, second = actor("officer", CITY), actor("officer", CITY)
    drafts = [services.rename(one, code=WEST, name_ko=name, name_en="", on=ON)
              for one, name in ((first, "하나구"), (second, "둘구"))]  # fmt: skip
    elsewhere = services.rename(actor("officer", OTHER_CITY), code=OTHER_WEST, name_ko="셋구", name_en="", on=ON)
    applied(first, drafts[0])
    services.apply(second, pk=drafts[1].pk)
    assert [job.error for job in finish_jobs()] == ["tree_changed_meanwhile"]
    drafts[1].refresh_from_db()
    assert drafts[1].state == State.DRAFT
    assert site.tree().get(WEST).name_ko == "하나구"  # type: ignore[union-attr]
    # What another city changed meanwhile is no obstacle.
    applied(actor_of_change(elsewhere), elsewhere)
    assert site.tree().get(OTHER_WEST).name_ko == "셋구"  # type: ignore[union-attr]


def actor_of_change(change: TreeChange) -> Actor:
    from chorok.site.accounts.rights import actor_of

    return actor_of(change.made_by_id, site.ledger().today, site.tree())


def test_a_table_that_moved_is_not_written_over(site_ledger: Ledger) -> None:
    now, version = rows.read(site_ledger)
    with pytest.raises(Exception, match="registry_moved"):
        registry.rewrite(site_ledger.path, "organisations", rows.table(now), expected=(version or 0) + 7)
    assert rows.read(site_ledger) == (now, version)


def test_what_bought_something_does_not_vanish(site_ledger: Ledger, actor: Act, tmp_path: Path) -> None:
    import builders

    officer = actor("officer", CITY)
    change = applied(officer, services.create(officer, new=New("T-2690", "새 구"), parent=CITY, on=ON))
    builders.take(site_ledger, builders.write_csv(tmp_path / "새.csv", [builders.keyed(1, org="T-2690")]), source="x")
    with pytest.raises(UsageError, match="tree_has_purchases"):
        services.undo(officer, change=change)


TEMPLATE = "code,name_ko,name_en,kind,parent,valid_from,valid_until,aliases\n"


def listed(folder: Path, text: str, name: str = "기관.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_list_adds_and_changes_and_removes_nothing(site_ledger: Ledger, actor: Act, tmp_path: Path) -> None:
    officer, before = actor("officer", CITY), set(site.tree().codes())
    file = listed(tmp_path, TEMPLATE + f"T-2691,남구,Nam-gu,district,{CITY},2020-01-01,,남구청\n"
                  f"{WEST},서쪽구,Seo-gu,district,{CITY},,,\n{EAST},동구,Dong-gu,district,{CITY},,,\n")  # fmt: skip
    taken = filing.take(officer, file=file, parent="", chosen=[])
    assert taken.change
    assert taken.change.codes == [WEST, "T-2691"]
    assert ("same", {"count": 1}) in taken.notes
    applied(officer, taken.change)
    tree = site.tree()
    assert set(tree.codes()) == before | {"T-2691"}
    assert tree.get(WEST).name_ko == "서쪽구"  # type: ignore[union-attr]
    sources = {row["code"]: row["source"] for row in rows.read(site_ledger)[0]}
    assert (sources[WEST], sources["T-2691"]) == ("test", "기관")
    again = filing.take(officer, file=file, parent="", chosen=[])
    assert again.change is None


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f"{OTHER_WEST},남의구,,district,{OTHER_CITY},,,", "tree_out_of_reach"),
        ("T-2692,고아,,district,T-NOWHERE,,,", "tree_unsound"),
        (f"T-2692,왕국,,kingdom,{CITY},,,", "tree_kind_unknown"),
    ],
)
def test_a_list_that_cannot_be_taken_is_refused_whole(
    site_ledger: Ledger, actor: Act, tmp_path: Path, row: str, code: str
) -> None:
    file = listed(tmp_path, TEMPLATE + f"T-2691,남구,,district,{CITY},,,\n{row}\n")
    with pytest.raises((BadInputError, UsageError), match=code):
        filing.take(actor("officer", CITY), file=file, parent="", chosen=[])
    assert not TreeChange.objects.exists()


DISTRICTS = """법정동코드\t법정동명\t폐지여부
9900000000\t가나광역시\t존재
9911000000\t가나광역시 중구\t존재
9911010100\t가나광역시 중구 일동\t존재
9912000000\t가나광역시 옛구\t폐지
9800000000\t다라도\t존재
9811000000\t다라도 마바시\t존재
9811100000\t다라도 마바시 북구\t존재
"""


def test_district_codes_become_organisations_under_the_network(site_ledger: Ledger, actor: Act, tmp_path: Path) -> None:
    administrator = actor("administrator", "T-NET")
    file = listed(tmp_path, DISTRICTS, "법정동.txt")
    taken = filing.take(administrator, file=file, parent="T-NET", chosen=["가나광역시", "다라도"])
    assert taken.change
    applied(administrator, taken.change)
    tree = site.tree()
    found = {code: (row.name_ko, row.kind, row.parent) for code in tree.codes()
             if code.startswith("9") and (row := tree.get(code))}  # fmt: skip
    assert found == {
        "9900000000": ("가나광역시", "city", "T-NET"),
        "9911000000": ("중구", "district", "9900000000"),
        "9800000000": ("다라도", "province", "T-NET"),
        "9811000000": ("마바시", "city", "9800000000"),
        "9811100000": ("북구", "district", "9811000000"),
    }
    assert dict(taken.notes)["smaller"] == {"count": 1}
    assert dict(taken.notes)["gone"] == {"count": 1}
    with pytest.raises(BadInputError, match="districts_choose"):
        filing.take(administrator, file=file, parent="T-NET", chosen=["없는시"])


def test_a_profile_is_written_where_the_ledger_keeps_it(site_ledger: Ledger, actor: Act) -> None:
    file = kept.file_of(site_ledger, "cities")
    file.write_text('# 손으로 적음\n[[cities]]\ncode = "T-30"\nyear = 2019\npopulation = 5 # 다섯\n\n'
                    f'[[cities]]\ncode = "{CITY}"\nyear = 2019\npopulation = 10\n# 끝\n', encoding="utf-8")  # fmt: skip
    officer = actor("officer", CITY)
    profiles.put(officer, profile=City(CITY, 2019, population=20, budget=700))
    profiles.put(officer, profile=City(CITY, 2020, population=30))
    assert [(one.year, one.population, one.budget) for one in profiles.of(officer, CITY)] == [
        (2020, 30, None), (2019, 20, 700),
    ]  # fmt: skip
    text = file.read_text(encoding="utf-8")
    assert "# 손으로 적음" in text
    assert "population = 5 # 다섯" in text
    assert "# 끝" in text
    with pytest.raises(Http404):
        profiles.put(officer, profile=City(OTHER_CITY, 2019, population=1))
    assert profiles.of(actor("coordinator", "T-NET"), CITY) == []
    assert Event.objects.filter(action="organisations.profiled.done").count() == 2


def test_a_name_that_only_files_write_is_given_to_an_organisation(site_ledger: Ledger, actor: Act) -> None:
    officer, name = actor("officer", CITY), "서쪽구청 민원과"
    line = builders.keyed(9001, org=name, day="2019-05-02", amount=700_000, kind="물품", product=builders.GREEN)
    file = builders.write_csv(site_ledger.path.parent / "name.csv", [line])
    builders.take(site_ledger, file, source="named", answers={"organisation": CITY})
    site.forget()
    assert selectors.unnamed(actor("officer", CITY)) == {f"{CITY}/{name}": 700_000}
    assert selectors.unnamed(actor("officer", OTHER_CITY)) == {}
    before = total(WEST)
    applied(officer, services.also_called(officer, names={name: WEST}))
    assert total(WEST) == before + 700_000
    assert selectors.unnamed(actor("officer", CITY)) == {}
    with pytest.raises(BadInputError, match="tree_nothing_changes"):
        services.also_called(officer, names={name: WEST})
