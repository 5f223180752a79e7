"""The second factor of the desk's login."""

from __future__ import annotations

import asyncio

import pyotp
import pytest
from sqlalchemy import select

from bot.handoff.agents import Agents
from bot.handoff.attempts import MAX_FAILED_LOGINS
from bot.handoff.errors import (
    CodeNeeded,
    CodeRefused,
    LoginLocked,
    LoginRefused,
    NothingToConfirm,
    SecondFactorOn,
)
from bot.handoff.model import Role
from bot.handoff.second_factor import STEP_SECONDS, SecondFactor
from bot.handoff.store import AgentRow
from bot.servicing.store import AuditEventRow
from bot.store.vault import Vault

PASSWORD = "correct horse"


@pytest.fixture
def second(sessions, clock):
    return SecondFactor(sessions, Vault("a secret"), clock, phones=clock)


@pytest.fixture
async def agents(sessions, clock, second):
    room = Agents(sessions, clock, second)
    await room.set_password("lin", "林晓", Role.AGENT, PASSWORD)
    return room


@pytest.fixture
async def phone(agents, second, clock):
    """The authenticator of an agent who has turned it on; its first code is used up."""
    agent, _ = await agents.log_in("lin", PASSWORD)
    app = pyotp.TOTP((await second.begin(agent)).secret)
    await second.confirm(agent, app.at(clock.now()))
    clock.advance(seconds=STEP_SECONDS)
    return app


async def actions(sessions) -> list[str]:
    async with sessions() as session:
        return list(await session.scalars(select(AuditEventRow.action).order_by(AuditEventRow.id)))


async def test_it_counts_only_once_a_code_confirmed_it(agents, second, sessions, clock):
    agent, _ = await agents.log_in("lin", PASSWORD)
    made = await second.begin(agent)
    assert made.uri.startswith("otpauth://totp/")
    assert made.qr_svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    await agents.log_in("lin", PASSWORD)
    with pytest.raises(CodeRefused):
        await second.confirm(agent, "000000" if pyotp.TOTP(made.secret).at(clock.now()) != "000000" else "1")
    await agents.log_in("lin", PASSWORD)
    await second.confirm(agent, pyotp.TOTP(made.secret).at(clock.now()))
    with pytest.raises(CodeNeeded):
        await agents.log_in("lin", PASSWORD)
    with pytest.raises(SecondFactorOn):  # a session alone must not exchange the phone
        await second.begin(agent)
    with pytest.raises(NothingToConfirm):
        await second.confirm(agent, pyotp.TOTP(made.secret).at(clock.now()))
    assert [name for name in await actions(sessions) if "totp" in name] == [
        "desk.totp_begun",
        "desk.totp_refused",
        "desk.totp_on",
    ]


async def test_the_secret_is_kept_sealed(agents, second, phone, sessions):
    async with sessions() as session:
        kept = (await session.scalars(select(AgentRow.totp_encrypted))).one()
    assert phone.secret not in kept
    assert Vault("a secret").decrypt(kept) == phone.secret


async def test_turning_it_on_ends_the_other_sessions(agents, second, clock):
    agent, before = await agents.log_in("lin", PASSWORD)
    made = await second.begin(agent)
    after = await second.confirm(agent, pyotp.TOTP(made.secret).at(clock.now()))
    assert await agents.in_session(agent.id, before) is None
    assert (await agents.in_session(agent.id, after)).has_second_factor


async def test_a_code_opens_once(agents, phone, clock):
    code = phone.at(clock.now())
    await agents.log_in("lin", PASSWORD, code)
    with pytest.raises(LoginRefused):
        await agents.log_in("lin", PASSWORD, code)
    clock.advance(seconds=STEP_SECONDS)
    await agents.log_in("lin", PASSWORD, phone.at(clock.now()))


async def test_one_code_in_two_browsers_at_once_opens_one(agents, phone, clock):
    code = phone.at(clock.now())
    results = await asyncio.gather(
        *(agents.log_in("lin", PASSWORD, code) for _ in range(2)), return_exceptions=True
    )
    assert sorted(isinstance(result, LoginRefused) for result in results) == [False, True]


@pytest.mark.parametrize(("steps_off", "opens"), [(-2, False), (-1, False), (0, True), (1, True), (2, False)])
async def test_a_phone_may_be_half_a_minute_off(agents, phone, clock, steps_off, opens):
    """The step before is used up by the confirmation, so that only the one ahead can show it."""
    code = phone.at(clock.now(), counter_offset=steps_off)
    if opens:
        await agents.log_in("lin", PASSWORD, code)
    else:
        with pytest.raises(LoginRefused):
            await agents.log_in("lin", PASSWORD, code)


@pytest.mark.parametrize(
    ("password", "code"),
    [(PASSWORD, "12345a"), (PASSWORD, "１２３４５６"), ("wrong", None), ("wrong", "123456")],
)
async def test_wrong_password_and_wrong_code_are_refused_alike(agents, phone, password, code):
    with pytest.raises(LoginRefused) as refused:
        await agents.log_in("lin", password, code)
    assert type(refused.value) is LoginRefused


async def test_wrong_codes_lock_like_wrong_passwords(agents, phone, clock):
    """And asking for the code in between clears nothing."""
    for number in range(MAX_FAILED_LOGINS):
        with pytest.raises(LoginRefused):
            await agents.log_in("lin", PASSWORD if number % 2 else "wrong", "no")
        if number < MAX_FAILED_LOGINS - 1:
            with pytest.raises(CodeNeeded):
                await agents.log_in("lin", PASSWORD)
    with pytest.raises(LoginLocked):
        await agents.log_in("lin", PASSWORD, phone.at(clock.now()))


async def test_it_is_turned_off_with_a_code_or_by_somebody_else(agents, second, phone, sessions, clock):
    agent, _ = await agents.log_in("lin", PASSWORD, phone.at(clock.now()))
    with pytest.raises(CodeRefused):
        await second.turn_off(agent, phone.at(clock.now()))  # used by the login
    clock.advance(seconds=STEP_SECONDS)
    await second.turn_off(agent, phone.at(clock.now()))
    await agents.log_in("lin", PASSWORD)
    app = pyotp.TOTP((await second.begin(agent)).secret)
    await second.confirm(agent, app.at(clock.now()))
    await second.take_off(agent.id, "console")
    await agents.log_in("lin", PASSWORD)
    async with sessions() as session:
        by = await session.scalars(
            select(AuditEventRow.actor)
            .where(AuditEventRow.action == "desk.totp_off")
            .order_by(AuditEventRow.id)
        )
        assert list(by) == [f"agent:{agent.id}", "console"]


async def test_without_the_means_to_check_codes_the_account_stays_shut(sessions, clock, phone):
    with pytest.raises(LoginRefused):
        await Agents(sessions, clock).log_in("lin", PASSWORD, phone.at(clock.now()))
