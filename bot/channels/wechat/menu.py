"""The account's menu, from a file: what each button says, presses or opens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.channels.wechat.errors import SetupError
from bot.channels.wechat.limits import (
    MENU_BUTTONS,
    MENU_KEY_BYTES,
    MENU_NAME_BYTES,
    MENU_SUB_BUTTONS,
    MENU_SUB_NAME_BYTES,
    MENU_URL_BYTES,
)


@dataclass(frozen=True)
class Entry:
    """One button. Exactly one of ``say``, ``payload``, ``url`` and ``buttons`` is there."""

    name: str
    key: str = ""
    say: str = ""  #: as if the customer had typed it
    payload: str = ""  #: as if they had pressed a button of the bot's
    url: str = ""
    buttons: tuple[Entry, ...] = ()


class Menu:
    """The buttons of one file."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = tuple(entries)
        _check(self._entries)
        self._by_key = {entry.key: entry for entry in self._every() if entry.key}

    @classmethod
    def load(cls, path: Path) -> Menu:
        """Read the file; ``SetupError`` names what is wrong with it. No file is an empty menu."""
        if not path.exists():
            return cls(())
        try:
            tree = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
            return cls(tuple(_entry(one) for one in tree.get("buttons", ())))
        except (yaml.YAMLError, AttributeError, TypeError) as exc:
            raise SetupError(f"{path.name}: {exc}") from exc

    def pressed(self, key: str) -> Entry | None:
        """The button with this key; None for one that we never made."""
        return self._by_key.get(key)

    def wire(self) -> dict[str, Any]:
        """As the platform wants it."""
        return {"button": [_wire(entry) for entry in self._entries]}

    def _every(self) -> Iterable[Entry]:
        for entry in self._entries:
            yield entry
            yield from entry.buttons


def _entry(tree: Mapping[str, Any]) -> Entry:
    known = {"name", "key", "say", "payload", "url", "buttons"}
    if unknown := set(tree) - known:
        raise SetupError(f"{tree.get('name')}: {', '.join(sorted(unknown))}?")
    words = {name: str(value) for name, value in tree.items() if name != "buttons"}
    return Entry(**words, buttons=tuple(_entry(one) for one in tree.get("buttons", ())))


def _wire(entry: Entry) -> dict[str, Any]:
    if entry.buttons:
        return {"name": entry.name, "sub_button": [_wire(one) for one in entry.buttons]}
    if entry.url:
        return {"type": "view", "name": entry.name, "url": entry.url}
    return {"type": "click", "name": entry.name, "key": entry.key}


def _check(entries: tuple[Entry, ...]) -> None:
    if len(entries) > MENU_BUTTONS:
        raise SetupError(f"at most {MENU_BUTTONS} buttons")
    keys: set[str] = set()
    for entry in entries:
        _check_one(entry, keys, MENU_NAME_BYTES)
        if len(entry.buttons) > MENU_SUB_BUTTONS:
            raise SetupError(f"{entry.name}: at most {MENU_SUB_BUTTONS} buttons")
        for one in entry.buttons:
            _check_one(one, keys, MENU_SUB_NAME_BYTES)
            if one.buttons:
                raise SetupError(f"{one.name}: two levels at most")


def _check_one(entry: Entry, keys: set[str], name_bytes: int) -> None:
    if not 0 < len(entry.name.encode()) <= name_bytes:
        raise SetupError(f"{entry.name}: a name of 1 to {name_bytes} bytes")
    if sum(map(bool, (entry.say, entry.payload, entry.url, entry.buttons))) != 1:
        raise SetupError(f"{entry.name}: one of say, payload, url and buttons")
    if len(entry.url.encode()) > MENU_URL_BYTES:
        raise SetupError(f"{entry.name}: a url of at most {MENU_URL_BYTES} bytes")
    if not (entry.say or entry.payload):
        return
    if not 0 < len(entry.key.encode()) <= MENU_KEY_BYTES or entry.key in keys:
        raise SetupError(f"{entry.name}: a key of its own, of 1 to {MENU_KEY_BYTES} bytes")
    keys.add(entry.key)
