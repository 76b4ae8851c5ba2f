"""The worked examples on the pages of targets, core items and suggestions are recomputed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

from chorok.core.measures import targets
from chorok.core.measures.core_items import PERCENTILE, TOP, Choice, choose, greatest_weight
from chorok.core.measures.suggestions import FEWEST_YEARS, PEER_SPEND, green_needed, trend
from chorok.core.measures.targets import Mode, Target, aim, attainment, year_gone
from chorok.core.money import Share, round_half_away
from structure.test_docs import DOCS, examples, text_of


def shown(value: Fraction | None) -> str:
    assert value is not None
    return str(round_half_away(value, 2))


def test_aims() -> None:
    ((values, rows),) = examples("targets.md", "aim")
    modes: dict[str, Mode] = {mode: mode for mode in get_args(Mode)}
    for value, mode, result in rows:
        assert shown(aim(Target("A", 2020, Fraction(value), modes[mode]), Fraction(values["base"]))) == result
    assert {row[1] for row in rows} == set(modes)


def test_attainments() -> None:
    ((_, rows),) = examples("targets.md", "attainment")
    assert len(rows) == 4
    for base, target, result, ratio, gap in rows:
        found = attainment(Fraction(target), Fraction(base), Fraction(result))
        assert found.ratio is not None
        assert found.gap_closed is not None
        assert (shown(found.ratio * 100), shown(found.gap_closed * 100)) == (ratio, gap)


def test_how_much_of_the_year_was_over() -> None:
    ((_, rows),) = examples("targets.md", "gone")
    for on, over, left in rows:
        gone, days = year_gone(date.fromisoformat(on), 2019)
        assert (shown(gone), str(days)) == (over, left)


def test_core_items() -> None:
    ((_, rows),) = examples("core_items.md", "core")
    items = {name: Share(int(green), int(spend) - int(green)) for name, spend, green, *_ in rows}
    whole = sum(items.values(), Share(0, 0)).value
    chosen = choose(items, dict.fromkeys(items, whole), Choice())
    found = {one.code: one for one in chosen.items}
    for name, _, _, share, potential, effect, most in rows:
        one = found[name]
        assert (one.share.value or 0) * 100 == Fraction(share)
        assert one.potential == int(potential)
        signed = [f"{round_half_away(value * 100, 2):+}" for value in (one.effect, one.most)]
        assert signed == [effect, most]
    assert [one.code for one in chosen.core] == ["asphalt"]
    page = text_of(DOCS / "measures" / "core_items.md")
    assert f"`--spend-percentile` ({PERCENTILE})" in page
    assert f"`--top` ({TOP})" in page


def test_weights_from_shares_alone() -> None:
    ((values, rows),) = examples("core_items.md", "weight")
    for item, most in rows:
        assert shown(greatest_weight(Fraction(values["total"]) / 100, Fraction(item) / 100) * 100) == most


def test_trends() -> None:
    ((_, rows),) = examples("suggestions.md", "trend")
    for years, shares, year, step, number in rows:
        past = dict(zip(map(int, years.split()), map(Fraction, shares.split()), strict=True))
        found = trend(past, int(year))
        assert (found.params["step"], shown(found.value)) == (Fraction(step), number)
    page = text_of(DOCS / "measures" / "suggestions.md")
    assert FEWEST_YEARS == 3
    assert "fewer than three complete years" in page
    assert Fraction(1, 10) == PEER_SPEND
    assert "at least a tenth" in page


def test_green_that_is_needed() -> None:
    ((_, rows),) = examples("suggestions.md", "needed")
    for total, green, target, more in rows:
        share = Share(int(Decimal(green) * 100), int(Decimal(total) * 100) - int(Decimal(green) * 100))
        assert shown(green_needed(Fraction(target), share) / 100) == more


def test_every_key_of_the_kept_files_is_described() -> None:
    said = text_of(DOCS / "formats.md")
    for kind in (Target, targets.PublishedRate):
        fields: dict[str, Any] = kind.__dataclass_fields__
        assert [name for name in fields if f"`{name}`" not in said] == []
