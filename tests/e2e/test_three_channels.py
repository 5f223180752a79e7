"""The same twelve conversations on the web, on Telegram and on WeChat: each ends in the same state on all three."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bot.channels.degrade import fit
from bot.channels.profile import TELEGRAM, WECHAT
from bot.knowledge import Phrases
from bot.messages import QuickReplies, TextPart, part_from_wire
from bot.settings import ROOT
from tests.channels.test_degrade import Gallery
from tests.e2e.conftest import Stack
from tests.e2e.customers import CHANNELS, Customer
from tests.e2e.ends import Records
from tests.e2e.test_dialogues import FOLDER, Dialogue, Step
from tests.servicing.test_content import picture

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]  # a loaded machine takes minutes for the first

PATIENCE = 90.0
AT_ONCE = 4  #: conversations under way
SUPERVISOR = "zhuguan"
DIALOGUES = (
    "payment_asked_in_order",  # a form with buttons, a card with its chart
    "payment_both_methods",
    "two_questions",
    "calc_combination_step_by_step",  # a form that is interrupted
    "progress_late",  # an identity check, stations
    "request_day_change",  # a request
    "request_interest_statement",  # a file
    "complaint_asked",  # a complaint, and somebody for it
    "clarify_none_of_them",
    "not_understood_twice",  # the queue, and out of it
    "alarm_fraud",
)
PERSON = "a person, a picture and a rating"


@dataclass
class Talk:
    """One conversation on one channel, as it goes on."""

    stack: Stack
    customer: Customer
    records: Records
    said: int = 0

    @property
    def id(self) -> str:
        return self.records.conversation(self.customer.channel, self.customer.external_id)

    async def until(self, holds: Callable[[], Any]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not holds():
                await asyncio.sleep(0.1)

    async def settled(self) -> None:
        await self.until(lambda: self.id and self.records.is_settled(self.id, self.said))

    async def take(self, step: Step, number: str | None) -> None:
        """One step of a script, its application number replaced by ``number``."""
        self.said += 1
        if step.press is not None:
            await self.customer.press(step.press)
        elif step.customer_code_for is not None:
            whom = number or step.customer_code_for
            await self.customer.say(self.stack.code_for(whom))
        else:
            text = step.customer or ""
            await self.customer.say(text if number is None else text.replace(*number_in(text, number)))
        await self.settled()


def number_in(text: str, number: str) -> tuple[str, str]:
    """What to replace by what: the scripts' own loans have numbers of this beginning."""
    at = text.find("FX202699")
    return (text[at : at + 12], number) if at >= 0 else ("", "")


async def scripted(stack: Stack, channel: str, name: str) -> dict[str, Any]:
    dialogue = Dialogue.load(FOLDER / f"{name}.yml")
    number = None
    if (
        dialogue.loan is not None
    ):  # a loan of its own for each channel, so that none is met as another left it
        place = list(CHANNELS).index(channel)
        number = f"FX20269{3 + place}{dialogue.loan.application_no[-4:]}"
        await asyncio.to_thread(
            dialogue.loan.model_copy(update={"application_no": number}).put, stack.settings
        )
    async with CHANNELS[channel](stack) as customer:
        talk = Talk(stack, customer, Records(stack.settings.home))
        for step in dialogue.steps:
            await talk.take(step, number)
        return await ended(talk)


async def with_a_person(stack: Stack, channel: str) -> dict[str, Any]:
    """Asks for a person, gets one, sends a picture, and rates the talk."""
    async with (
        CHANNELS[channel](stack) as customer,
        httpx.AsyncClient(base_url=f"{stack.url}/api/desk") as desk,
    ):
        login = {"name": SUPERVISOR, "password": stack.logins[SUPERVISOR]}
        assert (await desk.post("/login", json=login)).status_code == 200
        talk = Talk(stack, customer, Records(stack.settings.home))
        for number, text in enumerate(("转人工", "我想问提前还款"), 1):
            talk.said = number
            await customer.say(text)
            await talk.settled()
        ticket = talk.records.ticket(talk.id)
        assert (await desk.post(f"/tickets/{ticket}/take-over", json={})).status_code == 200
        await desk.post("/presence", json={"presence": "away"})  # nobody else is offered to them
        said = {"client_id": "a1", "text": "您好，请把回执拍给我看看。"}
        assert (await desk.post(f"/conversations/{talk.id}/messages", json=said)).status_code == 200
        await talk.settled()
        talk.said = 3
        await customer.send_picture(picture())
        await talk.settled()
        assert (await desk.post(f"/tickets/{ticket}/close", json={})).status_code == 200
        await talk.settled()
        rated = [
            option["title"]
            for _, parts, _ in talk.records.messages(talk.id)
            for part in parts
            if part["kind"] == "quick_replies"
            for option in part["options"]
            if option["payload"].startswith("/rate") and '"score":5' in option["payload"]
        ]
        talk.said = 4
        await customer.press(rated[-1])
        await talk.settled()
        return await ended(talk)


