"""From the link in the conversation to the openid that speaks for a customer, and every way in which it fails."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import func, select
from structlog.testing import capture_logs

from bot.servicing import demo
from bot.servicing.store import ApplicationRow, ChannelIdentityRow, CustomerRow, UsedNonceRow
from bot.store.vault import Vault
from tests.channels.wechat.conftest import Pair, paired

BIND = "/channels/wechat/bind"
NUMBER, DIGITS = "FX2026110001", "123X"
GUESSED = ("FX2026110002", "2016")  #: one that is locked in the end
MISTYPED = ("FX2026110003", "3024")
CUSTOMERS = count(1)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Phone:
    """A customer's browser inside the platform's app."""

    pair: Pair
    http: httpx.AsyncClient
    customer: str

    async def authorize(self) -> dict[str, str]:
        """Follow the link to the platform; what it sends the browser back with."""
        begun = await self.http.get(BIND)
        assert begun.status_code == 303
        back, query = self.pair.platform.visit(self.customer, begun.headers["location"])
        assert urlsplit(back).path == f"{BIND}/back"
        return query

    async def arrive(self) -> httpx.Response:
        return await self.http.get(f"{BIND}/back", params=await self.authorize())

    async def submit(self, page: httpx.Response, step: str, **said: str) -> httpx.Response:
        """Fill the page's form and send it."""
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
        return await self.http.post(f"{BIND}/{step}", data={**hidden, **said})

    async def form(self) -> httpx.Response:
        return await self.http.get(f"{BIND}/form")

    async def ask_code(self, named: str = NUMBER, digits: str = DIGITS) -> tuple[httpx.Response, str]:
        """The page after the first form, and the code that was sent."""
        with capture_logs() as logs:
            page = await self.submit(await self.form(), "number", named=named, id_last4=digits)
        sent = [entry["code"] for entry in logs if entry["event"] == "verification.code_sent"]
        return page, sent[-1] if sent else ""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bank(tmp_path_factory, policy) -> AsyncIterator[Pair]:
    """One service for all tests here, with the demo customers."""
    async with paired(tmp_path_factory.mktemp("binding"), public_url="") as pair:
        vault = Vault(pair.live.settings.secret("vault"))
        await demo.seed(pair.live.sessions, pair.clock, vault, policy)
        yield pair


@pytest_asyncio.fixture(loop_scope="module")
async def phone(bank) -> AsyncIterator[Phone]:
    """A customer who was never there before, on a platform that works, now."""
    bank.clock.ahead = timedelta()
    bank.platform.is_down = False
    bank.platform.errors.clear()
    async with httpx.AsyncClient(base_url=bank.live.url, timeout=30) as http:
        yield Phone(bank, http, f"o_{next(CUSTOMERS)}")


async def bound(phone: Phone) -> list[str]:
    """By what the openid was proved to speak for a customer."""
    async with phone.pair.live.sessions() as session:
        is_theirs = ChannelIdentityRow.external_id == phone.customer
        return list(await session.scalars(select(ChannelIdentityRow.proved_by).where(is_theirs)))


async def test_a_customer_binds_their_openid_and_is_told_in_the_conversation(phone, words):
    pair = phone.pair
    link = f"{pair.live.settings.public_base_url}{BIND}"
    for said in (
        pair.platform.say(phone.customer, "绑定"),
        pair.platform.send("click", phone.customer, EventKey="bind"),
    ):
        assert await said == words.say("wechat.bind.link", link=link)
    assert pair.live.dialogue.asked == []
    arrived = await phone.arrive()
    assert (arrived.status_code, arrived.headers["location"]) == (303, f"{BIND}/form")
    page, code = await phone.ask_code()
    assert words.say("wechat.bind.sent") in page.text
    done = await phone.submit(page, "code", code=code)
    assert (done.status_code, words.say("wechat.bind.done") in done.text) == (200, True)
    assert await bound(phone) == ["oauth"]
    await pair.settled()
    assert pair.platform.screens[phone.customer][-1] == words.say("wechat.bind.told")
    assert (await phone.form()).status_code == 403  # the visit is over


async def test_a_phone_number_does_as_well_and_never_stands_in_the_page(phone):
    await phone.arrive()
    number = await a_phone(phone.pair)
    page, code = await phone.ask_code(named=number)
    assert number not in page.text
    await phone.submit(page, "code", code=code)
    assert await bound(phone) == ["oauth"]


async def a_phone(pair: Pair) -> str:
    """The phone of the customer with the known application."""
    async with pair.live.sessions() as session:
        sealed = await session.scalar(
            select(CustomerRow.phone_encrypted)
            .join(ApplicationRow, ApplicationRow.customer_id == CustomerRow.id)
            .where(ApplicationRow.application_no == NUMBER)
        )
    return Vault(pair.live.settings.secret("vault")).decrypt(sealed)


async def test_pages_are_strict_and_never_kept(phone):
    await phone.arrive()
    page = await phone.form()
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; form-action 'self'")
    assert "unsafe" not in policy
    assert page.headers["cache-control"] == "no-store"
    assert "<script" not in page.text
    assert " style=" not in page.text
    assert (await phone.http.get(f"{BIND}/style.css")).headers["content-type"].startswith("text/css")
    cookies = {cookie.name: cookie for cookie in phone.http.cookies.jar}
    assert cookies["fangxin_bind"].has_nonstandard_attr("HttpOnly")


