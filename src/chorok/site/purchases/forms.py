"""Forms: which file for whom, what the columns of a table mean, and the answers to what a file leaves open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from django import forms

from chorok.core.errors import ChorokError
from chorok.core.money import decimals_of
from chorok.ledger.naming import Names
from chorok.site.accounts.rights import Actor
from chorok.site.config import ledger as site
from chorok.site.config.language import say, say_error
from chorok.site.purchases import services, understanding
from chorok.site.purchases.models import Upload
from chorok.site.purchases.selectors import Import
from chorok.sources import profiles
from chorok.sources.understanding import FIELDS, DateOrder, Profile

FACTORS = (1, 1_000, 10_000, 1_000_000, 100_000_000)
UNITS = ("원", "천원", "만원", "백만원", "억원", "USD", "thousand USD", "million USD")  # as files write them
CURRENCIES = ("KRW", "USD", "EUR", "GBP", "JPY", "XXX")
CHANGES = ("none", "final_row", "sum_deltas")
KINDS = ("goods", "works", "service")
VAT = ("unknown", "included", "excluded")


def places(actor: Actor, right: str) -> list[tuple[str, str]]:
    """Return the organisations where the actor has a right, as choices: the highest first, then by name."""
    names: Names | None = site.names() if site.is_published() else None
    tops = actor.places(right)

    def shown(code: str) -> str:
        return (names.show("organisation", code) if names else None) or code

    return [(code, shown(code)) for code in sorted(actor.reach(right), key=lambda one: (one not in tops, shown(one)))]


class FileForm(forms.Form):
    """Which file, and for whom."""

    organisation = forms.ChoiceField()
    file = forms.FileField()

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = places(actor, services.IMPORT)  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.label = say(f"site.purchases.field.{name}")
            field.help_text = say(f"site.purchases.field.{name}_help")


LISTED = ("receiving", "reading", "ready", "importing", "failed", "posted", "withdrawn")
"""States that the list of imports can be narrowed to."""


class FilterForm(forms.Form):
    """Which imports to list."""

    organisation = forms.ChoiceField(required=False)
    source = forms.ChoiceField(required=False)
    state = forms.ChoiceField(required=False)

    def __init__(self, rows: Sequence[Import], names: Mapping[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", say("site.purchases.every"))
        codes = sorted({row.organisation for row in rows}, key=lambda code: names.get(code, code))
        choices = {
            "organisation": [(code, names.get(code, code)) for code in codes],
            "source": [(one, one) for one in sorted({row.source for row in rows if row.source})],
            "state": [(code, say(f"site.purchases.state.{code}")) for code in LISTED],
        }
        for name, known in choices.items():
            self.fields[name].choices = [every, *known]  # type: ignore[attr-defined]
            self.fields[name].label = say(f"site.purchases.column.{name}")

    def narrowed(self, rows: Sequence[Import]) -> list[Import]:
        """Return the imports that fit."""
        wished = {name: value for name, value in self.cleaned_data.items() if value} if self.is_valid() else {}
        return [row for row in rows if all(getattr(row, name) == value for name, value in wished.items())]


def _choices(prefix: str, codes: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(code, say(f"{prefix}{code}")) for code in codes]


class TableForm(forms.Form):
    """What one table means: each column's field, and how values are written. Exactly this is then read."""

    def __init__(self, table: Mapping[str, Any], *args: Any, naming: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table, self.naming = table, naming
        read = table.get("understanding")
        self.fields["read"] = forms.BooleanField(
            required=False, initial=not table["left_out"], label=say("site.purchases.field.read")
        )
        if read:
            self._exact(read)
        elif not table["left_out"]:
            self._asked()

    def _columns(self, meant: Mapping[str, str], blank: str) -> None:
        fields = [("", blank), *((name, say(f"field.{name}")) for name in FIELDS)]
        for place, column in enumerate(self.table["columns"]):
            self.fields[f"c{place}"] = forms.ChoiceField(
                choices=fields, required=False, initial=meant.get(column, ""), label=column
            )

    def _exact(self, read: Mapping[str, Any]) -> None:
        self._columns({column: field for field, column in read["columns"].items()}, say("map.dropped"))
        factor = read["multiplier"] // 10 ** read["decimals"]
        factors = [(one, f"{one:,}") for one in sorted({*FACTORS, factor})]
        currencies = list(dict.fromkeys((read["currency"], *CURRENCIES)))
        self._choose("factor", [(str(value), shown) for value, shown in factors], str(factor))
        self._choose("currency", [(code, code) for code in currencies], read["currency"])
        self._choose("date_order", _choices("map.order.", get_args(DateOrder)), read["date_order"])
        self._choose("change_orders", _choices("map.changes.", CHANGES), read["change_orders"])
        self._choose("kind", _choices("kind.", KINDS), read["kind"])
        self._choose("vat", _choices("site.purchases.vat.", VAT), read["vat"])
        self.fields["save_as"] = forms.CharField(
            max_length=100,
            required=bool(self.naming),
            initial=self.table["name"] if self.naming else self.table["profile"] if self.table.get("saved") else "",
            label=say(f"site.purchases.field.{self.naming or 'save_as'}"),
            help_text="" if self.naming else say("site.purchases.field.save_as_help"),
        )

    def _asked(self) -> None:
        """Ask for what is open; whatever is left blank is found by looking."""
        auto = say("site.purchases.automatic")
        self._columns({}, auto)
        notes = [note for _, note in self.table["unit_notes"]]
        units = [(one, one) for one in dict.fromkeys((*notes, *UNITS))]
        self._choose("amount_unit", [("", auto), *units], "")
        self._choose("currency", [("", auto), *((code, code) for code in CURRENCIES)], "")
        self._choose("date_order", [("", auto), *_choices("map.order.", get_args(DateOrder))], "")

    def _choose(self, name: str, choices: list[tuple[str, str]], initial: str) -> None:
        self.fields[name] = forms.ChoiceField(
            choices=choices, initial=initial, required=False, label=say(f"site.purchases.field.{name}")
        )

    @property
    def rows(self) -> list[tuple[forms.BoundField, list[str]]]:
        """The columns with their fields and sample values, for the page."""
        known = [place for place in range(len(self.table["columns"])) if f"c{place}" in self.fields]
        return [(self[f"c{place}"], self.table["samples"][place]) for place in known]

    @property
    def has_samples(self) -> bool:
        """Whether there are values to show beside the columns."""
        return any(self.table["samples"])

    @property
    def settings_wrong(self) -> bool:
        """Whether a setting has an error, so that it must be seen."""
        return any(field.errors for field in self.settings)

    @property
    def settings(self) -> list[forms.BoundField]:
        """How values are written, for the page."""
        return [self[name] for name in self.fields if name not in {"read", "save_as"} and not name[1:].isdigit()]

    def clean(self) -> dict[str, Any]:
        """Refuse one field twice."""
        given = super().clean() or {}
        meant: dict[str, str] = {}
        for place, column in enumerate(self.table["columns"]):
            field = given.get(f"c{place}")
            if field and field in meant:
                text = say("site.purchases.twice", field=say(f"field.{field}"), first=meant[field], second=column)
                self.add_error(f"c{place}", text)
            elif field:
                meant[field] = column
        given["columns"] = meant
        return given

    def said(self, upload: Upload) -> dict[str, Any]:
        """Return what was said of the table, as `Upload.said` keeps it. Adds an error when it cannot be read so."""
        given = self.cleaned_data
        if not given["read"]:
            return {"left_out": True}
        read = self.table.get("understanding")
        if self.table.get("mends"):
            return {}
        if not read:
            answers = {name: given[name] for name in ("amount_unit", "currency", "date_order") if given.get(name)}
            return {"answers": {**given["columns"], **answers}}
        if not self._changed(read):
            return dict(upload.said.get("tables", {}).get(self.table["name"], {}))
        profile = self.profile(upload.organisation)
        return {"profile": profiles.text_of(profile)} if profile else {}

    def profile(self, organisation: str) -> Profile | None:
        """Return the profile that the form makes. Adds an error, and returns None, when nothing can be read so."""
        name = self.table["profile"] or self.table["name"]
        try:
            return understanding.profile_from(self.table, self.cleaned_data, name, organisation)
        except ChorokError as error:
            self.add_error(None, say_error(error))
            return None

    def _changed(self, read: Mapping[str, Any]) -> bool:
        given = self.cleaned_data
        before = {
            "columns": read["columns"],
            "factor": str(read["multiplier"] // 10 ** decimals_of(read["currency"])),
            **{name: read[name] for name in ("currency", "date_order", "change_orders", "kind", "vat")},
        }
        return any(given[name] != value for name, value in before.items())
