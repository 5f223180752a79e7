"""A visitor whom the bank's page has signed in: their own conversation, and nobody else's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import socketio
from sqlalchemy import select, update

from bot.channels.web.ports import site_of
from bot.conversation.store import ConversationRow
from bot.dialogue.scripted import ScriptedDialogue
from bot.knowledge import PolicyBook
from bot.servicing import demo
from bot.servicing.service import make_servicing
from bot.servicing.store import ApplicationRow, CustomerRow
from bot.settings import ROOT, Settings
from bot.store.base import Base
from bot.store.engine import make_engine, make_sessions
from bot.store.vault import Vault
from tests.conftest import LiveService, started
from tests.servicing.test_signed_identity import KEY, NO, OTHER_NO, token


@pytest.fixture
async def bank(tmp_path: Path) -> AsyncIterator[LiveService]:
    """A started service that shares a key with the bank's site and knows two customers by number."""
    settings = Settings(
        home=tmp_path, merge_window_seconds=0.05, database_url="", bank_identity_key=KEY, _env_file=None
    )
    await seed_bank(settings)
    async with started(settings, ScriptedDialogue()) as service:
        yield service


async def seed_bank(settings: Settings) -> None:
    """Every table, the demo records, and two customers whom the core knows by number."""
    engine = make_engine(settings.database)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    sessions = make_sessions(engine)
    policy = PolicyBook.load(ROOT / "data" / "knowledge" / "policy")
    await demo.seed(sessions, settings.clock, Vault(settings.secret("vault")), policy)
    async with sessions.begin() as session:
        for number, customer_no in ((NO, "C-1"), (OTHER_NO, "C-2")):
            owner = select(ApplicationRow.customer_id).where(ApplicationRow.application_no == number)
            await session.execute(
                update(CustomerRow)
                .where(CustomerRow.id == owner.scalar_subquery())
                .values(customer_no=customer_no)
            )
    await engine.dispose()


async def session_for(bank: LiveService, signed: str) -> dict[str, str]:
    response = await bank.http.post("/channels/web/session", json={"identity": signed})
    assert response.status_code == 200, response.text
    return response.json()


async def test_a_signed_in_visitor_gets_their_own_conversation_verified(bank: LiveService):
    """Again in another browser; somebody else at the same computer gets another."""
    clock = bank.settings.clock
    mine = await session_for(bank, token(clock, jti="nonce-0001"))
    again = await session_for(bank, token(clock, jti="nonce-0002"))
    other = await session_for(bank, token(clock, sub="C-2", jti="nonce-0003"))
    assert mine["conversation_id"] == again["conversation_id"] != other["conversation_id"]
    engine = make_engine(bank.settings.database)
    policy = PolicyBook.load(ROOT / "data" / "knowledge" / "policy")
    servicing = make_servicing(bank.settings, make_sessions(engine), policy)
    assert await servicing.own_applications(mine["conversation_id"]) == (NO,)
    assert await servicing.own_applications(other["conversation_id"]) == (OTHER_NO,)
    assert not await servicing.is_verified(mine["conversation_id"], OTHER_NO)
    await engine.dispose()


@pytest.mark.parametrize("signed", ["replayed", "forged", "foreign", "expired", "nonsense"])
async def test_what_does_not_hold_opens_nothing_and_is_told_alike(bank: LiveService, signed: str):
    clock = bank.settings.clock
    now = int(clock.now().timestamp())
    tokens = {
        "replayed": token(clock),
        "forged": token(clock, key="another key, which is long enough too"),
        "foreign": token(clock, aud="another-bank"),
        "expired": token(clock, iat=now - 400, exp=now - 100),
        "nonsense": "x.y.z",
    }
    if signed == "replayed":
        await session_for(bank, tokens[signed])
    refused = await bank.http.post("/channels/web/session", json={"identity": tokens[signed]})
    assert refused.status_code == 401
    assert refused.json() == {
        "error": {"code": "identity_refused", "message": "登录信息已经失效，请刷新页面再试。"}
    }


async def test_without_a_signed_identity_everybody_is_a_new_visitor(bank: LiveService):
    for body in ({"content": b""}, {"json": {}}, {"json": {"identity": None}}):
        response = await bank.http.post("/channels/web/session", **body)
        assert response.status_code == 200
        assert set(response.json()) == {"token", "conversation_id"}


async def test_a_service_without_a_key_believes_nobody(live: LiveService):
    refused = await live.http.post("/channels/web/session", json={"identity": token(live.settings.clock)})
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "identity_refused")


async def test_the_address_of_a_browser_is_kept_as_a_hash(live: LiveService):
    opened = (await live.http.post("/channels/web/session")).json()
    page = socketio.AsyncClient(reconnection=False)
    await page.connect(
        live.url,
        headers={"X-Forwarded-For": "114.114.114.114"},  # as a proxy on this machine would say
        namespaces=["/chat"],
        auth={"token": opened["token"], "since": 0},
        wait_timeout=30,
    )
    await page.disconnect()
    engine = make_engine(live.settings.database)
    async with make_sessions(engine)() as session:
        kept = await session.scalar(select(ConversationRow.address_hash))
    await engine.dispose()
    assert kept == Vault(live.settings.secret("vault")).keyed_hash("address:114.114.114.114")


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("114.114.114.114", "114.114.114.114"),
        ("::ffff:114.114.114.114", "114.114.114.114"),
        ("240e:1:2:3:4:5:6:7", "240e:1:2:3::/64"),
        ("240e:1:2:3::9", "240e:1:2:3::/64"),
        ("127.0.0.1", None),
        ("10.0.0.7", None),
        ("fe80::1", None),
        ("unix:", None),
        (None, None),
    ],
)
def test_a_household_is_one_address(address: str | None, site: str | None):
    assert site_of(address) == site
