"""The bank's own site says who a customer is: which tokens are believed, and which are not."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.clock import FixedClock
from bot.conversation.store import Log
from bot.knowledge import PolicyBook
from bot.servicing import Servicing
from bot.servicing.errors import SignedIdentityRefused
from bot.servicing.signed_identity import SignedIdentities, WeakKey
from bot.servicing.store import ApplicationRow, AuditEventRow, CustomerRow, UsedNonceRow
from bot.store.engine import Sessions
from bot.store.vault import Vault
from tests.servicing.conftest import NO

KEY = "a key of the bank's and ours, long enough"
OTHER_NO = "FX2026110002"


def plain(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def token(clock: FixedClock, *, key: str = KEY, header: dict[str, Any] | None = None, **claims: Any) -> str:
    """As the bank's site would make it; a claim given as None is left out."""
    now = int(clock.now().timestamp())
    said = {"sub": "C-1", "aud": "fangxin", "iat": now, "exp": now + 300, "jti": "nonce-0001", **claims}
    said = {name: value for name, value in said.items() if value is not None}
    head = plain(json.dumps(header or {"alg": "HS256", "typ": "JWT"}).encode())
    body = plain(json.dumps(said).encode())
    signature = hmac.new(key.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{plain(signature)}"


@pytest.fixture
async def identities(
    servicing: Servicing, sessions: Sessions, clock: FixedClock, vault: Vault, policy: PolicyBook
) -> SignedIdentities:
    """With two customers whom the core knows by number."""
    async with sessions.begin() as session:
        for number, customer_no in ((NO, "C-1"), (OTHER_NO, "C-2")):
            owner = select(ApplicationRow.customer_id).where(ApplicationRow.application_no == number)
            await session.execute(
                update(CustomerRow)
                .where(CustomerRow.id == owner.scalar_subquery())
                .values(customer_no=customer_no)
            )
    return SignedIdentities(sessions, clock, vault, policy, key=KEY, audience="fangxin")


async def reason_for(identities: SignedIdentities, signed: str) -> str:
    with pytest.raises(SignedIdentityRefused) as refused:
        await identities.admit("web", signed)
    return refused.value.reason


async def chat_of(sessions: Sessions, clock: FixedClock, name: str) -> str:
    async with sessions.begin() as session:
        return (await Log(session).open("web", name, clock.now())).id


async def test_a_signed_customer_is_verified_without_a_code(
    identities: SignedIdentities, servicing: Servicing, sessions: Sessions, clock: FixedClock
) -> None:
    chat = await chat_of(sessions, clock, await identities.admit("web", token(clock)))
    assert await servicing.own_applications(chat) == (NO,)
    assert not await servicing.is_verified(chat, OTHER_NO)
    clock.advance(minutes=30)
    assert await servicing.own_applications(chat) == ()


async def test_one_customer_has_one_name_on_a_channel_and_two_have_two(
    identities: SignedIdentities, clock: FixedClock
) -> None:
    first = await identities.admit("web", token(clock))
    again = await identities.admit("web", token(clock, jti="nonce-0002"))
    other = await identities.admit("web", token(clock, sub="C-2", jti="nonce-0003"))
    elsewhere = await identities.admit("wechat", token(clock, jti="nonce-0004"))
    assert first == again
    assert len({first, other, elsewhere}) == 3
    assert "C-1" not in first


async def test_a_token_is_used_once(
    identities: SignedIdentities, clock: FixedClock, sessions: Sessions
) -> None:
    signed = token(clock)
    await identities.admit("web", signed)
    assert await reason_for(identities, signed) == "used before"
    assert await reason_for(identities, token(clock, sub="C-2")) == "used before"  # its nonce, newly signed
    async with sessions() as session:
        assert len((await session.scalars(select(UsedNonceRow))).all()) == 1


async def test_of_two_uses_at_once_one_is_refused(identities: SignedIdentities, clock: FixedClock) -> None:
    signed = token(clock)
    came = await asyncio.gather(*(identities.admit("web", signed) for _ in range(4)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in came) == ["SignedIdentityRefused"] * 3 + ["str"]


async def test_a_token_ends_with_its_minutes(identities: SignedIdentities, clock: FixedClock) -> None:
    signed = token(clock)
    clock.advance(seconds=300)
    assert await reason_for(identities, signed) == "expired"


async def test_a_used_nonce_is_kept_until_its_token_is_worthless(
    identities: SignedIdentities, clock: FixedClock, sessions: Sessions
) -> None:
    await identities.admit("web", token(clock))
    clock.advance(minutes=6)
    await identities.admit("web", token(clock, jti="nonce-0002"))
    async with sessions() as session:
        assert len((await session.scalars(select(UsedNonceRow))).all()) == 1


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"key": "another key, which is long enough too"}, "forged"),
        ({"aud": "another-bank"}, "foreign audience"),
        ({"aud": None}, "foreign audience"),
        ({"aud": []}, "foreign audience"),
        ({"sub": None}, "no subject"),
        ({"sub": 7}, "no subject"),
        ({"jti": None}, "no nonce"),
        ({"jti": "short"}, "no nonce"),
        ({"exp": None}, "no exp"),
        ({"iat": None}, "no iat"),
        ({"exp": True}, "no exp"),
        ({"exp": 1e30}, "no exp"),
        ({"sub": "C-99"}, "unknown customer"),
        ({"header": {"alg": "none"}}, "foreign algorithm"),
        ({"header": {"alg": "RS256"}}, "foreign algorithm"),
    ],
)
async def test_what_does_not_hold_is_refused(
    identities: SignedIdentities, clock: FixedClock, changed: dict[str, Any], reason: str
) -> None:
    assert await reason_for(identities, token(clock, **changed)) == reason


@pytest.mark.parametrize(("iat", "exp"), [(0, 301), (31, 300), (-300, 1)])
async def test_a_token_that_would_hold_too_long_is_refused(
    identities: SignedIdentities, clock: FixedClock, iat: int, exp: int
) -> None:
    """Longer than five minutes, issued in the future, or issued long ago for until now."""
    now = int(clock.now().timestamp())
    assert await reason_for(identities, token(clock, iat=now + iat, exp=now + exp)) == "holds too long"


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "é.é.é", "x" * 2001])
async def test_what_is_no_token_is_refused(identities: SignedIdentities, text: str) -> None:
    assert await reason_for(identities, text) in ("forged", "malformed")


async def test_a_changed_subject_breaks_the_signature(
    identities: SignedIdentities, clock: FixedClock
) -> None:
    head, body, signature = token(clock).split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    forged = plain(json.dumps({**said, "sub": "C-2"}).encode())
    assert await reason_for(identities, f"{head}.{forged}.{signature}") == "forged"
    assert await reason_for(identities, f"{head}.{body}.") == "forged"


async def test_each_refusal_is_audited_with_its_reason(
    identities: SignedIdentities, clock: FixedClock, sessions: Sessions
) -> None:
    await reason_for(identities, token(clock, aud="another-bank"))
    async with sessions() as session:
        events = (await session.scalars(select(AuditEventRow))).all()
    assert [(event.action, event.detail) for event in events] == [
        ("identity.signed_refused", {"reason": "foreign audience"})
    ]


async def test_a_short_key_is_no_key(
    sessions: Sessions, clock: FixedClock, vault: Vault, policy: PolicyBook
) -> None:
    with pytest.raises(WeakKey):
        SignedIdentities(sessions, clock, vault, policy, key="short", audience="fangxin")
