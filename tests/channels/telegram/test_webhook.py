"""The webhook believes nobody but Telegram, and no body can break it."""

from __future__ import annotations

import json

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.channels.telegram.store import UpdateRow
from bot.conversation.store import ConversationRow, MessageRow
from tests.channels.telegram.conftest import payload
from tests.channels.telegram.test_updates import JSON, RECORDED, _places

PATH = "/channels/telegram"
TABLES = (UpdateRow, ConversationRow, MessageRow)


async def stored(service) -> list[int]:
    async with service.sessions() as session:
        return [await session.scalar(select(func.count()).select_from(table)) for table in TABLES]


def secret(customer) -> dict[str, str]:
    return {"X-Telegram-Bot-Api-Secret-Token": customer.platform.webhook["secret_token"]}


@pytest.mark.parametrize("given_secret", [None, "", "wrong", "ключ"])
async def test_without_the_secret_nothing_is_stored(customer, given_secret):
    headers = {} if given_secret is None else {"X-Telegram-Bot-Api-Secret-Token": given_secret.encode()}
    answer = await customer.service.http.post(PATH, json=payload("text"), headers=headers)
    assert answer.status_code == 403
    assert await stored(customer.service) == [0, 0, 0]


async def test_a_body_that_is_too_large_is_refused_before_it_is_read(customer):
    answer = await customer.service.http.post(PATH, content=b"x" * 600_000, headers=secret(customer))
    assert answer.status_code == 413
    assert await stored(customer.service) == [0, 0, 0]


async def test_fuzzed_bodies_are_taken_without_effect_or_as_what_they_say(customer):
    """With the secret: never a 5xx. Without it: 403, and nothing is stored."""
    bodies: list[bytes] = []

    @settings(max_examples=150, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(data=st.data())
    def draw(data):
        if data.draw(st.booleans()):
            bodies.append(data.draw(st.binary(max_size=100)))
            return
        update = payload(data.draw(st.sampled_from(RECORDED)))
        holder, key = data.draw(st.sampled_from(list(_places(update))))
        holder[key] = data.draw(JSON)
        bodies.append(json.dumps(update).encode())

    draw()
    async with httpx.AsyncClient(base_url=customer.service.url) as http:
        for body in bodies:
            assert (await http.post(PATH, content=body)).status_code == 403
        assert await stored(customer.service) == [0, 0, 0]
        for body in bodies:
            assert (await http.post(PATH, content=body, headers=secret(customer))).status_code == 200
    async with customer.service.sessions() as session:
        waiting = list(await session.scalars(select(UpdateRow.update_id).where(UpdateRow.state == "waiting")))
    await customer.taken(*({"update_id": number} for number in waiting))
    async with customer.service.sessions() as session:
        failed = list(await session.scalars(select(UpdateRow.body).where(UpdateRow.state == "failed")))
    assert failed == []


async def test_words_are_gone_from_the_update_once_it_is_worked_through(customer):
    update = await customer.say("我的手机13812345678")
    await customer.taken(update)
    async with customer.service.sessions() as session:
        row = await session.get(UpdateRow, (4711, update["update_id"]))
    assert (row.state, row.body) == ("done", "")
