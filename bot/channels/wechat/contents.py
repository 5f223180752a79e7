"""What a customer sent, in the conversation's own words: the same for the platform's request and for the port."""

from __future__ import annotations

import structlog

from bot.channels.ports import RemoteFile
from bot.channels.wechat.incoming import (
    Action,
    Content,
    Link,
    MenuPressed,
    NoticeFinished,
    Picture,
    Place,
    Unreadable,
    Words,
)
from bot.channels.wechat.menu import Menu
from bot.conversation.ports import Words as Phrases
from bot.messages import Choice, Text, Unsupported
from bot.messages import Content as Said

log = structlog.get_logger()

KINDS = frozenset({"voice", "video", "shortvideo", "file", "image"})
LONGEST_LINK = 2000  #: characters
PICTURE_NAME = "picture.jpg"  #: the platform tells none


class Contents:
    """Puts what the platform tells into words and presses."""

    def __init__(self, menu: Menu, words: Phrases) -> None:
        self._menu = menu
        self._words = words

    def of(self, content: Content) -> Said | RemoteFile | None:
        """What the conversation is told; None for what happened without anything being said.

        A menu button that we do not have is a press that was never offered, and refused as such.
        """
        match content:
            case Words(text):
                return Text(text, picks_by_number=True)
            case MenuPressed(key):
                return self._pressed(key)
            case Picture(media_id):
                return RemoteFile(media_id, PICTURE_NAME)
            case Place(label, latitude, longitude):
                return Text(
                    self._words.say("wechat.place", label=label, latitude=latitude, longitude=longitude)
                )
            case Link(title, description, url):
                return Text(f"{title}\n{description}\n{url}"[:LONGEST_LINK])
            case Unreadable(kind):
                return Unsupported(self._words.say(f"wechat.kind_{kind if kind in KINDS else 'other'}"))
            case Action() | NoticeFinished():
                return None

    def asks_to_bind(self, content: Content) -> bool:
        """Whether the customer said, or pressed, that they want to bind their account."""
        said = self.of(content)
        return isinstance(said, Text) and said.text.strip() in self._words.say(
            "wechat.bind.asked_with"
        ).split("、")

    def _pressed(self, key: str) -> Said:
        entry = self._menu.pressed(key)
        if entry is None:
            log.warning("wechat.unknown_menu_key")
            return Choice(f"menu:{key}", key)
        return Choice(entry.payload, entry.name, is_vouched=True) if entry.payload else Text(entry.say)
