"""Reads an update of the Bot API. Whatever else a body may hold, it comes out as one of these values or as Malformed.

https://core.telegram.org/bots/api#update
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from bot.channels.ports import Arrival, Malformed, RemoteFile
from bot.conversation.model import HUMAN_AGENT
from bot.conversation.ports import Words
from bot.messages import Choice, Content, Text, Unsupported

#: What we ask Telegram for; every other kind of update is not even sent.
ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
#: Looked for in this order: an animation also comes as a document, a venue also as a location.
KINDS = (
    *("animation", "voice", "audio", "sticker", "video_note", "video", "venue", "location"),
    *("contact", "poll", "dice", "game", "story"),
)
COMMANDS = frozenset({"start", "help", "status", "calc", "human"})
COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s.*)?", re.DOTALL)
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Chat:
    id: int
    is_private: bool
    is_broadcast: bool = False  #: a channel, where nobody could answer us


@dataclass(frozen=True)
class Update:
    """One update: where it happened, and what a customer sent, if that is what it is about."""

    id: int
    chat: Chat | None = None
    arrivals: tuple[Arrival, ...] = ()
    query_id: str | None = (
        None  #: of a pressed button, whose waiting mark on the customer's screen has to end
    )
    corrects: str | None = None  #: the id of the message that was edited
    calls_us: bool = False  #: somebody talks to the bot or brought it into the chat, rather than took it out


def decoded(body: bytes) -> Any:
    """The JSON of a body; ``Malformed`` also for what is no strict JSON or nested out of all reason."""
    try:
        return json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as exc:
        raise Malformed("not JSON") from exc


def read_update(wire: Any, words: Words) -> Update:
    """The update; ``Malformed`` when it has no usable id. What we do not know is an update without arrivals."""
    update_id = _id(_mapping(wire), "update_id")
    if update_id is None or update_id < 0:
        raise Malformed("no update_id")
    if query := _mapping(wire.get("callback_query")):
        return _pressed(update_id, query)
    if message := _mapping(wire.get("message")):
        return _said(update_id, message, words)
    if message := _mapping(wire.get("edited_message")):
        return _edited(update_id, message, words)
    if member := _mapping(wire.get("my_chat_member")):
        now = _mapping(member.get("new_chat_member")).get("status")
        is_in = now in ("member", "administrator", "restricted")
        return Update(update_id, _chat(member), calls_us=is_in)
    return Update(update_id)


def _said(update_id: int, message: Mapping[str, Any], words: Words) -> Update:
    chat, message_id = _chat(message), _id(message, "message_id")
    if chat is None or message_id is None:
        return Update(update_id)
    calls_us = "left_chat_member" not in message
    if not chat.is_private:
        return Update(update_id, chat, calls_us=calls_us)
    arrivals = tuple(
        Arrival(str(chat.id), f"{message_id}{suffix}", content)
        for suffix, content in _contents(message, words)
    )
    return Update(update_id, chat, arrivals, calls_us=calls_us)


def _edited(update_id: int, message: Mapping[str, Any], words: Words) -> Update:
    """Words that were changed; a picture that was changed is not looked at again."""
    chat, message_id = _chat(message), _id(message, "message_id")
    if chat is None or message_id is None or not chat.is_private:
        return Update(update_id, chat)
    said, which = _text(message, "text"), f"{message_id}"
    if said is None:
        said, which = _text(message, "caption"), f"{message_id}:caption"
    if said is None:
        return Update(update_id, chat)
    arrival = Arrival(str(chat.id), f"{which}:edit{update_id}", Text(said))
    return Update(update_id, chat, (arrival,), corrects=which, calls_us=True)


def _pressed(update_id: int, query: Mapping[str, Any]) -> Update:
    """The choice still carries the button's short id; `Buttons` knows what it stands for."""
    chat, query_id, data = _chat(_mapping(query.get("message"))), query.get("id"), query.get("data")
    if not isinstance(query_id, str) or not 0 < len(query_id) <= 64:
        return Update(update_id, chat)
    if chat is None or not chat.is_private or not isinstance(data, str) or len(data) > 64:
        return Update(update_id, chat, query_id=query_id)
    arrival = Arrival(str(chat.id), f"press:{query_id}", Choice(data, ""))
    return Update(update_id, chat, (arrival,), query_id=query_id, calls_us=True)


def _contents(message: Mapping[str, Any], words: Words) -> list[tuple[str, Content | RemoteFile]]:
    """What a message holds, each with the ending of its id; service notices ("was pinned") hold nothing."""
    if (text := _text(message, "text")) is not None:
        return [("", _command(text, words))]
    contents: list[tuple[str, Content | RemoteFile]] = []
    kind = next((kind for kind in KINDS if kind in message), None)
    if kind is not None:
        contents.append(("", Unsupported(words.say(f"telegram.kinds.{kind}"))))
    elif file := _photo(message) or _document(message):
        contents.append(("", file))
    caption = _text(message, "caption")
    if caption is not None:
        contents.append((":caption", Text(caption)))
    if not contents and ("photo" in message or "document" in message):
        contents.append(("", Unsupported(words.say("telegram.kinds.other"))))
    return contents


def _command(text: str, words: Words) -> Content:
    """A command of the menu is the words or the button it stands for; everything else is what was typed."""
    found = COMMAND.fullmatch(text.strip())
    name = found[1].lower() if found else ""
    if name not in COMMANDS:
        return Text(text)
    said = words.say(f"telegram.{name}")
    return Choice(HUMAN_AGENT, said) if name == "human" else Text(said)


def _photo(message: Mapping[str, Any]) -> RemoteFile | None:
    """The largest of the sizes that Telegram keeps of a photo."""
    sizes = message.get("photo")
    if not isinstance(sizes, list):
        return None
    usable = [size for size in sizes if _reference(_mapping(size))]
    if not usable:
        return None
    largest = max(usable, key=lambda size: (_id(size, "width") or 0) * (_id(size, "height") or 0))
    return RemoteFile(_reference(largest), "photo.jpg", _id(largest, "file_size"))


def _document(message: Mapping[str, Any]) -> RemoteFile | None:
    document = _mapping(message.get("document"))
    if not _reference(document):
        return None
    name = document.get("file_name")
    return RemoteFile(
        _reference(document), name if isinstance(name, str) else "document", _id(document, "file_size")
    )


def _reference(file: Mapping[str, Any]) -> str:
    reference = file.get("file_id")
    return reference if isinstance(reference, str) and 0 < len(reference) <= 256 else ""


def _chat(holder: Mapping[str, Any]) -> Chat | None:
    chat = _mapping(holder.get("chat"))
    chat_id = _id(chat, "id")
    if chat_id is None:
        return None
    return Chat(chat_id, chat.get("type") == "private" and chat_id > 0, chat.get("type") == "channel")


def _text(message: Mapping[str, Any], key: str) -> str | None:
    text = message.get(key)
    return text if isinstance(text, str) else None


def _id(holder: Mapping[str, Any], key: str) -> int | None:
    value = holder.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if abs(value) <= LARGEST_ID else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
