"""The schedule of the last calculation as files."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from actions.answers import AnswerAction
from actions.calculations.begin import BeginCalculationAction
from actions.colleagues import Colleagues
from bot.messages import File
from tests.actions.calculations.asked import kept
from tests.actions.said import Message, entity, run

LAST = kept("payment", principal=1000000, annual_rate="0.035", term_months=360, method="equal_instalment")


def files_of(said: Any) -> list[File]:
    return [part for part in said.parts if isinstance(part, File)]


async def test_the_button_gives_both_files_and_their_figures_are_the_loans(colleagues: Colleagues) -> None:
    """Published: 360 payments of 4,490.45 with 616,560.07 of interest in all."""
    message = Message(
        "calc_payment", "/calc_payment", entities=[entity("paper", True)], slots={"last_calculation": LAST}
    )
    said = await run(BeginCalculationAction(colleagues), message)
    sheet, print_ = files_of(said)
    assert (sheet.name.rpartition(".")[2], print_.name.rpartition(".")[2]) == ("xlsx", "pdf")
    assert said.next_action == "action_listen"
    paper = colleagues.papers.paper(sheet.url)
    assert len(paper.content) == sheet.size
    cells = {
        cell
        for row in load_workbook(BytesIO(paper.content)).active.iter_rows(values_only=True)
        for cell in row
    }
    assert {4490.45, 616560.07, 1616560.07} <= cells


@pytest.mark.parametrize(("text", "kinds"), [("导出excel", ["xlsx"]), ("给我一份pdf", ["pdf"])])
async def test_the_format_that_was_named_is_given(
    colleagues: Colleagues, text: str, kinds: list[str]
) -> None:
    message = Message("certificate", text, slots={"last_calculation": LAST})
    said = await run(AnswerAction(colleagues), message)
    assert [file.name.rpartition(".")[2] for file in files_of(said)] == kinds


async def test_without_a_calculation_the_words_are_an_ordinary_question(colleagues: Colleagues) -> None:
    said = await run(AnswerAction(colleagues), Message("prepay_process", "能导出excel吗"))
    assert files_of(said) == []
    assert said.texts == ["在手机银行预约就可以。"]
