"""Invented certified product names in Korean and English, and noisy queries whose truth is known."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pyarrow as pa

from chorok.ledger.schema import CERTIFICATES


def _listed(text: str) -> list[str]:
    return text.split("|")


NOUNS = _listed(
    "사무용 의자|사무용 책상|회의용 탁자|복사용지|토너 카트리지|수성 페인트|유성 도료|바닥재|벽지|단열재|"
    "흡음 천장재|아스팔트 콘크리트|순환골재|보도블록|투수 콘크리트 블록|경계석|배수관|이중벽관|오수받이|"
    "맨홀 뚜껑|합성목재 데크|LED 등기구|LED 가로등|LED 투광등|형광등기구|컴퓨터|노트북 컴퓨터|모니터|"
    "복합기|프린터|프로젝터|냉장고|세탁기|공기청정기|에어컨디셔너|보일러|정수기|양변기|수도꼭지|샤워헤드|"
    "세탁세제|주방세제|화장지|종이타월|칠판|게시판|서랍장|파일 캐비닛|칸막이|침대|매트리스|쓰레기통|"
    "재활용 분리수거함|벤치|퍼걸러|운동기구|방음벽|가드레일|차선도료|탄성포장재|인조잔디|고무매트|접착제|"
    "실리콘 실란트|모르타르|석고보드|창호|방화문|자동문|태양광 모듈|전기차 충전기|air purifier|"
    "office chair|laser printer|LED panel light|water heater|clothes washer|refrigerator|ceiling tile"
)
WORDS = _listed(
    "친환경|고효율|저소음|절전형|무독성|재생|보급형|고급형|일반형|실내용|실외용|벽걸이형|스탠드형|매립형|"
    "노출형|이동식|고정식|철제|목재|알루미늄|스테인리스|PE|PVC|PP|폐플라스틱|폐고무|재생지|천연|수용성|"
    "속건형|방수|난연|항균|중량형"
)
SPECS = _listed(
    "백색|흑색|회색|A4 80g|A3|600x600mm|1200x600x720mm|300x300x60mm|D200|D300 x 6m|18L|4L|40W|60W|220V|1등급|KS"
)
SYLLABLES = "가나다라마바사아자차한동대성우진신세정은현금삼태화영광일원경청미남북서해산풍림솔누리빛온새별"
ENDINGS = _listed("산업|테크|전자|건설|환경|이앤씨|화학|라이팅|퍼니처|소재|시스템|컴퍼니|Tech|Green|Systems")
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


@dataclass(frozen=True)
class Query:
    """One text as a purchaser may write it, and the row meant (None: not in the list)."""

    text: str
    supplier: str
    truth: int | None
    kind: str


@dataclass(frozen=True)
class Product:
    """One invented product."""

    name: str
    model: str
    supplier: str
    label: str


def products(count: int, seed: int = 1) -> list[Product]:
    """Return invented products; a maker's variants differ by one character or a suffix of the model."""
    dice = random.Random(seed)
    makers = sorted({_maker(dice) for _ in range(max(20, count // 150))})
    found: dict[tuple[str, str], Product] = {}
    while len(found) < count:
        maker, noun = dice.choice(makers), dice.choice(NOUNS)
        stem = "".join(dice.choices(LETTERS, k=dice.choice((1, 2, 2, 3)))) + dice.choice(("-", "", "-"))
        number = dice.randint(100, 9999)
        for variant in range(dice.choice((1, 1, 2, 3, 5, 8))):
            model = stem + _variant(number, variant, dice)
            words = dice.sample(WORDS, dice.choice((0, 1, 1, 2)))
            specs = dice.sample(SPECS, dice.choice((0, 1, 1, 2)))
            name = " ".join([*words, noun, *specs])
            found.setdefault((maker, model.replace("-", "")), Product(name, model, maker, noun))
    return list(found.values())[:count]


def _variant(number: int, variant: int, dice: random.Random) -> str:
    suffix = dice.choice(("", LETTERS[variant], "-" + LETTERS[variant + 3], "P", "WH"))
    return f"{number + (variant if dice.random() < 0.5 else 10 * variant)}{suffix}"


def _maker(dice: random.Random) -> str:
    stem = "".join(dice.choices(SYLLABLES, k=dice.choice((2, 2, 3)))) + dice.choice(ENDINGS)
    return dice.choice(("주식회사 {}", "(주){}", "{}(주)", "㈜{}", "{}", "{} Co., Ltd.")).format(stem)


def table(items: list[Product]) -> pa.Table:
    """Return products as a certificates table."""
    columns: dict[str, list[object]] = {
        "certificate_no": [f"EL{place}" for place in range(len(items))],
        "product_name": [item.name for item in items],
        "model": [item.model for item in items],
        "supplier_name": [item.supplier for item in items],
        "item_label": [item.label for item in items],
    }
    empty = [None] * len(items)
    return pa.table({column.name: pa.array(columns.get(column.name, empty), column.type) for column in CERTIFICATES})


def noisy_queries(items: list[Product], count: int, seed: int = 2) -> list[Query]:
    """Return findable queries: as written, with a typo, reordered, without supplier, with more specification,
    several of these at once, or with a slip anywhere, the model included.
    """
    dice = random.Random(seed)
    kinds = ("same", "typo", "reordered", "no_supplier", "added_spec", "mixed", "slip")
    return [_noisy(items, dice.randrange(len(items)), kinds[turn % len(kinds)], dice) for turn in range(count)]


def _noisy(items: list[Product], row: int, kind: str, dice: random.Random) -> Query:
    item = items[row]
    name, model, supplier = item.name, item.model, item.supplier
    if kind in {"typo", "mixed"}:
        name = _typo(name, dice)
    if kind == "mixed":
        model = dice.choice((model.replace("-", ""), model.replace("-", " "), model.lower()))
    if kind == "slip":  # anywhere, the model included
        return Query(_typo(f"{name} {model} {supplier}", dice), supplier, row, kind)
    parts = [name, model] + ([] if kind in {"no_supplier", "mixed"} else [supplier])
    if kind in {"added_spec", "mixed"}:
        parts.insert(1, dice.choice(SPECS))
    if kind in {"reordered", "mixed"}:
        parts = [word for part in parts for word in part.split(" ")] if kind == "reordered" else parts
        dice.shuffle(parts)
    return Query(" ".join(parts), "" if kind in {"no_supplier", "mixed"} else supplier, row, kind)


def _typo(text: str, dice: random.Random) -> str:
    place = dice.randrange(len(text))
    return dice.choice((text[:place] + text[place + 1 :], text[:place] + text[place] + text[place:]))


def absent_queries(items: list[Product], count: int, seed: int = 3) -> list[Query]:
    """Return queries for what is not listed: a listed product with another model of the same family, or generic."""
    dice = random.Random(seed)
    known = {(item.supplier, item.model.replace("-", "").upper()) for item in items}
    codes = {code for _, code in known}
    found: list[Query] = []
    while len(found) < count:
        item = dice.choice(items)
        model = _neighbour(item.model, dice)
        bare = model.replace("-", "").upper()
        if len(found) % 10 == 9:
            found.append(Query(item.name, "", None, "generic"))
        elif (item.supplier, bare) not in known:
            named = dice.random() < 0.7 or bare in codes
            parts = [item.name, model] + ([item.supplier] if named else [])
            found.append(Query(" ".join(parts), item.supplier if named else "", None, "variant"))
    return found


def _neighbour(model: str, dice: random.Random) -> str:
    digits = [place for place, letter in enumerate(model) if letter.isdigit()]
    place = dice.choice(digits)
    swapped = model[:place] + dice.choice([d for d in "0123456789" if d != model[place]]) + model[place + 1 :]
    return dice.choice((swapped, swapped, model + dice.choice(LETTERS), model + "-" + dice.choice(LETTERS), model[:-1]))
