"""Why a line counts as it does, in sentences. Who decided is not told: that may be somebody of another city."""

from __future__ import annotations

from datetime import date

from chorok import wording
from chorok.core.money import written
from chorok.ledger.explain import Explanation
from chorok.site.config.language import current, say
from chorok.site.config.written import unit_of
from chorok.site.performance.scope import Scope


def sentences(scope: Scope, told: Explanation) -> list[str]:
    """Return the reasons, the outcome first."""
    line, verdict = told.line or {}, told.verdict
    group = scope.names.show("item", verdict["item_group"]) or say("word.not_known")
    how = say(f"group_method.{verdict['group_method']}") if verdict["group_method"] else say("word.not_known")
    found = [
        say(
            "explain.line",
            line=f"L{line['line_id']}",
            day=line["bought_on"],
            date_kind=say(f"date_kind.{line['date_kind']}"),
            amount=written(line["amount"], line["currency"]),
            currency=unit_of(line["currency"]),
            state=say(f"state_of.{told.state_on_day}"),
        ),
        say("explain.verdict", state=say(f"verdict.{verdict['state']}"), method=say(f"method.{verdict['method']}")),
        say("explain.group", group=group, how=how),
        *_evidence(told),
    ]
    for span in told.spans:
        code = "explain.span" if span["certain"] else "explain.span_uncertain"
        since, until, number = _day(span["valid_from"]), _day(span["valid_until"]), span["certificate_no"] or "–"
        found.append(
            say(code, basis=say(f"basis.{span['basis']}"), certificate=number, since=since, until=until).strip()
        )
    found += [
        say("explain.ended_before", certificate=span["certificate_no"], until=span["valid_until"])
        for span in told.revoked_before
    ]
    return found


def _day(day: date) -> str:
    """Return a day; a dash where a span has no beginning or end that is known."""
    return "–" if day in (date.min, date.max) else day.isoformat()


def _evidence(told: Explanation) -> list[str]:
    evidence, found = told.evidence, []
    if told.verdict["method"] == "human":
        found.append(say("site.performance.line.decided", on=evidence.get("decided_on")))
    elif evidence.get("reason"):
        code = f"because.{evidence['reason']}"
        found.append(say(code) if wording.knows(code, current()) else str(evidence["reason"]))
    if evidence.get("certificates"):
        found.append(say("explain.certificates", numbers=", ".join(evidence["certificates"])))
    for best in evidence.get("best", [])[:3]:
        names = {"name": "product_name", "model": "model", "supplier": "supplier_name", "certificate": "certificate_no"}
        found.append(say("explain.candidate", **{blank: best.get(key) or "–" for blank, key in names.items()}))
    return found
