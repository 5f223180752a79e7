"""What a conversation left behind: its log, tickets, requests, ratings, proofs and the bot's memory of it."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: What differs from conversation to conversation, and is the same in kind.
SAME = (
    (re.compile(r"FX\d{10}"), "<application>"),
    (re.compile(r"(FW|TS)\d{6,}-?\d*"), r"<\1>"),
    (re.compile(r"\b[a-z]{1,3}_[0-9a-f]{16,}"), "<id>"),
    (re.compile(r'"draft": "[0-9a-f]+"'), "<draft>"),
    (re.compile(r"(?<!\d)\d{6}(?!\d)"), "<code>"),
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(\+00:00|Z)?"), "<moment>"),
    (re.compile(r"(\d+月\d+日) ?\d+:\d\d"), r"\1 <time>"),
    (re.compile(r"/(papers|certificates|files)/[^\s\"]+"), r"/\1/<file>"),
    (re.compile(r"已经帮您(呼叫|排上)人工客服了?，[^。]*"), "已经帮您排上人工客服"),
)
#: Of one conversation by their nature: what holds its numbers is as large, and is hashed, otherwise.
OWN = ("size", "digest")
#: Memory of one turn, named after it.
PASSING = ("turn_id", "requested_slot")


def plain(value: Any) -> Any:
    """``value`` without what is one conversation's own."""
    if isinstance(value, str):
        for pattern, name in SAME:
            value = pattern.sub(name, value)
        return value
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if key not in OWN}
    return [plain(item) for item in value] if isinstance(value, list) else value


def is_news(entry: list[Any]) -> bool:
    """Whether this tells what became of a request."""
    sender, parts = entry
    return sender == "system" and str(parts[0].get("text", "")).startswith("您申请的")


@dataclass
class Records:
    """Read beside the running stack, which owns them."""

    home: Path

    def conversation(self, channel: str, external_id: str) -> str:
        """Its id; empty as long as there is none."""
        rows = self._read(
            "SELECT id FROM conversation WHERE channel = ? AND (external_id = ? OR id = ?)",
            channel,
            external_id,
            external_id,
        )
        return rows[0][0] if rows else ""

    def is_settled(self, conversation: str, said: int) -> bool:
        """So much was said, nobody is thinking about it any more, and every answer was delivered."""
        ((customers,),) = self._read(
            "SELECT count(*) FROM message WHERE conversation_id = ? AND sender = 'customer'", conversation
        )
        open_ends = (
            "SELECT 1 FROM message WHERE conversation_id = ? AND awaits_turn",
            "SELECT 1 FROM turn WHERE conversation_id = ? AND outcome = 'running'",
            "SELECT 1 FROM outbox WHERE conversation_id = ? AND state = 'queued'",
        )
        return customers >= said and not any(self._read(query, conversation) for query in open_ends)

    def is_told(self, conversation: str) -> bool:
        """The customer was told every step of their requests, which takes some seconds."""
        untold = (
            "SELECT 1 FROM service_request_event e JOIN service_request r ON r.id = e.request_id"
            " WHERE r.conversation_id = ? AND e.is_untold"
        )
        return not self._read(untold, conversation)

    def is_delivered(self, conversation: str) -> bool:
        """No notice of this conversation is on its way; one that waits for another day is not."""
        due = (
            "SELECT 1 FROM notice WHERE conversation_id = ? AND state = 'waiting'"
            " AND due_at < datetime(created_at, '+1 hour')"
        )
        return not self._read(due, conversation)

    def messages(self, conversation: str) -> list[tuple[str, list[dict[str, Any]], str | None]]:
        """Sender, parts and pressed payload, in order."""
        rows = self._read(
            "SELECT sender, parts, payload FROM message WHERE conversation_id = ? ORDER BY seq", conversation
        )
        return [(sender, json.loads(parts), payload) for sender, parts, payload in rows]

    def ticket(self, conversation: str) -> str:
        """The open one's id."""
        query = "SELECT id FROM ticket WHERE conversation_id = ? AND status != 'closed'"
        return str(self._read(query, conversation)[0][0])

    def end(self, conversation: str) -> dict[str, Any]:
        """Everything that has to be the same on every channel."""
        (mode,) = self._read(
            "SELECT mode FROM ownership WHERE conversation_id = ? ORDER BY id DESC LIMIT 1", conversation
        ) or [("bot",)]
        tables = {
            "tickets": "SELECT reason, skill, priority, status, summary, outcome FROM ticket",
            "requests": "SELECT kind, state, wish, figures FROM service_request",
            "complaints": "SELECT cause, grade, state, text FROM complaint",
            "ratings": "SELECT score, words, ticket_id IS NULL FROM rating",
            "checks": "SELECT step, outcome FROM verification_attempt",
        }
        end: dict[str, Any] = {
            name: plain([list(row) for row in self._read(f"{query} WHERE conversation_id = ?", conversation)])
            for name, query in tables.items()
        }
        identity = (
            "SELECT i.proved_by, i.revoked_at IS NULL FROM channel_identity i JOIN conversation c"
            " ON c.channel = i.channel AND c.external_id = i.external_id WHERE c.id = ?"
        )
        return {
            **end,
            "log": self._log(conversation),
            "mode": mode[0],
            "identity": self._read(identity, conversation),
            "slots": plain(self._slots(conversation)),
        }

    def _log(self, conversation: str) -> list[Any]:
        """A press is the same whether its button or its number was used; so is a picture whatever its name.

        News of a request stands last: it is told by a round of its own, which may come before the turn's answer.
        """
        log = []
        for sender, parts, payload in self.messages(conversation):
            if sender == "customer" and payload and parts[0]["kind"] == "text":
                parts = [{"kind": "press", "payload": payload}]
            elif sender == "customer" and parts[0]["kind"] != "text":
                parts = [{"kind": part["kind"]} for part in parts]
            log.append([sender, plain(parts)])
        return sorted(log, key=is_news)

    def _slots(self, conversation: str) -> dict[str, Any]:
        """What Rasa remembers."""
        slots: dict[str, Any] = {}
        query = "SELECT data FROM events WHERE sender_id = ? AND type_name = 'slot' ORDER BY id"
        with closing(sqlite3.connect(f"file:{self.home / 'tracker.db'}?mode=ro", uri=True, timeout=30)) as db:
            for (data,) in db.execute(query, (conversation,)):
                event = json.loads(data)
                slots[event["name"]] = event["value"]
        return {name: value for name, value in slots.items() if value is not None and name not in PASSING}

    def _read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        database = f"file:{self.home / 'fangxin.db'}?mode=ro"
        with closing(sqlite3.connect(database, uri=True, timeout=30)) as db:
            return db.execute(query, values).fetchall()
