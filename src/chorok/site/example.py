"""One sign-in per kind of user for an example network. They are made for a ledger with invented purchases only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction

from chorok.core.errors import UsageError
from chorok.site.accounts.models import Membership, User
from chorok.site.accounts.roles import Role
from chorok.site.config import ledger as ledgers
from chorok.site.screening import example as screening

PASSWORD = "green-purchase-2020"  # noqa: S105 - shown on the start page of the demo, and good for nothing else
SINCE = date(2015, 1, 1)
SUPPLIER_NO = "9990000017"
"""A business number of the demo's own: none that is given out begins so."""


@dataclass(frozen=True)
class Person:
    """Somebody of the example network; `at` is a kind of organisation in a city of it."""

    name: str
    role: Role
    organisation: str

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.role.replace('_', '-')}@{self.organisation.lower() or 'supplier'}.example"


PEOPLE = (
    Person("김초록", Role.OFFICER, "DEMO-26"),
    Person("박담당", Role.PURCHASER, "DEMO-26-010"),
    Person("이팀장", Role.LEADER, "DEMO-26"),
    Person("최과장", Role.HEAD, "DEMO-26-010"),
    Person("정회계", Role.ACCOUNTING, "DEMO-26-000"),
    Person("강검수", Role.INSPECTOR, "DEMO-26-000"),
    Person("조서구", Role.DISTRICT_OFFICER, "DEMO-26-140"),
    Person("윤대전", Role.OFFICER, "DEMO-30"),
    Person("장대전", Role.LEADER, "DEMO-30"),
    Person("임연결", Role.COORDINATOR, "DEMO-NET"),
    Person("한공급", Role.SUPPLIER, ""),
    Person("오감사", Role.AUDITOR, "DEMO-26"),
    Person("문환경", Role.DIVISION_HEAD, "DEMO-26"),
    Person("배부시장", Role.DEPUTY_HEAD, "DEMO-26"),
    Person("신서구", Role.PURCHASER, "DEMO-26-140"),
    Person("허서구", Role.LEADER, "DEMO-26-140"),
    Person("문관리", Role.ADMINISTRATOR, "DEMO-26"),
    Person("서관리", Role.ADMINISTRATOR, "DEMO-NET"),
)


def people() -> tuple[Person, ...]:
    """Return the people whose sign-ins the start page lists: none where the ledger holds real purchases."""
    return PEOPLE if ledgers.ledger().synthetic else ()


@transaction.atomic
def settle() -> int:
    """Make the people that are not there yet and return how many. Raises UsageError for a ledger of real purchases."""
    if not ledgers.ledger().synthetic:
        raise UsageError("example_only")
    hashed = make_password(PASSWORD)  # once: it is slow on purpose
    made = sum(_make(person, hashed) for person in PEOPLE)
    screening.settle()
    return made


def _make(person: Person, hashed: str) -> bool:
    if User.objects.filter(email=person.email).exists():
        return False
    user = User.objects.create_user(person.email, None, name=person.name)
    user.password = hashed
    user.save()
    supplier = SUPPLIER_NO if person.role == Role.SUPPLIER else ""
    Membership.objects.create(
        user=user, role=person.role, organisation=person.organisation, supplier_no=supplier, valid_from=SINCE
    )
    return True
