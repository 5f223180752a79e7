"""Two replicas of the service on one database, with Redis between them."""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack

import pytest

from bot.dialogue.scripted import ScriptedDialogue
from bot.settings import Settings
from bot.store.base import Base
from bot.store.engine import make_engine
from tests.channels.test_web import browser
from tests.conftest import started

REDIS = os.environ.get("FANGXIN_TEST_REDIS_URL", "")


@pytest.mark.redis
async def test_a_customer_on_one_replica_sees_what_happens_on_the_other(tmp_path):
    if not REDIS:
        pytest.skip("FANGXIN_TEST_REDIS_URL is not set")
    settings = Settings(
        home=tmp_path, redis_url=REDIS, merge_window_seconds=0.05, database_url="", _env_file=None
    )
    engine = make_engine(settings.database)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await engine.dispose()
    async with AsyncExitStack() as replicas:
        one = await replicas.enter_async_context(started(settings, ScriptedDialogue()))
        other = await replicas.enter_async_context(started(settings, ScriptedDialogue()))
        token = (await one.http.post("/channels/web/session")).json()["token"]
        async with browser(one, token) as here, browser(other, token) as there:
            await asyncio.sleep(0.5)  # until both have subscribed
            await here.send(client_id="a", text="你好")
            await there.until(2)
        assert [message["parts"][0]["text"] for message in there.messages] == ["你好", "「你好」"]
