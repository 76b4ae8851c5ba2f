"""A project from its first bill to delivery, and what must not happen on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

import builders
from chorok.core.errors import BadInputError, UsageError
from chorok.core.screening import policy as policies
from chorok.ledger import publishing
from chorok.ledger.registry import Registry, replace_source
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.assessments import points, reading, selectors, services
from chorok.site.assessments.models import OpenPoint, Project
from chorok.site.assessments.reading import Bill
from chorok.site.assessments.screened import expected_of
from chorok.site.assessments.services import Header
from chorok.site.audit.models import Event
from chorok.site.audit.services import verify
from chorok.site.config import ledger as site_ledgers
from chorok.site.screening import adopting
from site_world import CHAIR_ITEM, NEAR_CHAIR

pytestmark = pytest.mark.django_db

GREEN = {"description": "초록의자", "product_id": NEAR_CHAIR, "quantity": Decimal(3), "unit": "개", "amount": 300_000}
CHAIR = {
    "description": "회의용의자",
    "detail_code": CHAIR_ITEM,
    "quantity": Decimal(2),
    "unit": "개",
    "amount": 150_000,
}
PIPE = {"description": "배수관", "class_code": "90000002", "quantity": Decimal(3), "unit": "개", "amount": 50_000}
LUMP = {"description": "조경공사", "quantity": Decimal(1), "unit": "식", "amount": 500_000}
STRANGE = {"description": "정체불명의 무엇", "amount": 10_000}


def bill(*lines: dict[str, Any]) -> Bill:
    return Bill(tuple(reading.checked(line, number) for number, line in enumerate(lines, 1)))


@pytest.fixture
def planner(market: Ledger, actor: Callable[..., Actor]) -> Actor:
    """Somebody of a district who plans works."""
    leader = actor("leader", builders.CITY)
    adopting.adopt(leader, organisation=builders.CITY, policy=policies.preset("strict"), since=leader.today)
    return actor("officer", builders.WEST)


@pytest.fixture
def made(planner: Actor) -> Callable[..., Project]:
    """Begin a project of some lines."""

    def make(*lines: dict[str, Any], **said: Any) -> Project:
        header = Header(**{"name": "구청사 보수", "kind": "works", **said})
        return services.make(planner, organisation=builders.WEST, header=header, bill=bill(*lines))

    return make


Made = Callable[..., Project]


def test_a_bill_is_screened_line_by_line_under_the_policy_in_force(made: Made) -> None:
    project = made(GREEN, CHAIR, PIPE, LUMP, STRANGE)
    run = selectors.run(project)
    said = [(one.outcome, one.obligation, one.standing) for one in run.materials.all()]
    assert said == [
        ("pass_green", "owed", "green"),
        ("contract_clause", "owed", "not_green"),
        ("contract_clause", "owed", "not_green"),
        ("returned_to_split", "unknown", "unknown"),
        ("cannot_tell", "unknown", "unknown"),
    ]
    assert run.policy_version.startswith("strict@")
    expected = expected_of(run)
    assert expected.asked.value == Fraction(300, 500)
    assert expected.reachable.value == Fraction(450, 500)
    assert expected.undetermined == 510_000
    chair = run.materials.get(number=2)
    assert (chair.cost_code, chair.cost_difference) == ("known", 2 * 95_000 - 150_000)
    assert chair.alternatives[0]["product_id"] == NEAR_CHAIR
    assert run.sums["cost"]["difference"] == 40_000
    assert {(one.kind, one.number) for one in project.points.all()} == {("split", 4), ("cannot_tell", 5)}
    assert run.materials.get(number=4).open == 1
    assert verify() == []


def test_government_furnished_materials_count_as_goods(made: Made, planner: Actor) -> None:
    project = made(CHAIR, PIPE)
    services.mend(planner, pk=project.pk, version=1, changes={1: {"furnished": True}})
    run = selectors.run(project)
    assert [one.outcome for one in run.materials.all()] == ["denied", "contract_clause"]
    assert [one.kind for one in project.points.all()] == ["alternative"]
    assert project.runs.count() == 1
    services.mend(planner, pk=project.pk, version=2, changes={1: {"furnished": False}})
    point = project.points.get()
    assert (point.closed_how, point.closed_in_id) == ("run", run.pk)


def test_who_saw_an_older_version_changes_nothing(made: Made, planner: Actor) -> None:
    project = made(CHAIR)
    services.mend(planner, pk=project.pk, version=1, changes={1: {"quantity": Decimal(5)}})
    with pytest.raises(UsageError, match="assessment_moved_on"):
        services.mend(planner, pk=project.pk, version=1, changes={1: {"quantity": Decimal(9)}})
    assert selectors.run(project).materials.get().quantity == 5


def test_mending_one_line_comes_to_what_the_whole_bill_comes_to(made: Made, planner: Actor) -> None:
    project = made(GREEN, CHAIR, CHAIR, PIPE)
    changes = {2: {"furnished": True}, 3: {"description": "다른 의자"}}
    services.mend(planner, pk=project.pk, version=1, changes=changes)
    mended = selectors.run(project)
    whole = services.run(planner, pk=project.pk, version=2, bill=None)
    assert mended.sums == whole.sums
    names = ("key", "outcome", "standing", "cost_difference", "open", "reasons")
    assert list(mended.materials.values(*names)) == list(whole.materials.values(*names))
    assert not selectors.compared(mended, whole).changed


def test_a_contract_day_on_which_nothing_is_certified_leaves_possible_alternatives(made: Made, planner: Actor) -> None:
    project = made(CHAIR)
    assert selectors.run(project).materials.get().alternative == "sure"
    header = Header("구청사 보수", "works", contract_on=date(2022, 6, 1))
    services.change(planner, pk=project.pk, version=1, header=header)
    assert selectors.run(project).materials.get().alternative == "possible"


def test_a_lump_sum_is_split_in_its_place(made: Made, planner: Actor) -> None:
    project = made(GREEN, LUMP, PIPE)
    parts = reading.of_text("회의용의자 2개 150,000원\n배수관 90 10개")
    services.split(planner, pk=project.pk, version=1, number=2, parts=parts)
    found = list(selectors.run(project).materials.values_list("number", "description"))
    assert [number for number, _ in found] == [1, 2, 3, 4]
    assert found[1][1].startswith("회의용의자")
    assert project.points.get(kind="split").closed_how == "run"


def test_an_empty_bill_is_refused_and_nothing_is_kept(made: Made, planner: Actor) -> None:
    with pytest.raises(BadInputError, match="assessment_empty"):
        made()
    assert not Project.objects.exists()
    project = made(CHAIR)
    with pytest.raises(BadInputError, match="assessment_empty"):
        services.remove(planner, pk=project.pk, version=1, number=1)
    assert selectors.run(project).materials.count() == 1


def test_what_is_below_zero_is_not_counted_but_open(made: Made) -> None:
    project = made({**CHAIR, "quantity": Decimal(-2), "amount": -150_000}, GREEN)
    run = selectors.run(project)
    assert expected_of(run).asked.value == 1
    assert run.sums["unpriced"] == 1
    assert {one.kind for one in project.points.all()} == {"negative", "price"}


def test_at_contract_the_bill_is_run_again_and_points_close_themselves(made: Made, planner: Actor) -> None:
    project = made(CHAIR, STRANGE, GREEN)
    fixed = {**STRANGE, "description": "정체불명의 무엇", "class_code": "90000002"}
    after = services.run(planner, pk=project.pk, version=1, bill=bill({**CHAIR, "quantity": Decimal(4)}, fixed))
    found = selectors.compared(selectors.run(project, 1), after)
    assert [one.changes for one in found.pairs] == [("quantity",), ("item_group", "outcome"), ("removed",)]
    point = project.points.get()
    assert (point.kind, point.closed_how, point.closed_in_id) == ("cannot_tell", "run", after.pk)
    assert selectors.run(project, 1).materials.count() == 3
    assert not found.registry


def test_a_certificate_that_ended_is_found_when_the_same_bill_is_run_at_contract(
    made: Made, planner: Actor, market: Ledger, settings: Any, tmp_path: Path
) -> None:
    project = made({**GREEN, "furnished": True}, CHAIR)
    later = builders.copy(market.path, tmp_path / "나중 원장")
    known = Registry.open(later.path).certificates().to_pylist()
    ended = [{**one, "revoked_on": date(2020, 6, 1)} if one["certificate_no"] == "T-21" else one for one in known]
    with later.writing():
        replace_source(later.path, "certificates", builders.rows("certificates", ended), "test")
        publishing.publish(later, "registry", "test")
    settings.LEDGER = later.path
    site_ledgers.forget()
    after = services.run(planner, pk=project.pk, version=1, bill=None)
    found = selectors.compared(selectors.run(project, 1), after)
    assert found.registry
    assert "certificate_ended" in found.pairs[0].changes
    assert "alternative" in found.pairs[1].changes
    assert after.materials.get(number=1).standing == "not_green"
    assert expected_of(after).asked.value == 0


def test_the_same_bill_again_changes_nothing(made: Made, planner: Actor) -> None:
    project = made(CHAIR, STRANGE)
    after = services.run(planner, pk=project.pk, version=1, bill=None)
    assert not selectors.compared(selectors.run(project, 1), after).changed
    assert project.points.get().closed_how == ""


def test_at_delivery_the_contractors_certificate_is_checked_for_the_day(made: Made, planner: Actor) -> None:
    project = made(CHAIR, stage="contracted")
    assert [one.kind for one in project.points.filter(closed_how="")] == ["proof"]
    prove = {"pk": project.pk, "number": 1}
    for version, certificate, on, found in (
        (1, "T-99", planner.today, "unknown"),
        (2, "T-21", date(2019, 5, 5), "not_yet"),
        (3, "T-21", planner.today, "valid"),
    ):
        one = services.prove(planner, **prove, version=version, certificate=certificate, on=on)
        assert one.proof_found == found
        assert bool(project.points.get().closed_how) == (found == "valid")
    services.unprove(planner, **prove, version=4)
    assert project.points.get().closed_how == ""
    with pytest.raises(UsageError, match="assessment_proof_future"):
        services.prove(planner, **prove, version=5, certificate="T-21", on=date(2030, 1, 1))


def test_a_proof_outlives_another_run_of_the_same_material(made: Made, planner: Actor) -> None:
    project = made(CHAIR, stage="contracted")
    services.prove(planner, pk=project.pk, version=1, number=1, certificate="T-21", on=planner.today)
    services.run(planner, pk=project.pk, version=2, bill=None)
    assert selectors.run(project).materials.get().proof_found == "valid"
    assert project.points.get().closed_how == "run"


def test_furnished_materials_become_a_request_that_names_the_project(made: Made, planner: Actor) -> None:
    project = made({**CHAIR, "furnished": True}, PIPE)
    request = services.request(planner, pk=project.pk, version=1)
    line = request.lines.get()
    assert (request.project, request.kind, line.description, line.outcome) == (
        project.pk,
        "goods",
        "회의용의자",
        "denied",
    )
    assert [one.pk for one in selectors.requests(planner, project)] == [request.pk]
    only = made(PIPE)
    with pytest.raises(UsageError, match="assessment_nothing_furnished"):
        services.request(planner, pk=only.pk, version=1)


def test_points_are_seen_to_closed_and_opened_again(made: Made, planner: Actor) -> None:
    point = made(STRANGE).points.get()
    due = date(2020, 12, 1)
    points.keep(planner, pk=point.pk, version=1, owner="accounting_officer", due_on=due, note="문의함")
    with pytest.raises(UsageError, match="assessment_moved_on"):
        points.close(planner, pk=point.pk, version=1, words="확인")
    with pytest.raises(UsageError, match="assessment_closing_words"):
        points.close(planner, pk=point.pk, version=2, words=" ")
    done = points.close(planner, pk=point.pk, version=2, words="품목 확인")
    assert (done.closed_how, done.closed_by_id, done.closed_with) == ("person", planner.user_id, "품목 확인")
    assert not OpenPoint.objects.filter(closed_how="").exists()
    services.run(planner, pk=point.project_id, version=1, bill=None)
    point.refresh_from_db()
    assert point.closed_how == "person"
    assert points.reopen(planner, pk=point.pk, version=point.version).closed_how == ""


def test_a_project_put_aside_cannot_be_changed_until_it_is_taken_up(made: Made, planner: Actor) -> None:
    project = made(CHAIR)
    services.put_aside(planner, pk=project.pk, version=1, aside=True)
    with pytest.raises(UsageError, match="assessment_aside"):
        services.run(planner, pk=project.pk, version=2, bill=None)
    services.put_aside(planner, pk=project.pk, version=2, aside=False)
    assert services.run(planner, pk=project.pk, version=3, bill=None).number == 2


def test_who_may_not_cannot(made: Made, actor: Callable[..., Actor]) -> None:
    project = made(STRANGE)
    stranger = actor("officer", builders.OTHER_CITY)
    for act in (
        lambda: selectors.project(stranger, project.pk),
        lambda: services.run(stranger, pk=project.pk, version=1, bill=None),
        lambda: points.close(stranger, pk=project.points.get().pk, version=1, words="x"),
        lambda: services.make(stranger, organisation=builders.WEST, header=Header("x", "works"), bill=bill(CHAIR)),
    ):
        with pytest.raises(Http404):
            act()
    assert not selectors.points(stranger).exists()
    reader = actor("auditor", builders.CITY)
    assert selectors.project(reader, project.pk) == project
    with pytest.raises(PermissionDenied):
        services.run(reader, pk=project.pk, version=1, bill=None)


def test_each_act_is_one_event(made: Made, planner: Actor) -> None:
    before = Event.objects.count()
    project = made(CHAIR)
    services.change(planner, pk=project.pk, version=1, header=Header("구청사 보수", "works", "contracted"))
    services.prove(planner, pk=project.pk, version=2, number=1, certificate="T-21", on=planner.today)
    actions = [one.action for one in Event.objects.order_by("pk")[before:]]
    assert actions == ["assessments.made", "assessments.changed", "assessments.proved"]
    assert verify() == []


def test_the_kind_of_a_project_decides_again(made: Made, planner: Actor) -> None:
    project = made(CHAIR)
    services.change(planner, pk=project.pk, version=1, header=Header("구청사 보수", "service", reference="문서-1"))
    project.refresh_from_db()
    assert (project.kind, project.version, project.reference) == ("service", 2, "문서-1")
    assert selectors.run(project).materials.get().outcome == "contract_clause"


def test_required_proportions_are_of_the_whole_project(market: Ledger, actor: Callable[..., Actor]) -> None:
    from chorok.core.screening.policy import Proportion

    leader, planner = actor("leader", builders.CITY), actor("officer", builders.WEST)
    probe = services.make(planner, organisation=builders.WEST, header=Header("가", "works"), bill=bill(GREEN, CHAIR))
    group = selectors.run(probe).materials.first().item_group  # type: ignore[union-attr]
    policy = replace(policies.preset("legal"), proportions=(Proportion(group, Fraction(60)),))
    adopting.adopt(leader, organisation=builders.CITY, policy=policy, since=leader.today)
    lines = [{**one, "furnished": True} for one in (GREEN, CHAIR)]
    project = services.make(planner, organisation=builders.WEST, header=Header("나", "works"), bill=bill(*lines))
    run = selectors.run(project)
    (required,) = run.sums["required"]
    assert (required["state"], required["share"]) == ("met", "3/5")
    assert [one.outcome for one in run.materials.all()] == ["pass_green", "within_proportion"]
