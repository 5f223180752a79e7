"""「不要再提醒我」「晚上别发」「微信通知我」「还款前提醒我」: how a customer wants to be told things; and the buttons
that stand under what was told."""

from __future__ import annotations

import re

from actions.base import Outcome, TurnAction, buttons, understood
from actions.calculations.model import payload
from actions.turn import LISTEN, Turn
from bot.servicing.contact import ContactWish, NoticeKind, Wish
from bot.servicing.errors import NotVerified

FOLLOWING = "following"  #: the entity of the buttons
_TELL = "提醒|通知|告诉|告知|联系|叫|喊"
_NOT = "别|不要|不用|不必|不需要|少"
_SENT = "提醒|通知|消息|短信|发|推送|打扰|吵"
_ASKS = re.compile(r"[?？吗呢]|什么时候|多久|怎么|如何|会不会|能不能|可不可以|为什么|没有|没|收不到")
_RESUME = re.compile(r"(?:恢复|重新|继续|打开|开启)[^。]{0,4}(?:提醒|通知|推送)")
_EVENINGS = re.compile(
    rf"(?:晚上|晚间|夜里|半夜|睡觉)[^。]{{0,6}}(?:{_NOT})[^。]{{0,4}}(?:{_SENT})"
    rf"|(?:{_NOT})[^。]{{0,4}}(?:晚上|晚间|夜里|半夜)[^。]{{0,4}}(?:{_SENT})"
)
_PLACES = {"wechat": "微信|公众号", "telegram": "telegram|电报|tg", "web": "网页|这里"}
_CHANNELS = {
    channel: re.compile(
        rf"(?:{names})[^。]{{0,3}}(?:{_TELL})我?|(?:{_TELL})[^。]{{0,3}}(?:用|发到?|走|到)(?:{names})", re.I
    )
    for channel, names in _PLACES.items()
}
_ABOUT = {
    NoticeKind.REPAYMENT_DUE: "还款|扣款|还贷|还房贷|交月供|扣月供|月供",
    NoticeKind.REPRICING: "利率|重定价|重新定价",
}
_KINDS = {
    kind: re.compile(
        rf"(?:{about})[^。]{{0,8}}(?:提醒|通知|告诉|叫)(?:我|一声|一下)|(?:提醒|通知)我[^。]{{0,4}}(?:{about})"
    )
    for kind, about in _ABOUT.items()
}
_STOP = re.compile(
    rf"(?:{_NOT})[^。]{{0,4}}(?:提醒|打扰|推送|(?:给我|再)发)|(?:取消|停止|关掉|关闭|退订)[^。]{{0,4}}(?:提醒|推送|消息)|^退订$"
)


def contact_wish(turn: Turn) -> ContactWish | None:
    """What the words, or a button, say about how to be told things."""
    pressed = turn.value(FOLLOWING)
    if pressed is not None:
        return _of_button(str(pressed))
    text = turn.text
    if not text:
        return None
    if _EVENINGS.search(text):
        return ContactWish(Wish.SPARE_EVENINGS)
    named = next((kind for kind, words in _KINDS.items() if words.search(text)), None)
    if _STOP.search(text):
        return ContactWish(Wish.STOP, named)
    if _ASKS.search(text):
        return None
    if _RESUME.search(text):
        return ContactWish(Wish.RESUME)
    if named is not None:
        return ContactWish(Wish.ASK, named)
    channel = next((channel for channel, words in _CHANNELS.items() if words.search(text)), None)
    return ContactWish(Wish.CHANNEL, channel=channel) if channel is not None else None


async def noted(action: TurnAction, turn: Turn, wish: ContactWish) -> Outcome:
    """Keep to the wish, and say so; who is not verified is asked to be first."""
    servicing = action.colleagues.servicing
    ended = 0
    if wish.wish is Wish.STOP and wish.kind in (None, NoticeKind.STAGE_CHANGED):
        ended = await servicing.unfollow(turn.conversation_id)
    try:
        is_known = await servicing.note_contact_wish(turn.conversation_id, wish)
    except NotVerified:
        if wish.wish is Wish.STOP:
            said = action.text("progress.follow.off" if ended else "progress.follow.was_off")
            return Outcome((said,), understood(), next_action=turn.active_loop or LISTEN)
        way = buttons((action.colleagues.topics.title("application_status"), "/application_status"))
        return Outcome((action.text("notice.wish.verify"), way), understood(), next_action=LISTEN)
    said = action.text(_phrase(wish, is_known), channel=_channel(action, wish))
    rows = (buttons(_resume_button(action)),) if wish.wish is Wish.STOP else ()
    return Outcome((said, *rows), understood(), next_action=turn.active_loop or LISTEN)


def ask_button(action: TurnAction, kind: NoticeKind) -> tuple[str, str]:
    """Offers to be reminded of this from now on."""
    asked = payload("application_status", {FOLLOWING: f"{Wish.ASK.value}.{kind.value}"})
    return action.say(f"notice.wish.ask_button.{kind.value}"), asked


def _of_button(value: str) -> ContactWish | None:
    """``stop``, ``stop.repayment_due``, ``ask.repricing``, ``resume``; None for another button's."""
    what, _dot, kind = value.partition(".")
    try:
        return ContactWish(Wish(what), NoticeKind(kind) if kind else None)
    except ValueError:
        return None


def _phrase(wish: ContactWish, is_known: bool) -> str:
    match wish.wish:
        case Wish.STOP:
            return "notice.wish.stopped_kind" if wish.kind is not None else "notice.wish.stopped"
        case Wish.RESUME:
            return "notice.wish.resumed"
        case Wish.ASK:
            return f"notice.wish.asked.{wish.kind}"
        case Wish.SPARE_EVENINGS:
            return "notice.wish.evenings"
        case Wish.CHANNEL:
            return "notice.wish.channel" if is_known else "notice.wish.channel_unknown"


def _channel(action: TurnAction, wish: ContactWish) -> str:
    return action.say(f"notice.wish.channels.{wish.channel}") if wish.channel is not None else ""


def _resume_button(action: TurnAction) -> tuple[str, str]:
    return action.say("notice.wish.resume_button"), payload(
        "application_status", {FOLLOWING: Wish.RESUME.value}
    )