async def test_a_state_is_good_once_for_one_browser_and_for_minutes(phone):
    first = await phone.authorize()
    assert (await phone.http.get(f"{BIND}/back", params=first)).status_code == 303
    again = {
        **first,
        "code": phone.pair.platform.visit(phone.customer, (await phone.http.get(BIND)).headers["location"])[
            1
        ]["code"],
    }
    phone.http.cookies.set("fangxin_bind_state", first["state"], path=BIND)
    assert (await phone.http.get(f"{BIND}/back", params=again)).status_code == 400
    foreign = await phone.authorize()
    async with httpx.AsyncClient(base_url=phone.pair.live.url) as another:
        assert (await another.get(f"{BIND}/back", params=foreign)).status_code == 400
        another.cookies.set("fangxin_bind_state", "0" * 104, path=BIND)
        forged = await another.get(f"{BIND}/back", params={"code": "c", "state": "0" * 104})
        assert forged.status_code == 400
    late = await phone.authorize()
    phone.pair.clock.ahead = timedelta(minutes=11)
    assert (await phone.http.get(f"{BIND}/back", params=late)).status_code == 400


async def test_a_visit_ends_and_cannot_be_made_up(phone):
    await phone.arrive()
    phone.pair.clock.ahead = timedelta(minutes=21)
    assert (await phone.form()).status_code == 403
    for made_up in ("", "x", "0" * 72 + "o_kate", "é" * 80):
        headers = {"cookie": f"fangxin_bind={made_up}".encode("latin-1")}
        async with httpx.AsyncClient(base_url=phone.pair.live.url, headers=headers) as another:
            answers = [await another.get(f"{BIND}/form")]
            answers += [
                await another.post(f"{BIND}/{step}", data={"key": "k"}) for step in ("number", "code")
            ]
        assert [answer.status_code for answer in answers] == [403, 403, 403]


@pytest.mark.parametrize("code", [40029, 40163, 42003])
async def test_a_spent_code_is_told_clearly(phone, words, code):
    phone.pair.platform.errors["/sns/oauth2/access_token"] = [code]
    arrived = await phone.arrive()
    assert (arrived.status_code, words.say("wechat.bind.used") in arrived.text) == (400, True)
    assert f'href="{BIND}"' in arrived.text
    assert (await phone.arrive()).status_code == 303  # and another way works


@pytest.mark.parametrize(("code", "status"), [(-1, 503), (45011, 503), (40125, 502)])
async def test_a_platform_that_does_not_tell_is_told_clearly(phone, words, code, status):
    phone.pair.platform.errors["/sns/oauth2/access_token"] = [code]
    arrived = await phone.arrive()
    assert (arrived.status_code, words.say("wechat.bind.unavailable") in arrived.text) == (status, True)
    phone.pair.platform.is_down = True
    assert (await phone.arrive()).status_code == 503
    assert await bound(phone) == []


async def test_wrong_digits_and_wrong_codes_bind_nothing(phone, words):
    await phone.arrive()
    page, code = await phone.ask_code(MISTYPED[0], "0000")
    assert (page.status_code, code) == (422, "")
    assert words.say("progress.refused") in page.text
    page, code = await phone.ask_code(*MISTYPED)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    page = await phone.submit(page, "code", code=wrong)
    assert page.status_code == 422
    assert words.say("progress.wrong_code", left=4)[:8] in page.text
    assert await bound(phone) == []
    assert (await phone.submit(page, "code", code=code)).status_code == 200
    assert await bound(phone) == ["oauth"]


async def test_guessing_is_locked_out(phone):
    await phone.arrive()
    statuses = [(await phone.ask_code(GUESSED[0], f"000{number}"))[0].status_code for number in range(6)]
    assert statuses[0] == 422
    assert statuses[-1] == 429
    assert (await phone.ask_code(*GUESSED))[0].status_code == 429


async def test_a_form_sent_twice_sends_one_code(phone):
    await phone.arrive()
    page = await phone.form()
    said = {"named": NUMBER, "id_last4": DIGITS}
    with capture_logs() as logs:
        for _ in range(2):
            assert (await phone.submit(page, "number", **said)).status_code == 200
    assert len([entry for entry in logs if entry["event"] == "verification.code_sent"]) == 1


async def test_what_a_customer_types_is_shown_as_words(phone):
    await phone.arrive()
    page, _ = await phone.ask_code(named='"><script>alert(1)</script>')
    assert page.status_code == 422
    assert "<script" not in page.text
    for body in (b"\xff\xfe", b"a" * 5000, b"=&=&=", b"key=" + b"%00" * 90):
        assert (await phone.http.post(f"{BIND}/number", content=body)).status_code < 500


async def test_used_states_are_forgotten_when_they_could_not_be_used_any_more(phone):
    for minutes in (0, 30):
        phone.pair.clock.ahead = timedelta(minutes=minutes)
        assert (await phone.arrive()).status_code == 303
    async with phone.pair.live.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(UsedNonceRow)) == 1
