"""The registry files of the demo: certificate lists in their publishers' columns, and plain templates."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from chorok.demo.catalogue import LAPSED_GROUP, MODELS, Catalogue, Certificate, Pair, date_text, days, valid_on_demo_day
from chorok.demo.koneps import gateway_answer
from chorok.demo.vocabulary import DATA, item_groups

KEITI = (
    "용도", "업체명", "홈페이지", "제품번호", "인증번호", "제품용도명", "모델명", "분류번호", "식별번호", "인증상태",
    "환경표지여부", "환경표지인증시작일", "환경표지인증종료일", "지역",
)  # fmt: skip
REVOKED = ("prodRson", "prodRsid", "vendVcnm", "prodMdel", "prodInrs", "prodRsdt", "prodRedt", "prodRtdt", "prodPrnm")
PPS = (
    "물품분류번호", "물품식별번호", "세부물품분류번호", "세부품명", "유효기간시작일자", "유효기간종료일자", "인증구분",
    "품명", "품목", "현재인증유효여부",
)  # fmt: skip
CERTIFICATE_FILES = (
    "환경표지 인증제품 목록(예시).csv",
    "환경표지 해지·취소 제품(예시).csv",
    "조달청_친환경 인증 물품 내역(예시).csv",
    "종합쇼핑몰 품목정보(예시).json",
)
"""Names of the lists of certificates, in the order in which they are imported."""
PPS_LABELS = {"eco_label": "환경표지", "gr": "GR(우수재활용)", "low_carbon": "저탄소제품"}
IDLE_LABELS = ("녹색기술인증", "고효율에너지기자재", "환경성적표지")
"""Labels that do not make a product green; they lie on products that are never green."""
MALL_IDLE = ("KS,특허", "녹색기술인증,고효율에너지기자재", "환경성적표지", "단체표준,G-PASS기업(A등급)")
AREAS = ("전국", "부산광역시, 울산광역시, 경상남도", "대전광역시, 세종특별자치시, 충청남도")


def write_all(folder: Path, catalogue: Catalogue) -> None:
    """Write the six registry files into a folder."""
    folder.joinpath("organisations.csv").write_bytes(DATA.joinpath("organisations.csv").read_bytes())
    _write(folder / "item_groups.csv", _item_groups(), "utf-8")
    for name, header, rows in zip(CERTIFICATE_FILES, (KEITI, REVOKED, PPS), (_keiti, _revoked, _pps), strict=False):
        _write(folder / name, (header, *rows(catalogue)), "cp949")
    text = gateway_answer(list(_mall(catalogue)))
    (folder / CERTIFICATE_FILES[-1]).write_text(text, encoding="utf-8")


def _write(path: Path, rows: Iterable[Sequence[str]], encoding: str) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    path.write_bytes(buffer.getvalue().encode(encoding))


def _item_groups() -> Iterator[tuple[str, ...]]:
    yield ("code", "name_ko", "name_en", "synonyms", "codes", "standard_from", "standard_until", "mandatory")
    for group in item_groups():
        codes = [one(noun) for noun in range(len(group.nouns)) for one in (group.class_code, group.detail_code)]
        synonyms = dict.fromkeys((*group.synonyms, *group.nouns))
        yield (group.code, group.name_ko, group.name_en, "|".join(synonyms), "|".join(codes), "", "", "")


def _status(one: Certificate) -> str:
    if one.revoked is not None:
        return "인증취소"
    if one.given_up:
        return "인증포기"
    return "인증" if valid_on_demo_day(one) else "인증만료"


def _models(pairs: Iterable[Pair]) -> Iterator[tuple[Pair, int]]:
    return ((pair, model) for pair in pairs for model in range(MODELS))


def _keiti(catalogue: Catalogue) -> Iterator[tuple[str, ...]]:
    for pair, model in _models(catalogue.pairs):
        for one in pair.certificates:
            if one.basis == "eco_label":
                yield _keiti_row(pair, model, one, _status(one), "Y")
        if pair.group >= 0 and pair.status == "none" and pair.position % 25 == 0:
            listed = Certificate(f"DEMO-GP-{pair.position:05d}", "none", days(2014), days(2021))
            yield _keiti_row(pair, model, listed, "인증", "N")


def _keiti_row(pair: Pair, model: int, one: Certificate, status: str, eco: str) -> tuple[str, ...]:
    group = item_groups()[pair.group]
    number = f"DEMO-P-{pair.position * MODELS + model:06d}"
    dates = (date_text(one.since), date_text(one.until))
    named = (number, one.number, group.name_ko, pair.models[model], pair.item[0], pair.product_id(model))
    return (pair.item[2], pair.supplier.name, "", *named, status, eco, *dates, pair.supplier.region)


def _revoked(catalogue: Catalogue) -> Iterator[tuple[str, ...]]:
    for pair, model in _models(catalogue.pairs):
        for one in pair.certificates:
            if one.revoked is not None:
                dates = (date_text(one.since), date_text(one.until), date_text(one.revoked))
                name = item_groups()[pair.group].name_ko
                yield (
                    name,
                    one.number,
                    pair.supplier.name,
                    pair.models[model],
                    "인증기준 부적합",
                    *dates,
                    pair.item[2],
                )


def _pps(catalogue: Catalogue) -> Iterator[tuple[str, ...]]:
    for pair, model in _models(catalogue.pairs):
        for one in pair.certificates:
            twice = pair.status in ("long", "chain") and pair.position % 3 == 0
            if one.basis in ("gr", "low_carbon") or twice:
                yield _pps_row(pair, model, one, PPS_LABELS[one.basis])
        if pair.group >= 0 and pair.status == "none" and pair.position % 4 == 0:
            idle = Certificate("", "none", days(2014, 3), days(2021, 2))
            yield _pps_row(pair, model, idle, IDLE_LABELS[pair.position // 4 % len(IDLE_LABELS)])


def _pps_row(pair: Pair, model: int, one: Certificate, label: str) -> tuple[str, ...]:
    class_code, detail_code, name, _ = pair.item
    text = f"{name}, {pair.supplier.bare_name}, {pair.models[model]}, {pair.specification}"
    dates = (date_text(one.since), date_text(one.until))
    valid = "Y" if valid_on_demo_day(one) else "N"
    return (class_code, pair.product_id(model), detail_code, name, *dates, label, name, text, valid)


def _mall(catalogue: Catalogue) -> Iterator[dict[str, str]]:
    """Yield mall rows. Labels that count lie only on products that dated lists show as green all the time."""
    for pair, model in _models(catalogue.pairs):
        if pair.group < 0 or item_groups()[pair.group].name_en == LAPSED_GROUP or pair.position % 2:
            continue
        if pair.status in ("long", "chain"):
            yield _mall_row(pair, model, "GR(우수재활용),KS" if pair.certificates[0].basis == "gr" else "환경표지제품")
        elif pair.status == "shelf":
            yield _mall_row(pair, model, "환경표지,KS")
        elif pair.status == "none" and pair.position % 4 == 0:
            yield _mall_row(pair, model, MALL_IDLE[pair.position // 4 % len(MALL_IDLE)])


def _mall_row(pair: Pair, model: int, labels: str) -> dict[str, str]:
    class_code, detail_code, name, unit = pair.item
    number = pair.position * MODELS + model
    return {
        "shopngCntrctNo": f"DEMO{pair.position:06d}",
        "shopngCntrctSno": str(model + 1),
        "cntrctBgnDate": "2019-03-01",
        "cntrctEndDate": "2021-02-28",
        "cntrctCorpBizno": pair.supplier.number,
        "cntrctCorpNm": pair.supplier.name,
        "cntrctPrceAmt": str((number * 7919 % 4000 + 30) * 100),
        "prdctUnit": unit,
        "prdctClsfcNo": class_code,
        "prdctClsfcNoNm": name,
        "dtilPrdctClsfcNo": detail_code,
        "prdctIdntNo": pair.product_id(model),
        "prdctSpecNm": f"{name}, {pair.supplier.bare_name}, {pair.models[model]}, {pair.specification}",
        "prdctMakrNm": pair.supplier.name,
        "prdctSplyRgnNm": AREAS[number % len(AREAS)],
        "hdoffceLocplc": pair.supplier.region,
        "fctryLocplc": pair.supplier.region,
        "masYn": "Y",
        "prodctCertList": labels,
        "smetprCmptProdctYn": "N",
        "rgstDt": "2019-02-20",
    }
