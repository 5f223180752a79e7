"""「有进展通知我」 and 「不用通知了」."""

from __future__ import annotations

from datetime import date

import pytest

from actions.cancel import CancelAction
from actions.colleagues import Colleagues
from actions.following import FollowProgressAction, wants_news, wants_no_news
from actions.misses import NotUnderstoodAction
from actions.progress import BeginProgressAction, ProgressAction
from actions.turn import Turn
from bot.servicing.following import Followed
from bot.servicing.model import ApplicationBrief, ApplicationState, Product, Stage
from tests.actions.conftest import ScriptedServicing
from tests.actions.said import CONVERSATION, Message, entity, run
from tests.actions.test_progress import FORM, NO, approval


def brief(number: str, state: ApplicationState = ApplicationState.IN_PROGRESS) -> ApplicationBrief:
    return ApplicationBrief(
        application_no=number,
        product=Product.COMMERCIAL,
        state=state,
        stage=Stage.APPROVAL,
        submitted_on=date(2026, 11, 2),
    )


@pytest.mark.parametrize(
    "text",
    [
        "好了告诉我",
        "有进展通知我",
        "批了通知我一声",
        "有消息跟我说",
        "放款了跟我说一声",
        "提醒我进度",
        "有进展能告诉我吗",
    ],
)
def test_words_that_ask_for_news(text: str) -> None:
    assert wants_news(Turn.of(Message("application_status", text).tracker()))


@pytest.mark.parametrize("text", ["不用通知了", "别再提醒我了", "取消通知", "不需要通知"])
def test_words_that_end_it(text: str) -> None:
    turn = Turn.of(Message("application_status", text).tracker())
    assert wants_no_news(turn)
    assert not wants_news(turn)


@pytest.mark.parametrize(
    "text",
    ["我的申请到哪了", "还款前会提醒吗", "查进度", "审批好了吗", "什么时候通知结果", "有结果会通知我吗"],
)
def test_words_that_do_neither(text: str) -> None:
    turn = Turn.of(Message("application_status", text).tracker())
    assert not wants_news(turn)
    assert not wants_no_news(turn)


async def test_the_wish_is_the_purpose_of_the_check(colleagues: Colleagues) -> None:
    said = await run(BeginProgressAction(colleagues), Message("application_status", "好了告诉我"))
    assert said.slots["verification_purpose"] == "follow"


async def test_after_the_check_it_is_followed(colleagues: Colleagues, servicing: ScriptedServicing) -> None:
    servicing.verified.add(NO)
    servicing.told = approval()
    slots = {"application_no": NO, "verification_purpose": "follow"}
    said = await run(ProgressAction(colleagues), Message("inform", slots=slots))
    assert said.next_action == "action_follow_progress"
    said = await run(FollowProgressAction(colleagues), Message("inform", slots={"application_no": NO}))
    assert servicing.asked == [("follow", CONVERSATION, NO)]
    assert said.texts == ["好的，尾号0001的申请一有进展，我就在这个对话里告诉您。"]


async def test_who_is_not_verified_is_asked_first(colleagues: Colleagues) -> None:
    said = await run(FollowProgressAction(colleagues), Message("application_status", "好了告诉我"))
    assert (said.next_action, said.slots["verification_purpose"]) == (FORM, "follow")


async def test_an_ended_application_promises_nothing(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    servicing.verified.add(NO)
    servicing.followed = Followed.ENDED
    said = await run(FollowProgressAction(colleagues), Message("inform", slots={"application_no": NO}))
    assert "办结" in said.texts[0]
    assert said.payloads == []


async def test_of_several_open_ones_one_is_chosen(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    servicing.verified.add(NO)
    servicing.briefs = (brief(NO), brief("FX2026110009"), brief("FX2026110008", ApplicationState.REJECTED))
    said = await run(FollowProgressAction(colleagues), Message("inform"))
    assert len(said.payloads) == 2
    assert all('"verify_for": "follow"' in payload for payload in said.payloads)


async def test_the_only_open_one_is_meant(colleagues: Colleagues, servicing: ScriptedServicing) -> None:
    servicing.verified.add(NO)
    servicing.briefs = (brief("FX2026110008", ApplicationState.REJECTED), brief(NO))
    said = await run(FollowProgressAction(colleagues), Message("inform"))
    assert (said.slots["application_no"], said.next_action) == (NO, "action_follow_progress")


@pytest.mark.parametrize("action", [CancelAction, NotUnderstoodAction])
async def test_the_end_is_understood_whatever_it_was_taken_for(colleagues: Colleagues, action: type) -> None:
    said = await run(action(colleagues), Message("cancel", "不用通知了"))
    assert said.next_action == "action_follow_progress"


async def test_the_button_ends_it(colleagues: Colleagues, servicing: ScriptedServicing) -> None:
    pressed = Message("application_status", "/application_status", entities=[entity("following", "end")])
    assert (await run(BeginProgressAction(colleagues), pressed)).next_action == "action_follow_progress"
    said = await run(FollowProgressAction(colleagues), pressed)
    assert servicing.asked == [("unfollow", CONVERSATION)]
    assert said.texts == ["好的，之后不再通知您。想看进度随时问我。"]
