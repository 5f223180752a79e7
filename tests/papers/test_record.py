"""Papers of what is on record: the repayments as a spreadsheet, the stations as a picture."""

from __future__ import annotations

import io
import warnings
from datetime import date
from decimal import Decimal

import numpy
import pytest
from openpyxl import load_workbook
from PIL import Image

from bot.messages import Stage, Stages
from bot.papers import HistoryLine, HistoryPaper, PaperImpossible, PaperLinks
from bot.papers.record import StagesPaper
from bot.papers.spec import spec_from_wire, spec_to_wire
from bot.papers.stages_png import stages_png


def line(month: int, *, is_paid: bool = True, kind: str = "instalment") -> HistoryLine:
    due = date(2026, month, 12)
    return HistoryLine(
        kind=kind,
        due_on=due,
        paid_on=due if is_paid else None,
        principal=Decimal("1166.67"),
        interest=Decimal("942.96"),
        penalty=Decimal("0.00"),
        balance=Decimal("369833.19") if is_paid else None,
    )


HISTORY = HistoryPaper(
    number="DK2023030001",
    made_on=date(2026, 11, 24),
    lines=(line(9), line(10, kind="prepayment"), line(11, is_paid=False)),
    known_from=date(2026, 9, 12),
)
STAGES = Stages(
    "申请 FX2026110001",
    (
        Stage("材料审核", "done", "11月5日完成"),
        Stage("贷款审批", "current", "预计2026年11月25日至2026年12月1日"),
        Stage("放款", "ahead", ""),
    ),
    ("以上是2026年11月24日的情况。", "有些日期所在年份的放假安排还没公布，届时可能前后差几天。" * 2),
)
STOPPED = Stages("申请", (Stage("材料审核", "done", ""), Stage("贷款审批", "stopped", "10月13日终止")))
GREEN, AMBER, RED = (27, 127, 109), (178, 106, 20), (176, 82, 75)


def dots(png: bytes) -> numpy.ndarray:
    return numpy.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def near(picture: numpy.ndarray, colour: tuple[int, int, int]) -> int:
    return int((abs(picture - numpy.array(colour)).max(axis=2) <= 12).sum())


@pytest.mark.parametrize("spec", [HISTORY, StagesPaper(STAGES)], ids=["history", "stages"])
def test_a_spec_survives_its_wire(spec) -> None:
    assert spec_from_wire(spec_to_wire(spec)) == spec


def test_the_workbook_has_every_line_and_adds_up_what_was_paid(links: PaperLinks) -> None:
    """Two of three lines were paid: 2 · 1,166.67 and 2 · 942.96."""
    file = links.history(HISTORY)
    paper = links.paper(file.url)
    assert paper.name == file.name == "还款记录-尾号0001-2026-11-24.xlsx"
    assert len(paper.content) == file.size
    leaf, facts = load_workbook(io.BytesIO(paper.content)).worksheets
    assert leaf.title == "还款记录"
    rows = [[cell.value for cell in row] for row in leaf.iter_rows(min_row=4, max_row=7)]
    assert [row[0] for row in rows] == ["每期还款", "提前还款", "每期还款（未还）", "合计"]
    assert rows[2][2] is None
    assert [Decimal(str(value)) for value in rows[3][3:7]] == [
        Decimal("4219.26"),
        Decimal("2333.34"),
        Decimal("1885.92"),
        Decimal(0),
    ]
    readable = "\n".join(str(cell.value) for row in facts.iter_rows() for cell in row if cell.value)
    assert "有 1 期还没有还上" in readable
    assert "记录从2026年9月12日开始" in readable


def test_the_address_of_thirty_years_is_still_an_address(links: PaperLinks) -> None:
    """Kept below what web servers take in a request line."""
    lines = tuple(
        HistoryLine(
            kind="instalment",
            due_on=date(1996 + number // 12, number % 12 + 1, 12),
            paid_on=date(1996 + number // 12, number % 12 + 1, 12),
            principal=Decimal(1000) + Decimal(number * 317 % 997) / 100,
            interest=Decimal(3000) - Decimal(number * 811 % 991) / 100,
            penalty=Decimal(0),
            balance=Decimal(1_000_000) - Decimal(number * 2777) / 3 // 1,
        )
        for number in range(360)
    )
    file = links.history(HistoryPaper(number="DK1", made_on=date(2026, 11, 24), lines=lines))
    assert len(file.url) < 16_000


def test_the_picture_is_as_high_as_its_stations_and_shows_their_states(tmp_path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of a glyph that it cannot draw
        long, short = dots(stages_png(STAGES, tmp_path)), dots(stages_png(STOPPED, tmp_path))
    assert long.shape[1] == short.shape[1] == 1000
    assert long.shape[0] > short.shape[0] > 300
    assert near(long, GREEN) > 500
    assert near(long, AMBER) > 500
    assert near(long, RED) == 0
    assert near(short, RED) > 500
    assert near(short, AMBER) == 0


def test_the_same_stations_give_the_same_picture(tmp_path) -> None:
    assert stages_png(STAGES, tmp_path) == stages_png(STAGES, tmp_path)


def test_a_picture_has_an_address(links: PaperLinks) -> None:
    paper = links.paper(links.stages(STAGES))
    assert (paper.media_type, paper.name) == ("image/png", "申请 FX2026110001.png")
    assert paper.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "wire",
    [
        {"kind": "stages", "title": "申请", "stages": []},
        {"kind": "stages", "title": "申请", "stages": [{"name": "审批", "state": "lost"}]},
        {"kind": "history", "number": "1", "made_on": "2026-11-24", "lines": []},
        {"kind": "history", "number": "1", "made_on": "2026-11-24", "lines": [["instalment"]]},
        {"kind": "history", "number": "1", "made_on": "2026-11-24"},
    ],
)
def test_what_is_no_record_is_refused(wire: dict) -> None:
    with pytest.raises(PaperImpossible):
        spec_from_wire(wire)
