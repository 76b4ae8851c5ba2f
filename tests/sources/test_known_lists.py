from __future__ import annotations

import pytest

from chorok.sources import known_lists

TOML = """
title_ko = "가"
title_en = "a"
table = "suppliers"
requires = ["번호", ["이름", "업체명"]]
needs = ["name"]

[columns]
supplier_no = "번호"
name = ["이름", "업체명"]
"""


def test_headers_are_known_however_they_are_spaced():
    form = known_lists.parse("x", TOML)
    assert form.fits(["업 체 명", " 번호 ", "비고"])
    assert not form.fits(["번호"])
    assert not form.fits(["업체명", "이름"])


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        (
            "용도,업체명,홈페이지,제품번호,인증번호,제품용도명,모델명,분류번호,식별번호,인증상태,환경표지여부,환경표지인증시작일,환경표지인증종료일,지역",
            "keiti_by_use",
        ),
        (
            "장소,업체명,제품번호,인증번호,제품용도명,모델명,규격,분류번호,식별번호,인증상태,환경표지여부,인증심사일,인증종료일,지역",
            "keiti_by_place",
        ),
        ("prodRson,prodRsid,vendVcnm,prodMdel,prodInrs,prodRsdt,prodRedt,prodRtdt,prodPrnm", "keiti_revoked"),
        (
            "물품분류번호,물품식별번호,세부물품분류번호,세부품명,유효기간시작일자,유효기간종료일자,인증구분,품명,품목,현재인증유효여부",
            "pps_eco",
        ),
        ("vendVcod,vendVcnm,vendCeo,vendAddr,vendDeta,vendTel,vendFax,vendSale,vendStel", "keiti_suppliers"),
        ("shopngCntrctNo,shopngCntrctSno,prdctIdntNo,cntrctPrceAmt,prodctCertList,hdoffceLocplc", "pps_mall"),
        ("prdctIdntNo,krnPrdctNm,prodctCertList,mnfctCorpNm", "pps_items"),
        ("ENERGY STAR Unique ID,Brand Name,Model Number,Additional Model Information,Date Qualified", "energy_star"),
        ("certificate_no,basis,status,valid_from,valid_until,product_name", "template_certificates"),
        ("code,name_ko,name_en,synonyms,codes,standard_from,standard_until,mandatory", "template_item_groups"),
        ("code,name_ko,name_en,kind,parent,valid_from,valid_until,aliases", "template_organisations"),
        ("supplier_no,name,region,address", "template_suppliers"),
        ("label,basis", "template_labels"),
        ("a,b,c", None),
    ],
)
def test_each_list_is_recognised_by_its_headers(columns, name):
    found = known_lists.find(columns.split(","))
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("needs =", "need =", "need"),
        ("supplier_no =", "suplier_no =", "suplier_no"),
    ],
)
def test_a_slip_in_a_format_names_file_and_key(old, new, named):
    with pytest.raises(ValueError, match=rf"mine\.toml.*{named}"):
        known_lists.parse("mine", TOML.replace(old, new))
