"""What the platform tells, parsed once into one shape per kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.channels.wechat.errors import Malformed

OPEN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
ACCOUNT = re.compile(r"[A-Za-z0-9_@.-]{1,64}", re.ASCII)
MAX_KEY = 190
STICKER = (
    "【收到不支持的消息类型，暂无法显示】"  #: what the platform sends instead of what it keeps to itself
)


class Action(StrEnum):
    """What a customer did that is no message."""

    SUBSCRIBED = "subscribed"
    SCANNED = "scanned"
    UNSUBSCRIBED = "unsubscribed"
    NOTHING = "nothing"  #: opened a link, moved, or something that we do not know


@dataclass(frozen=True)
class Words:
    """Said in words: typed, or spoken and recognised."""

    text: str


@dataclass(frozen=True)
class Picture:
    media_id: str


@dataclass(frozen=True)
class Place:
    label: str
    latitude: str
    longitude: str


@dataclass(frozen=True)
class Link:
    title: str
    description: str
    url: str


@dataclass(frozen=True)
class Unreadable:
    """A message that we cannot read; ``kind`` is the platform's word for it."""

    kind: str


@dataclass(frozen=True)
class MenuPressed:
    key: str


@dataclass(frozen=True)
class NoticeFinished:
    """What became of a template message."""

    platform_id: str
    status: str


Content = Words | Picture | Place | Link | Unreadable | MenuPressed | NoticeFinished | Action


@dataclass(frozen=True)
class Incoming:
    """One thing that the platform told of one customer."""

    open_id: str
    account: str  #: the account's own name at the platform, which answers have to carry
    key: str  #: the same for each time that the platform asks about it
    content: Content


def read_incoming(fields: Mapping[str, str]) -> Incoming:
    """The message or event in the fields; ``Malformed`` when it names no sender or cannot be told apart."""
    open_id, account = fields.get("FromUserName", ""), fields.get("ToUserName", "")
    kind = fields.get("MsgType", "").strip().lower()
    if not OPEN_ID.fullmatch(open_id) or not ACCOUNT.fullmatch(account) or not kind:
        raise Malformed("no sender, account or kind")
    if kind == "event":
        at, event = fields.get("CreateTime", ""), fields.get("Event", "")
        subject = fields.get("MsgID", "") or fields.get("EventKey", "")
        key = f"{at}:{event}:{subject}"
        content = _event(event.strip(), fields)
    else:
        key = fields.get("MsgId", "")
        content = _message(kind, fields)
    if not key.strip(":") or len(key) > MAX_KEY or not key.isprintable():
        raise Malformed("nothing to tell it apart by")
    return Incoming(open_id, account, f"{open_id}:{key}", content)


def _message(kind: str, fields: Mapping[str, str]) -> Content:
    match kind:
        case "text":
            text = fields.get("Content", "")
            return Unreadable("other") if text.strip() == STICKER else Words(text)
        case "voice":
            recognised = fields.get("Recognition", "").strip()
            return Words(recognised) if recognised else Unreadable("voice")
        case "image" if fields.get("MediaId"):
            return Picture(fields["MediaId"][:200])
        case "location":
            return Place(fields.get("Label", ""), fields.get("Location_X", ""), fields.get("Location_Y", ""))
        case "link":
            return Link(fields.get("Title", ""), fields.get("Description", ""), fields.get("Url", ""))
        case _:
            return Unreadable(kind)


def _event(event: str, fields: Mapping[str, str]) -> Content:
    match event.upper():
        case "SUBSCRIBE":
            return Action.SUBSCRIBED
        case "UNSUBSCRIBE":
            return Action.UNSUBSCRIBED
        case "SCAN":
            return Action.SCANNED
        case "CLICK":
            return MenuPressed(fields.get("EventKey", ""))
        case "TEMPLATESENDJOBFINISH":
            return NoticeFinished(fields.get("MsgID", ""), fields.get("Status", ""))
        case _:
            return Action.NOTHING
