"""「不要再提醒我」「晚上别发」「微信通知我」「还款前提醒我」, by word and by button."""

from __future__ import annotations

import pytest

from actions.answers import AnswerAction
from actions.colleagues import Colleagues
from actions.following import FollowProgressAction
from actions.misses import NotUnderstoodAction, OutOfScopeAction
from actions.progress import BeginProgressAction
from actions.reminders import contact_wish
from actions.turn import Turn
from bot.servicing.contact import ContactWish, NoticeKind, Wish
from tests.actions.conftest import ScriptedServicing
from tests.actions.said import CONVERSATION, Message, entity, run
from tests.actions.test_progress import NO

STOP, RESUME, EVENINGS = Wish.STOP, Wish.RESUME, Wish.SPARE_EVENINGS


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("不要再提醒我", ContactWish(STOP)),
        ("别再提醒我了", ContactWish(STOP)),
        ("不用提醒", ContactWish(STOP)),
        ("别给我发消息了", ContactWish(STOP)),
        ("退订", ContactWish(STOP)),
        ("还款不用提醒我了", ContactWish(STOP, NoticeKind.REPAYMENT_DUE)),
        ("晚上别发", ContactWish(EVENINGS)),
        ("别在晚上给我发消息", ContactWish(EVENINGS)),
        ("晚上不要打扰我", ContactWish(EVENINGS)),
        ("微信通知我", ContactWish(Wish.CHANNEL, channel="wechat")),
        ("用 Telegram 通知我", ContactWish(Wish.CHANNEL, channel="telegram")),
        ("以后通知发到微信", ContactWish(Wish.CHANNEL, channel="wechat")),
        ("恢复提醒", ContactWish(RESUME)),
        ("还款前提醒我", ContactWish(Wish.ASK, NoticeKind.REPAYMENT_DUE)),
        ("每个月扣款前提醒我一下", ContactWish(Wish.ASK, NoticeKind.REPAYMENT_DUE)),
        ("利率调整了通知我一声", ContactWish(Wish.ASK, NoticeKind.REPRICING)),
    ],
)
def test_words_that_wish_something(text: str, wish: ContactWish) -> None:
    assert contact_wish(Turn.of(Message("inform", text).tracker())) == wish


@pytest.mark.parametrize(
    "text",
    [
        "还款前会提醒吗",
        "手机换号了收不到还款提醒",
        "没有提醒我还款导致逾期",
        "还款提醒短信能加吗",
        "手机号变了怎么改还款提醒",
        "我的申请到哪了",
        "有进展通知我",
        "好了告诉我",
        "审批结果什么时候通知我",
        "微信能还款吗",
        "请告诉我现在的利率",
        "不要违约金可以吗",
        "利率会降吗",
        "帮我联系人工",
    ],
)
def test_words_that_do_not(text: str) -> None:
    assert contact_wish(Turn.of(Message("inform", text).tracker())) is None


@pytest.mark.parametrize("action", [AnswerAction, NotUnderstoodAction, OutOfScopeAction, BeginProgressAction])
async def test_the_words_are_understood_whatever_they_were_taken_for(
    colleagues: Colleagues, action: type
) -> None:
    said = await run(action(colleagues), Message("repayment_account", "还款前提醒我"))
    assert said.next_action == "action_follow_progress"


async def test_who_is_verified_is_obeyed_and_told_so(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    servicing.verified.add(NO)
    said = await run(FollowProgressAction(colleagues), Message("inform", "微信通知我"))
    assert said.texts == ["好的，以后有事先在微信里告诉您。"]
    said = await run(FollowProgressAction(colleagues), Message("inform", "用Telegram通知我"))
    assert said.texts == ["记下了。您在Telegram里跟我核对一次身份，之后就先在那里告诉您。"]
    said = await run(FollowProgressAction(colleagues), Message("inform", "不要再提醒我"))
    assert said.payloads == ['/application_status{"following": "resume"}']
    assert servicing.asked == [("unfollow", CONVERSATION)]
    assert [wish.wish for wish in servicing.wishes] == [Wish.CHANNEL, Wish.CHANNEL, STOP]


async def test_who_is_not_verified_can_stop_but_ask_for_nothing(colleagues: Colleagues) -> None:
    said = await run(FollowProgressAction(colleagues), Message("inform", "还款前提醒我"))
    assert "核对" in said.texts[0]
    assert said.payloads == ["/application_status"]
    said = await run(FollowProgressAction(colleagues), Message("inform", "不要再提醒我"))
    assert said.texts == ["好的，之后不再通知您。想看进度随时问我。"]


@pytest.mark.parametrize(
    ("value", "wish"),
    [
        ("stop.repayment_due", ContactWish(STOP, NoticeKind.REPAYMENT_DUE)),
        ("resume", ContactWish(RESUME)),
        ("ask.repricing", ContactWish(Wish.ASK, NoticeKind.REPRICING)),
    ],
)
async def test_the_buttons(
    colleagues: Colleagues, servicing: ScriptedServicing, value: str, wish: ContactWish
) -> None:
    servicing.verified.add(NO)
    pressed = Message("application_status", "/application_status", entities=[entity("following", value)])
    assert (await run(BeginProgressAction(colleagues), pressed)).next_action == "action_follow_progress"
    await run(FollowProgressAction(colleagues), pressed)
    assert servicing.wishes == [wish]
