"""What a customer typed to prove who they are stands in no file of the running stack once it was used."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Stack

pytestmark = pytest.mark.e2e

NO, LAST4 = "FX2026110003", "3024"
IDENTITY, CARD, PHONE = "110101199003073024", "6222021234567890123", "13812345678"


def words_of(database: Path, query: str, *values: str) -> Iterator[str]:
    """Every text of what a query finds, JSON taken apart; numbers, such as times, are left out."""

    def texts(value: object) -> Iterator[str]:
        if isinstance(value, str):
            try:
                inner = json.loads(value)
            except ValueError:
                inner = None
            yield from texts(inner) if isinstance(inner, dict | list) else (value,)
        elif isinstance(value, dict):
            yield from (text for each in value.values() for text in texts(each))
        elif isinstance(value, list | tuple):
            yield from (text for each in value for text in texts(each))

    connection = sqlite3.connect(database)
    try:
        for row in connection.execute(query, values):
            yield from texts(list(row))
    finally:
        connection.close()


def test_code_digits_and_numbers_are_nowhere_after_their_turn(stack: Stack):
    chat = f"secrets-{uuid.uuid4().hex[:8]}"
    asked = stack.ask(f"查进度 {NO} 身份证后四位{LAST4}", chat)
    code = stack.code_for(NO)
    shown = stack.ask(code, chat)
    assert any(part["kind"] == "stages" for part in shown["replies"])
    stack.ask(f"我的身份证是{IDENTITY}，还款卡{CARD}，电话{PHONE}", chat)
    conversation = asked["conversation_id"]
    home = stack.settings.home
    log = list(
        words_of(
            home / "fangxin.db", "SELECT parts, payload FROM message WHERE conversation_id = ?", conversation
        )
    ) + list(
        words_of(
            home / "fangxin.db", "SELECT text, understood FROM turn WHERE conversation_id = ?", conversation
        )
    )
    memory = list(words_of(home / "tracker.db", "SELECT data FROM events WHERE sender_id = ?", conversation))
    assert f"查进度 {NO} 身份证后四位●●●●" in log
    assert f"查进度 {NO} 身份证后四位●●●●" in memory
    for secret in (code, LAST4, IDENTITY, CARD):
        assert not [text for text in log if secret in text]
    for secret in (code, LAST4, IDENTITY, CARD, PHONE):
        assert not [text for text in memory if secret in text]


def test_the_memory_of_old_sessions_is_deleted_and_the_running_one_goes_on(stack: Stack):
    old, running = f"old-{uuid.uuid4().hex[:8]}", f"running-{uuid.uuid4().hex[:8]}"
    ids = {}
    for name in (old, running):
        ids[name] = stack.ask("查进度", name)["conversation_id"]
    connection = sqlite3.connect(stack.settings.home / "tracker.db", timeout=10)
    with connection:
        connection.execute(
            "UPDATE events SET timestamp = timestamp - 31 * 86400 WHERE sender_id = ?", (ids[old],)
        )
    response = stack.rasa.post("/webhooks/fangxin/forget", json={"older_than_seconds": 30 * 86400})
    assert response.status_code == 200
    assert response.json()["deleted"] > 0
    kept = dict(connection.execute("SELECT sender_id, count(*) FROM events GROUP BY sender_id"))
    connection.close()
    assert ids[old] not in kept
    assert ids[running] in kept
    again = stack.rasa.post("/webhooks/fangxin/forget", json={"older_than_seconds": 30 * 86400})
    assert again.json() == {"deleted": 0}
    said = stack.ask("FX2026110003", running)
    assert "后四位" in said["replies"][0]["text"]
    assert stack.rasa.post("/webhooks/fangxin/forget", json={"older_than_seconds": 0}).status_code == 400
