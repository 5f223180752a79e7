"""Which questions about a loan that runs want figures, and which an explanation."""

from __future__ import annotations

from datetime import date

import pytest

from actions.calculations.route import subject_of
from actions.turn import Turn
from bot.nlu.entities import extract_from
from tests.actions.said import Message


def subject_for(text: str, topic: str) -> str | None:
    entities = [
        {"entity": each.type, "value": each.value, "start": each.start, "end": each.end, "role": each.role}
        for each in extract_from(text, date(2026, 11, 24))
    ]
    found = subject_of(Turn.of(Message(topic, text, topic=topic, entities=entities).tracker()))
    return found.NAME if found else None


@pytest.mark.parametrize(
    ("text", "topic", "subject"),
    [
        ("利率从4.2降到3.5每个月少还多少", "rate_change", "rate_change"),
        ("LPR降25个基点月供少多少", "rate_change", "rate_change"),
        ("lpr下调我月供能少多少钱", "rate_change", "rate_change"),
        ("存量利率调整后我每月能少还多少", "rate_change", "rate_change"),
        ("我还欠80万，还剩20年，现在利率4.2，月供少多少", "calc_payment", "rate_change"),
        ("我加点是+20能调低吗", "rate_change", "spread_review"),
        ("利率以后涨跌会怎样", "rate_change", "rate_bands"),
        ("重定价那个月的利息怎么算，每月20号还", "rate_change", "repricing_month"),
        ("改到20号这个月要多还多少利息", "change_repayment_date", "day_change"),
        ("等额本息改等额本金省多少利息", "repayment_method", "method_change"),
        ("等额本金改成等额本息月供少多少", "repayment_method", "method_change"),
        ("展期5年每月少还多少", "extension_hardship", "extension"),
        ("想延长还款期限，月供能少多少", "extension_hardship", "extension"),
        ("延长5年月供变多少", "extension_hardship", "extension"),
        ("失业了，能不能先只还利息12个月", "extension_hardship", "interest_only"),
        ("只还一年利息，月供是多少", "calc_payment", "interest_only"),
        ("月供降20%，降3年，以后每月还多少", "calc_payment", "reduced_payment"),
        ("每月只能还3000，两年，后面要还多少", "calc_payment", "reduced_payment"),
        ("贷款100万30年利率3.5月供多少", "calc_payment", "payment"),
    ],
)
def test_a_question_for_figures_reaches_its_subject(text: str, topic: str, subject: str) -> None:
    assert subject_for(text, topic) == subject


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("LPR是什么", "rate_change"),
        ("现在房贷利率多少", "rate_change"),
        ("LPR降了25个基点", "rate_change"),
        ("什么时候重定价", "rate_change"),
        ("加点能调低吗", "rate_change"),
        ("以后利率会涨还是会跌", "rate_change"),
        ("怎么改还款日", "change_repayment_date"),
        ("改还款日要手续费吗", "change_repayment_date"),
        ("还款日可以改到20号吗", "change_repayment_date"),
        ("等额本息是什么", "repayment_method"),
        ("等额本息能改成等额本金吗", "repayment_method"),
        ("还不起了怎么办", "extension_hardship"),
        ("怎么申请展期", "extension_hardship"),
        ("展期会影响征信吗", "extension_hardship"),
    ],
)
def test_a_question_for_an_explanation_keeps_its_answer(text: str, topic: str) -> None:
    assert subject_for(text, topic) is None
