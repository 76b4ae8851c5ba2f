"""How the documents of screening are laid out: which fact stands where, in the words of one language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from chorok import wording
from chorok.core.money import written
from chorok.publications import paper as papers
from chorok.publications.paper import Block, Boxes, Facts, Items, Pair, Paper, Section, Table, Text
from chorok.publications.screening_documents import (
    POSSIBLE,
    Basis,
    Candidate,
    Clause,
    Document,
    Heading,
    Material,
    Reasons,
    Sheet,
    SheetLine,
    Signature,
    Statement,
    Step,
)
from chorok.publications.screening_words import Say, joined, sentence
from chorok.wording import Language

NONE = "–"


def paper(document: Document, language: Language) -> Paper:
    """Return a document as a paper in one language."""
    say = speaker(language)
    kind = {Sheet: "sheet", Statement: "statement", Clause: "clause"}[type(document)]
    heading, basis = document.heading, document.basis
    title = say(f"screen_paper.title.{kind}")
    return Paper(
        title,
        language,
        basis.decided_on,
        papers.shown(heading.organisation),
        papers.short(papers.shown(" · ".join(part for part in (title, heading.number, heading.title) if part)), 120),
        say("screen_paper.synthetic") if basis.synthetic else "",
        tuple(_clean(block) for block in _BLOCKS[kind](document, say)),
    )


def speaker(language: Language) -> Say:
    """Return what says codes in one language."""

    def say(code: str, /, **params: object) -> str:
        return wording.say(code, language, **params)

    return say


def _label(key: str, say: Say) -> str:
    return say(f"screen_paper.label.{key}")


def _clean(block: Block) -> Block:
    shown = papers.shown
    match block:
        case Facts(rows):
            return Facts(tuple(tuple((label, shown(value) or NONE) for label, value in row) for row in rows))
        case Table(head, widths, rows, align):
            return Table(head, widths, tuple(tuple(shown(cell) or NONE for cell in row) for row in rows), align)
        case Boxes(label, boxes):
            return Boxes(label, tuple((whose, shown(name), day) for whose, name, day in boxes))
        case Items(texts):
            return Items(tuple(map(shown, texts)))
        case Section(text) | Text(text):
            return type(block)(shown(text))


def _sheet(sheet: Sheet, say: Say) -> list[Block]:
    counts = Counter(line.possible for line in sheet.lines)
    counted = ", ".join(
        say("screen_paper.counted", what=say(f"screen_paper.possible.{one}"), count=counts[one])
        for one in POSSIBLE
        if counts[one]
    )
    state = say(f"screen_outcome.{sheet.state}")
    blocks: list[Block] = [
        *_signed(sheet.signatures, say),
        _head(sheet.heading, say, (_label("state", say), state)),
        Section(say("screen_paper.section.review")),
        Text(say("screen_paper.summary", lines=len(sheet.lines), counted=counted or NONE)),
    ]
    if sheet.heading.kind != "goods":
        green = dict.fromkeys(name for line in sheet.lines for name in line.green)
        blocks.append(Facts((((_label("green_names", say), ", ".join(green)),),)))
    columns = ("number", "product", "quantity", "possible", "green", "why")
    blocks.append(
        Table(
            tuple(_label(one, say) for one in columns),
            (6, 24, 14, 11, 20, 25),
            tuple(_sheet_row(line, say) for line in sheet.lines),
            ("center", "left", "right", "center", "left", "left"),
        )
    )
    return [*blocks, *_basis(sheet.basis, say), *_steps(sheet.steps, say)]


def _sheet_row(line: SheetLine, say: Say) -> tuple[str, ...]:
    supplied = "" if line.kind == "goods" else _supplied(line.furnished, say)
    proof = (*line.certificates, *((say("screen_paper.until", day=line.valid_until),) if line.valid_until else ()))
    reasons = [sentence("screen_reason", one, say) for one in line.reasons]
    if line.ground:
        reasons.append(_ground(line, say))
    return (
        str(line.number),
        _lines(line.product, say("screen_paper.in_brackets", text=line.item) if line.item else "", supplied),
        _lines(_quantity(line.quantity, line.unit), money(line.amount, line.currency, say)),
        say(f"screen_paper.possible.{line.possible}"),
        _lines(*line.green, say("screen_paper.more", count=line.green_more) if line.green_more else "", *proof),
        _lines(say("screen_paper.outcome", outcome=say(f"screen_outcome.{line.outcome}")), " ".join(reasons)),
    )


def _ground(line: SheetLine, say: Say) -> str:
    """The ground of article 6, by number and title, with its case."""
    case = say("screen_paper.in_brackets", text=say(f"sub_code.{line.case}")) if line.case else ""
    mark, title = say(f"ground_mark.{line.ground}"), say(f"ground.{line.ground}")
    return f"{say('screen_paper.ground', mark=mark, title=title)} {case}".strip()


def _statement(statement: Statement, say: Say) -> list[Block]:
    blocks: list[Block] = [*_signed(statement.signatures, say), _head(statement.heading, say)]
    for one in statement.lines:
        blocks += _reasons(one, say)
    return [*blocks, *_basis(statement.basis, say)]


def _reasons(one: Reasons, say: Say) -> Iterable[Block]:
    line = one.line
    ground = _ground(line, say) if line.ground else say("screen_paper.no_ground")
    rows: list[tuple[Pair, ...]] = [
        ((_label("product", say), line.product),),
        ((_label("item", say), line.item), (_label("quantity", say), _amount(line, say))),
        ((_label("found", say), " ".join(sentence("screen_reason", said, say) for said in line.reasons)),),
        ((_label("ground", say), ground),),
        ((_label("statement", say), one.text),),
        ((_label("evidence", say), "\n".join(one.evidence)),),
    ]
    if one.difference:
        rows.append(((say("screen_paper.differences"), one.difference),))
    yield Section(say("screen_paper.section.line", number=line.number, product=papers.short(line.product, 80)))
    yield Facts(tuple(rows))
    if one.differences:
        yield Text(say("screen_paper.differences"))
        yield _table(
            "alternative attribute needed offered",
            (34, 20, 23, 23),
            ((d.alternative, d.attribute, d.needed, d.offered) for d in one.differences),
            say,
        )
    if one.alternatives:
        shown = len(one.alternatives)
        yield Text(say("screen_paper.alternatives", shown=shown, count=one.search.candidates if one.search else shown))
        yield _table(
            "sure candidate certificate product_id until price",
            (11, 30, 17, 13, 13, 16),
            (_candidate(found, say) for found in one.alternatives),
            say,
            center=(0,),
        )
    if one.search is not None:
        yield Text(say("screen_paper.search"))
        yield Facts(_search(one, say))
    if one.cosign is not None:
        yield Text(say("screen_paper.cosign"))
        yield _table(
            "signer name day act remark", (22, 17, 15, 14, 32), (_signing(one.cosign, say),), say, center=(1, 2, 3)
        )


def _search(one: Reasons, say: Say) -> tuple[tuple[Pair, ...], ...]:
    search = one.search
    assert search is not None
    return (
        (
            (_label("searched_on", say), search.on.isoformat()),
            (_label("registry", say), say("screen_paper.version", version=search.registry)),
        ),
        ((_label("query", say), search.query),),
        (
            (_label("certified", say), f"{search.certified:,}"),
            (_label("candidates", say), f"{search.candidates:,}"),
        ),
    )


def _candidate(found: Candidate, say: Say) -> tuple[str, ...]:
    price = money(found.price, found.currency, say)
    return (
        say(f"alternative.{'sure' if found.sure else 'possible'}"),
        _lines(found.name, found.maker),
        found.certificate,
        found.product_id,
        _day(found.valid_until),
        f"{price}/{found.unit}" if price and found.unit else price,
    )


def _signing(signature: Signature, say: Say) -> tuple[str, ...]:
    act = say(f"screen_paper.act.{signature.act}") if signature.act else " "
    blank = "" if signature.name else " "
    return (
        say(f"screen_paper.signer.{signature.role}"),
        _name(signature, say) or f"\n{say('screen_paper.sign_here')}\n",
        _day(signature.on) or blank,
        act,
        signature.remark or blank,
    )


def _clause(clause: Clause, say: Say) -> list[Block]:
    columns = "number material item bases how_much supply"
    return [
        _head(clause.heading, say),
        Section(say("screen_paper.section.materials")),
        _table(
            columns,
            (6, 28, 20, 22, 12, 12),
            (_material(number, one, say) for number, one in enumerate(clause.materials, 1)),
            say,
            center=(0, 5),
        ),
        Section(say("screen_paper.section.condition")),
        Items(condition(clause, say)),
        Section(say("screen_paper.section.design")),
        Items(design(clause, say)),
        Text(say("screen_paper.proposal")),
        *_basis(clause.basis, say),
    ]


def _material(number: int, one: Material, say: Say) -> tuple[str, ...]:
    return (
        str(number),
        one.name,
        one.item,
        joined("basis", one.bases, say),
        _quantity(one.quantity, one.unit),
        _supplied(one.furnished, say),
    )


def _supplied(furnished: bool, say: Say) -> str:
    return say(f"screen_paper.supplied.{'government' if furnished else 'contractor'}")


def condition(clause: Clause, say: Say) -> tuple[str, ...]:
    """Return the sentences of the contract condition. They are a proposal of the authors."""
    supplied = [one.name for one in clause.materials if not one.furnished]
    furnished = [one.name for one in clause.materials if one.furnished]
    told = []
    if supplied:
        told += [
            say("screen_paper.condition.use", materials=", ".join(supplied)),
            say("screen_paper.condition.proof"),
        ]
        if clause.note_below is not None:
            below = money(clause.note_below, clause.currency, say)
            told.append(say("screen_paper.condition.note", amount=below))
        told += [say("screen_paper.condition.checked"), say("screen_paper.condition.instead")]
    if furnished:
        told.append(say("screen_paper.condition.furnished", materials=", ".join(furnished)))
    return tuple(told)


def design(clause: Clause, say: Say) -> tuple[str, ...]:
    """Return the sentences for design documents and purchase guidelines. They are a proposal of the authors."""
    materials = [f"{one.name}: {joined('basis', one.bases, say)}" for one in clause.materials]
    return (
        say("screen_paper.design.name", materials="; ".join(materials)),
        say("screen_paper.design.open"),
        say("screen_paper.design.again"),
    )


_BLOCKS: dict[str, Callable[..., list[Block]]] = {"sheet": _sheet, "statement": _statement, "clause": _clause}


def _head(heading: Heading, say: Say, *more: Pair) -> Facts:
    """What request a document is about: its title across the page, the rest two by two."""
    pairs = [
        ("organisation", heading.organisation),
        ("department", heading.department),
        ("request", heading.number),
        ("e_approval", heading.e_approval),
        ("kind", say(f"kind.{heading.kind}")),
        ("budget_item", heading.budget_item),
        ("needed_by", _day(heading.needed_by)),
        ("place", heading.place),
        ("requester", heading.requester),
    ]
    worded = [(_label(key, say), value) for key, value in pairs]
    return Facts((((_label("title", say), heading.title),), *_by_two([*worded, *more])))


def _by_two(pairs: list[Pair]) -> Iterable[tuple[Pair, ...]]:
    return (tuple(pairs[place : place + 2]) for place in range(0, len(pairs), 2))


def _signed(signatures: tuple[Signature, ...], say: Say) -> list[Block]:
    if not signatures:
        return []
    boxes = tuple((say(f"screen_paper.signer.{one.role}"), _name(one, say), _day(one.on)) for one in signatures)
    return [Boxes(say("screen_paper.boxes"), boxes)]


def _name(signature: Signature, say: Say) -> str:
    if signature.deputy_for:
        return say("screen_paper.deputy", name=signature.name, deputy_for=signature.deputy_for)
    return signature.name


def _basis(basis: Basis, say: Say) -> list[Block]:
    registry = say("screen_paper.version", version=basis.registry)
    if basis.registry_day:
        registry = say("screen_paper.version_of", version=basis.registry, day=basis.registry_day)
    pairs = [
        ("policy", _lines(basis.policy, basis.policy_version)),
        ("definition", _lines(basis.definition, basis.definition_version)),
        ("registry", registry),
        ("decided_on", basis.decided_on.isoformat()),
    ]
    worded = [(_label(key, say), value) for key, value in pairs]
    return [Section(say("screen_paper.section.basis")), Facts(tuple(_by_two(worded)))]


def _steps(steps: tuple[Step, ...], say: Say) -> list[Block]:
    if not steps:
        return []
    rows = (
        (
            one.on.isoformat(),
            say(f"screen_paper.act.{one.act}"),
            say(f"screen_paper.signer.{one.role}"),
            one.name,
            one.remark,
        )
        for one in steps
    )
    table = _table("day act signer name remark", (14, 16, 22, 14, 34), rows, say, center=(0, 1))
    return [Section(say("screen_paper.section.steps")), table]


def _table(
    columns: str, widths: tuple[int, ...], rows: Iterable[tuple[str, ...]], say: Say, center: tuple[int, ...] = ()
) -> Table:
    keys = columns.split()
    right = ("price", "how_much")
    align = tuple(
        "center" if place in center else "right" if key in right else "left" for place, key in enumerate(keys)
    )
    return Table(tuple(_label(key, say) for key in keys), widths, tuple(rows), align)  # type: ignore[arg-type]


def money(amount: int | None, currency: str, say: Say) -> str:
    """Return an amount with its currency, as people write it; empty where there is none."""
    if amount is None:
        return ""
    return say("screen_paper.won" if currency == "KRW" else "screen_paper.money", amount=written(amount, currency),
               currency=currency)  # fmt: skip


def _amount(line: SheetLine, say: Say) -> str:
    return " · ".join(
        part for part in (_quantity(line.quantity, line.unit), money(line.amount, line.currency, say)) if part
    )


def _quantity(quantity: Decimal | None, unit: str) -> str:
    return "" if quantity is None else f"{quantity.normalize():,f} {unit}".strip()


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)