async def ended(talk: Talk) -> dict[str, Any]:
    """The end, with what of the log the customer was not shown."""
    profile = {"telegram": TELEGRAM, "wechat": WECHAT}.get(talk.customer.channel)
    words = Phrases.load(ROOT / "data" / "knowledge" / "phrases.yml")

    def missing() -> list[str]:
        seen = talk.customer.sees()
        lost = []
        for sender, wires, _ in talk.records.messages(talk.id):
            parts = [part_from_wire(wire) for wire in wires] if sender != "customer" else []
            shown = parts if profile is None else fit(parts, profile, words, Gallery())
            lines = (line for part in shown for text in readable(part) for line in text.splitlines())
            lost += [line for line in lines if line not in seen]
        return lost

    await talk.until(lambda: talk.records.is_told(talk.id))
    with suppress(TimeoutError):
        await talk.until(lambda: talk.records.is_delivered(talk.id))
        await talk.until(lambda: not missing())
    return {**talk.records.end(talk.id), "never shown": missing()}


def differences(found: Any, wanted: Any, where: str = "") -> Iterator[str]:
    """Each place in which two ends are not the same."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        for key in {**found, **wanted}:
            yield from differences(found.get(key), wanted.get(key), f"{where}.{key}")
    elif isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        for place, (one, other) in enumerate(zip(found, wanted, strict=True)):
            yield from differences(one, other, f"{where}[{place}]")
    elif found != wanted:
        yield f"{where}: {found!r}, {wanted!r}"


def readable(part: object) -> list[str]:
    match part:
        case TextPart(text, detail):
            return [text, detail] if detail else [text]
        case QuickReplies(options, prompt):
            return [*(option.title for option in options), *([prompt] if prompt else [])]
        case _:
            return []


async def everything(stack: Stack) -> dict[str, dict[str, Any]]:
    """All ends by conversation and channel; a conversation that broke off ends in its error."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(work: Callable[[], Any]) -> Any:
        async with slots:
            try:
                return await work()
            except Exception as exc:
                return exc

    async def in_turn(work: Callable[[Stack, str], Any]) -> list[Any]:
        return [await one(lambda channel=channel: work(stack, channel)) for channel in CHANNELS]

    async def at_once(name: str) -> list[Any]:
        works = [one(lambda channel=channel: scripted(stack, channel, name)) for channel in CHANNELS]
        return list(await asyncio.gather(*works))

    async def talk(name: str) -> list[Any]:
        if name == PERSON:
            return await in_turn(with_a_person)
        if (
            name == "progress_late"
        ):  # one customer of the demo, whose codes are told apart by their order alone
            return await in_turn(lambda stack, channel: scripted(stack, channel, name))
        return await at_once(name)

    names = [PERSON, *DIALOGUES]
    with_person = await talk(PERSON)  # alone: as long as somebody is at the desk, the queue moves
    ends = [with_person, *await asyncio.gather(*(talk(name) for name in DIALOGUES))]
    return {name: dict(zip(CHANNELS, found, strict=True)) for name, found in zip(names, ends, strict=True)}


@pytest.fixture(scope="module")
def ends(stack: Stack) -> dict[str, dict[str, Any]]:
    return stack.platforms.run(everything(stack))


@pytest.mark.parametrize("name", [*DIALOGUES, PERSON])
def test_it_ends_in_the_same_state_on_every_channel(ends, name):
    found = ends[name]
    broken = {channel: repr(end) for channel, end in found.items() if isinstance(end, Exception)}
    assert broken == {}
    assert {channel: end["never shown"] for channel, end in found.items()} == {
        channel: [] for channel in CHANNELS
    }
    for channel in ("telegram", "wechat"):
        for what, wanted in found["web"].items():
            assert list(differences(found[channel][what], wanted)) == [], f"{channel}: {what}"


def test_between_them_they_use_everything(ends):
    """Buttons, cards, stations, files both ways, a person, a rating, a check of identity, requests and complaints."""
    on_web = [end["web"] for end in ends.values()]
    kinds = {(sender, part["kind"]) for end in on_web for sender, parts in end["log"] for part in parts}
    assert {("bot", kind) for kind in ("text", "quick_replies", "card", "stages", "file")} <= kinds
    assert {("customer", "press"), ("customer", "image"), ("agent", "text")} <= kinds
    for what in ("tickets", "requests", "complaints", "ratings", "checks", "identity", "slots"):
        assert any(end[what] for end in on_web), what
