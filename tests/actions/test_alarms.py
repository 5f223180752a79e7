"""Words that are always a person's business, and words that only sound like them."""

from __future__ import annotations

import pytest

from actions.alarms import Alarms
from actions.answers import AnswerAction
from actions.misses import NotUnderstoodAction
from bot.messages import Handoff
from bot.settings import ROOT
from tests.actions.said import Message, run

ALARMS = Alarms.load(ROOT / "data" / "knowledge" / "alarms.yml")


@pytest.mark.parametrize(
    ("text", "alarm"),
    [
        ("房贷压得我不想活了", "life"),
        ("我还是死了算了，真的活不下去", "life"),
        ("有人冒充你们银行客服让我转账", "fraud"),
        ("我妈被骗了二十万，是拿来还贷的", "fraud"),
        ("卡里的钱怎么没了", "money_gone"),
        ("我收到法院的传票了", "legal"),
        ("你们凭什么把我告了", "legal"),
        ("我老公上个月去世了，房贷怎么办", "death"),
        ("主贷人身故后贷款谁还", "death"),
    ],
)
def test_an_alarm_is_heard(text: str, alarm: str) -> None:
    assert ALARMS.heard_in(text) == alarm


@pytest.mark.parametrize(
    "text",
    [
        "逾期多久会被起诉",
        "贷款要不要买保险，死了谁还",
        "网上说的降息是不是骗人的",
        "提前还款要违约金吗",
        "我老公的征信有问题，能用我的名字贷吗",
        "首付的钱没到位怎么办",
        "还款卡里余额不足会怎样",
        "想问一下律师费算不算在交易费用里",
    ],
)
def test_a_question_is_no_alarm(text: str) -> None:
    assert ALARMS.heard_in(text) is None


@pytest.mark.parametrize("action", [AnswerAction, NotUnderstoodAction])
async def test_a_person_takes_over_at_once(colleagues, action) -> None:
    said = await run(action(colleagues), Message("other_mortgage", "我不想活了，房贷还不上"))
    assert "12356" in said.texts[0]
    handoff = said.parts[-1]
    assert isinstance(handoff, Handoff)
    assert (handoff.reason, handoff.is_urgent) == ("always_human", True)


async def test_strong_anger_is_a_person_s_business_too(colleagues) -> None:
    said = await run(AnswerAction(colleagues), Message("prepay_penalty", "气死我了", feeling=("angry", 2)))
    handoff = said.parts[-1]
    assert isinstance(handoff, Handoff)
    assert (handoff.reason, handoff.is_urgent) == ("distress", True)
