"""What a file of lines leaves open, as forms: which column is meant, and cells that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from chorok.site.config.language import say
from chorok.site.screening import asking
from chorok.site.screening.fields import AmountField, QuantityField
from chorok.sources.choices import Question
from chorok.sources.requests import EXTRA, Fault, Read

MOST = 200
"""Cells that are asked for at once; in a file with more, most of a column is something else."""


def field_name(name: str) -> str:
    """Return what people call a field of a line."""
    return say(f"request_field.{name}") if name in EXTRA else say(f"field.{name}")


class WhichForm(forms.Form):
    """Which column, or which value, each open question means."""

    stage = "which"

    def __init__(self, questions: Sequence[Question], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        tables = {one.table for one in questions}
        for place, one in enumerate(questions):
            label = say(f"site.screening.file.which.{one.field}")
            self.fields[f"q{place}"] = forms.ChoiceField(
                choices=[(value, _choice(one, value, examples)) for value, examples in one.choices],
                widget=forms.RadioSelect,
                initial=None if one.error else one.choices[0][0],
                label=f"{one.table}: {label}" if len(tables) > 1 else label,
            )

    def answers(self, before: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        """Return all answers so far, by table and field."""
        found = {table: dict(said) for table, said in before.items()}
        for place, one in enumerate(self.questions):
            found.setdefault(one.table, {})[one.field] = self.cleaned_data[f"q{place}"]
        return found


def _choice(one: Question, value: str, examples: Sequence[str]) -> str:
    if one.field == "date_order":
        return say(f"map.order.{value}")
    return say("site.screening.file.column", column=value, examples=", ".join(examples)) if examples else value


class MendForm(forms.Form):
    """Cells that cannot be read, each to be written anew or left empty."""

    stage = "mend"

    def __init__(self, found: Read, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.faults = dict(zip((f"f{place}" for place in range(MOST)), found.faults, strict=False))
        self.rest = len(found.faults) - len(self.faults)
        for name, fault in self.faults.items():
            self.fields[name] = _field(fault, found.lines[fault.line].currency)
            column = fault.column or field_name(fault.field)
            line = found.lines[fault.line]
            called = line.description or line.product_id or line.specification or "–"
            self.fields[name].label = say("site.screening.file.cell", row=fault.row, column=column, name=called[:40])
            self.fields[name].help_text = _help(fault)

    @property
    def mended(self) -> dict[Fault, Any]:
        """What people wrote in place of each cell."""
        return {fault: self.cleaned_data[name] for name, fault in self.faults.items()}


def _field(fault: Fault, currency: str) -> forms.Field:
    match fault.field:
        case "quantity":
            return QuantityField(required=False, initial=fault.value)
        case "needed_by":
            return forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
        case "unit_price" | "amount":
            made = AmountField(required=False, initial=fault.value)
            made.currency = currency
            return made
    most = asking.longest(fault.field)
    return forms.CharField(required=False, max_length=most, initial=fault.value[:most])


def _help(fault: Fault) -> str:
    """Say what is wrong with a cell, and what stands in it."""
    if fault.field in asking.TEXTS:
        if not fault.value:
            return say("site.screening.file.nothing")
        return say("site.screening.file.long", most=asking.longest(fault.field), count=len(fault.value))
    wrong = say("site.screening.file.no_day") if fault.field == "needed_by" else say("site.screening.file.no_number")
    return say("site.screening.file.written", value=fault.value[:100], wrong=wrong)
