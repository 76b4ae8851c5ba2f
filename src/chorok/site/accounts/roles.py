"""What people are, and what each may do: one table. Whatever is not in it, nobody may."""

from __future__ import annotations

from django.db.models import TextChoices


class Role(TextChoices):
    """What a person is at an organisation, and for all below it."""

    PURCHASER = "purchaser"
    OFFICER = "officer"  # green-purchase officer in the environment team
    LEADER = "leader"  # environment team leader who co-signs
    DIVISION_HEAD = "division_head"  # head of the environment division
    DEPUTY_HEAD = "deputy_head"  # deputy head of the authority
    HEAD = "head"  # head of a department
    ACCOUNTING = "accounting"
    INSPECTOR = "inspector"
    DISTRICT_OFFICER = "district_officer"
    COORDINATOR = "coordinator"
    SUPPLIER = "supplier"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


P, O, L, H = Role.PURCHASER, Role.OFFICER, Role.LEADER, Role.HEAD  # noqa: E741 - columns of a table
A, I, D = Role.ACCOUNTING, Role.INSPECTOR, Role.DISTRICT_OFFICER  # noqa: E741
C, S, U, M = Role.COORDINATOR, Role.SUPPLIER, Role.AUDITOR, Role.ADMINISTRATOR
E, Y = Role.DIVISION_HEAD, Role.DEPUTY_HEAD

EVERYBODY = frozenset(Role)
STAFF = EVERYBODY - {S, C}

GRANTS: dict[str, frozenset[Role]] = {
    # right: who has it, each within the subtree of the organisation where the role is held
    "home.see": EVERYBODY,
    "tokens.own": EVERYBODY,
    "accounts.manage": frozenset({M}),
    "delegations.give": STAFF - {M},
    "organisations.see": EVERYBODY,
    "organisations.change": frozenset({M, O}),
    "registry.see": EVERYBODY,
    "registry.change": frozenset({M, O}),
    "purchases.see": frozenset({O, D, L, H, A, U}),
    "purchases.import": frozenset({O, D}),
    "purchases.undo": frozenset({O, D}),
    "reviews.see": frozenset({O, D, L, U}),
    "reviews.decide": frozenset({O, D}),
    "reviews.second": frozenset({O, L}),
    "reviews.policy": frozenset({L}),
    "performance.see": STAFF - {M},
    "lines.see": frozenset({O, D, L, H, A, U}),
    "network.see": frozenset({O, L, H, C, D, U}),
    "figures.release": frozenset({L, H}),
    "periods.see": frozenset({O, D, L, H, U}),
    "periods.submit": frozenset({O, D}),
    "periods.accept": frozenset({O, L}),
    "goals.see": STAFF - {M},
    "goals.change": frozenset({O, L}),
    "screenings.ask": frozenset({P, O, L, H, A, I, D}),
    "screenings.see": frozenset({P, O, L, H, A, I, D, U, E, Y}),
    "screenings.sign": frozenset({O, D, L, A, E, Y}),
    "screenings.inspect": frozenset({O, D, I}),
    "screenings.report": frozenset({O, L, H, D, U, E, Y}),
    "screenings.policy": frozenset({L}),
    "assessments.see": frozenset({P, O, L, H, D, I, U, E, Y}),
    "assessments.make": frozenset({P, O, H, D}),
    "webhooks.manage": frozenset({M}),
    "audit.see": frozenset({U, M}),
    "jobs.see": EVERYBODY,
}

WITHIN_A_CITY = frozenset(
    {
        "purchases.see",
        "purchases.import",
        "purchases.undo",
        "reviews.see",
        "reviews.decide",
        "reviews.second",
        "reviews.policy",
        "performance.see",
        "lines.see",
        "figures.release",
        "periods.see",
        "periods.submit",
        "periods.accept",
        "goals.see",
        "goals.change",
        "screenings.ask",
        "screenings.see",
        "screenings.sign",
        "screenings.inspect",
        "screenings.report",
        "screenings.policy",
        "assessments.see",
        "assessments.make",
        "webhooks.manage",
    }
)
"""Rights that a role held at a network does not give over its cities: what passes to it is released (rules 4)."""
