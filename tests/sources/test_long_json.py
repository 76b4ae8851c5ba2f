"""A document on one line is streamed, however long the line."""

import json
from pathlib import Path

import pytest

from chorok.core.errors import BadInputError
from chorok.sources.limits import Limits
from chorok.sources.tables import open_tables


def test_a_minified_document_is_longer_than_any_line_may_be(tmp_path: Path) -> None:
    rows = [{"dlvrReqNo": f"R{number}", "금액": number, "dlvrReqRcptDate": "2019-03-05"} for number in range(1500)]
    file = tmp_path / "dump.json"
    file.write_text(
        json.dumps({"response": {"header": {"resultCode": "00"}, "body": {"items": rows}}}, ensure_ascii=False)
    )
    table = open_tables(file, tmp_path, limits=Limits(line=1 << 14))[0]
    assert table.columns == ("dlvrReqNo", "금액", "dlvrReqRcptDate")
    assert len(table.sample) == 1500


def test_a_line_of_any_other_text_is_bounded(tmp_path: Path) -> None:
    file = tmp_path / "long.csv"
    file.write_text("날짜,금액\n2019-03-05," + "1" * (1 << 15))
    with pytest.raises(BadInputError) as raised:
        open_tables(file, tmp_path, limits=Limits(line=1 << 14))
    assert raised.value.code == "long_line"
