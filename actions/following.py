"""「有进展通知我」: the customer hears of an application's next steps, until 「不用通知了」; and other wishes about notices."""

from __future__ import annotations

import re

from actions.base import SECRET_SLOTS, Outcome, TurnAction, buttons, empty, understood
from actions.calculations.model import payload
from actions.progress_form import FORM, NUMBER
from actions.purposes import FOR_PURPOSE, PURPOSE
from actions.reminders import FOLLOWING, contact_wish, noted
from actions.turn import LISTEN, Turn
from bot.servicing.contact import ContactWish, Wish
from bot.servicing.errors import NotVerified
from bot.servicing.following import Followed
from bot.servicing.model import ApplicationBrief, ApplicationState

NAME = "action_follow_progress"
FOR_FOLLOWING = "follow"  #: the purpose of the identity check
END = "end"  #: the value of the button that ends it
_TELL = "通知|告诉|告知|提醒|联系|说一?声|跟我说|叫我|喊我"
_BEGIN = re.compile(
    rf"(?:进展|消息|结果|变化|更新|动静)[^。?？]{{0,6}}(?:{_TELL})"
    rf"|(?:好了|批了|过了|下来了?|放款了?|办完了?|完了|有信了?)[^。?？]{{0,6}}(?:{_TELL})"
    rf"|(?:{_TELL})我.{{0,4}}(?:进展|进度|结果)"
)
#: Asks whether or when the bank tells, and wishes nothing.
_ASKS = re.compile(r"什么时候|多久|怎么|会不会|会.*吗")
_END = re.compile(r"(?:不用|别|不要|不必|不需要|取消|停止|关掉|关闭)[^。]{0,4}(?:通知|提醒|告诉|推送)")


class FollowProgressAction(TurnAction):
    """Begins or ends it; who is not verified is asked who they are first."""

    NAME = NAME

    async def act(self, turn: Turn) -> Outcome:
        servicing, afterwards = self.colleagues.servicing, turn.active_loop or LISTEN
        wish = None if wants_news(turn) else contact_wish(turn)
        if wish is not None:
            return await noted(self, turn, wish)
        if wants_no_news(turn):
            if not await servicing.unfollow(turn.conversation_id):
                return await noted(self, turn, ContactWish(Wish.STOP))
            return Outcome((self.text("progress.follow.off"),), understood(), next_action=afterwards)
        number = turn.slots.get(NUMBER)
        try:
            if number is None:
                return await self._which(turn)
            followed = await servicing.follow(turn.conversation_id, number)
        except NotVerified:
            return Outcome(
                (self.text("progress.follow.verify"),),
                understood(**empty(SECRET_SLOTS), **{PURPOSE: FOR_FOLLOWING}),
                next_action=FORM,
            )
        said = self.text(f"progress.follow.{followed.value}", number=str(number)[-4:])
        rows = (buttons(_end_button(self)),) if followed is not Followed.ENDED else ()
        return Outcome((said, *rows), understood(), next_action=afterwards)

    async def _which(self, turn: Turn) -> Outcome:
        """The application that is still on its way; where there are several, they are to choose from."""
        briefs = await self.colleagues.servicing.applications(turn.conversation_id)
        open_ones = [brief for brief in briefs if brief.state is ApplicationState.IN_PROGRESS]
        if not open_ones:
            return Outcome((self.text("progress.follow.none"),), understood(), next_action=LISTEN)
        if len(open_ones) == 1:
            return Outcome(slots=understood(**{NUMBER: open_ones[0].application_no}), next_action=self.NAME)
        return Outcome(
            (
                self.text("progress.follow.which"),
                buttons(*(application_button(self, brief, FOR_FOLLOWING) for brief in open_ones)),
            ),
            understood(),
            next_action=LISTEN,
        )


def wants_news(turn: Turn) -> bool:
    """Whether the words ask to be told of changes of an application."""
    text = turn.text
    if not text or not _BEGIN.search(text) or _END.search(text) or _ASKS.search(text):
        return False
    wish = contact_wish(turn)
    return wish is None or wish.wish is not Wish.ASK  # 「利率变化通知我」 is about a loan


def wants_no_news(turn: Turn) -> bool:
    """Whether the words, or a button, ask for no more of it."""
    return turn.value(FOLLOWING) == END or (bool(turn.text) and _END.search(turn.text) is not None)


def is_about_notices(turn: Turn) -> bool:
    """Whether the words, or a button, say how to be told things, or not to be."""
    return wants_no_news(turn) or contact_wish(turn) is not None


def led_to_following(turn: Turn) -> Outcome | None:
    """The way there for a message whose words ask for it, whatever it was taken for."""
    if turn.active_loop is not None or not (wants_news(turn) or is_about_notices(turn)):
        return None
    return Outcome(slots=understood(), next_action=NAME)


def led_to_wish(turn: Turn) -> Outcome | None:
    """The way there for words about notices that were taken for a question: 「还款前提醒我」."""
    if turn.active_loop is not None or turn.is_pressed or contact_wish(turn) is None:
        return None
    return Outcome(slots=understood(), next_action=NAME)


def follow_button(action: TurnAction, application_no: str) -> tuple[str, str]:
    return (
        action.say("progress.follow.button"),
        payload("application_status", {NUMBER: application_no, FOR_PURPOSE: FOR_FOLLOWING}),
    )


def application_button(
    action: TurnAction, brief: ApplicationBrief, purpose: str | None = None
) -> tuple[str, str]:
    """One of a customer's applications, to be chosen."""
    said = {NUMBER: brief.application_no} | ({FOR_PURPOSE: purpose} if purpose else {})
    return application_title(action, brief), payload("application_status", said)


def application_title(action: TurnAction, brief: ApplicationBrief) -> str:
    is_open = brief.state is ApplicationState.IN_PROGRESS
    return action.say(
        "progress.brief",
        product=action.say(f"servicing.product.{brief.product.value}"),
        number=brief.application_no[-4:],
        where=action.say(
            f"progress.stage.{brief.stage.value}" if is_open else f"servicing.state.{brief.state.value}"
        ),
    )


def _end_button(action: TurnAction) -> tuple[str, str]:
    return action.say("progress.follow.end_button"), payload("application_status", {FOLLOWING: END})
