"""Customers and agents talk at once over Socket.IO: nothing may be lost or doubled, and how long words take is measured.

``python -m scripts.bench_desk`` starts the service with a scripted bot in a process of its own, so that the people
who talk do not share an event loop with the service that they measure.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import socketio

from bot.handoff.model import Role

CONVERSATIONS, AGENTS, EXCHANGES = 50, 10, 3
WRITING_SECONDS = 3.0  #: an agent writes to one customer at a time, and nobody writes faster
MEDIAN_LIMIT_MS = 200.0
STAFFED = datetime.fromisoformat(
    "2026-11-24T10:00:00+08:00"
)  #: a Tuesday: outside hours nobody is offered customers
WANTS_A_PERSON = "转人工"
PASSWORD = "correct horse battery"
PATIENCE_SECONDS = 120.0


class Impatient(Exception):
    """Something that had to come did not; the message says what."""


@dataclass
class Heard:
    """What came over one line, in its order, and somebody to wake when there is more."""

    texts: list[str] = field(default_factory=list)
    came: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def add(self, text: str) -> None:
        async with self.came:
            self.texts.append(text)
            self.came.notify_all()

    async def until(self, text: str) -> None:
        """Wait for a text; ``Impatient`` when it does not come."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), self.came:
                await self.came.wait_for(lambda: text in self.texts)
        except TimeoutError as exc:
            raise Impatient(f"{text!r} did not come; heard {self.texts}") from exc


@dataclass
class Figures:
    """What a run brought."""

    delivered_ms: list[float] = field(
        default_factory=list
    )  #: from the agent's request to the customer's screen
    faults: list[str] = field(default_factory=list)  #: what was lost, doubled or out of order

    @property
    def median_ms(self) -> float:
        return statistics.median(self.delivered_ms)

    @property
    def p95_ms(self) -> float:
        ordered = sorted(self.delivered_ms)
        return ordered[-(-len(ordered) * 95 // 100) - 1]


@dataclass
class Customer:
    """A browser with the chat open."""

    conversation_id: str
    line: socketio.AsyncClient
    from_agent: Heard = field(default_factory=Heard)
    sent: int = 0

    @classmethod
    async def arrives(cls, url: str, http: httpx.AsyncClient, stack: AsyncExitStack) -> Customer:
        opened = (await http.post("/channels/web/session")).raise_for_status().json()
        customer = cls(opened["conversation_id"], socketio.AsyncClient(reconnection=False))
        customer.line.on("message", customer._hears, namespace="/chat")
        await customer.line.connect(url, auth={"token": opened["token"]}, namespaces=["/chat"])
        stack.push_async_callback(customer.line.disconnect)
        return customer

    async def says(self, text: str) -> None:
        self.sent += 1
        said = {"client_id": f"k{self.sent}", "text": text}
        answer = await self.line.call("send", said, namespace="/chat", timeout=PATIENCE_SECONDS)
        if not answer["ok"]:
            raise Impatient(f"refused: {answer}")

    async def _hears(self, message: dict[str, Any]) -> None:
        if message["sender"] == "agent":
            await self.from_agent.add(message["parts"][0]["text"])


@dataclass
class AgentAtDesk:
    """A browser with the desk open: takes whatever is offered."""

    id: str
    http: httpx.AsyncClient
    line: socketio.AsyncClient
    taken: asyncio.Queue[tuple[str, AgentAtDesk]]
    writing_seconds: float
    hands: asyncio.Lock = field(default_factory=asyncio.Lock)  #: two, for one keyboard
    heard: dict[str, Heard] = field(default_factory=dict)  #: by conversation

    @classmethod
    async def sits_down(
        cls,
        url: str,
        name: str,
        taken: asyncio.Queue[tuple[str, AgentAtDesk]],
        writing_seconds: float,
        stack: AsyncExitStack,
    ) -> AgentAtDesk:
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=PATIENCE_SECONDS))
        login = await http.post("/api/desk/login", json={"name": name, "password": PASSWORD})
        me = login.raise_for_status().json()["agent"]
        agent = cls(me["id"], http, socketio.AsyncClient(reconnection=False), taken, writing_seconds)
        agent.line.on("ticket", agent._sees, namespace="/desk")
        agent.line.on("message", agent._hears, namespace="/desk")
        cookie = "; ".join(f"{key}={value}" for key, value in http.cookies.items())
        await agent.line.connect(url, namespaces=["/desk"], headers={"Cookie": cookie})
        stack.push_async_callback(agent.line.disconnect)
        return agent

    async def writes(self) -> None:
        """Takes the time that writing takes."""
        async with self.hands:
            await asyncio.sleep(self.writing_seconds)

    async def says(self, conversation_id: str, text: str) -> None:
        said = {"client_id": text, "text": text}
        path = f"/api/desk/conversations/{conversation_id}/messages"
        (await self.http.post(path, json=said)).raise_for_status()

    async def _sees(self, ticket: dict[str, Any]) -> None:
        conversation_id = ticket["conversation_id"]
        is_mine = ticket["status"] == "offered" and ticket["agent_id"] == self.id
        if not is_mine or conversation_id in self.heard:
            return
        self.heard[conversation_id] = Heard()
        await self.line.call("watch", {"conversation_id": conversation_id}, namespace="/desk")
        claimed = await self.http.post(f"/api/desk/tickets/{ticket['id']}/claim")
        if claimed.status_code != 200:  # the offer ran out meanwhile: it comes again
            del self.heard[conversation_id]
            return
        await self.taken.put((conversation_id, self))

    async def _hears(self, event: dict[str, Any]) -> None:
        message, heard = event["message"], self.heard.get(event["conversation_id"])
        if heard is not None and message["sender"] == "customer":
            await heard.add(message["parts"][0]["text"])


async def talk(
    url: str, names: Sequence[str], conversations: int, exchanges: int, writing_seconds: float = 0.0
) -> Figures:
    """All customers ask for a person at once; each is served to the end, and what came is compared with what went."""
    figures = Figures()
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=PATIENCE_SECONDS))
        taken: asyncio.Queue[tuple[str, AgentAtDesk]] = asyncio.Queue()
        agents = [await AgentAtDesk.sits_down(url, name, taken, writing_seconds, stack) for name in names]
        arrived = [await Customer.arrives(url, http, stack) for _ in range(conversations)]
        customers = {customer.conversation_id: customer for customer in arrived}
        await asyncio.gather(*(customer.says(WANTS_A_PERSON) for customer in arrived))
        pairs: list[tuple[AgentAtDesk, Customer]] = []
        for _ in arrived:
            try:
                conversation_id, agent = await asyncio.wait_for(taken.get(), PATIENCE_SECONDS)
            except TimeoutError as exc:
                raise Impatient(f"only {len(pairs)} of {conversations} customers were taken") from exc
            pairs.append((agent, customers[conversation_id]))
        await asyncio.gather(*(_serve(agent, customer, exchanges, figures) for agent, customer in pairs))
        for agent in agents:
            for conversation_id in agent.heard:
                await _compare(agent, customers[conversation_id], exchanges, figures)
    return figures


async def _serve(agent: AgentAtDesk, customer: Customer, exchanges: int, figures: Figures) -> None:
    heard = agent.heard[customer.conversation_id]
    for number in range(exchanges):
        answer, question = f"答{number}", f"问{number}"
        await agent.writes()
        began = time.perf_counter()
        posted = asyncio.create_task(agent.says(customer.conversation_id, answer))
        await customer.from_agent.until(answer)
        figures.delivered_ms.append((time.perf_counter() - began) * 1000)
        await posted
        await customer.says(question)
        await heard.until(question)


async def _compare(agent: AgentAtDesk, customer: Customer, exchanges: int, figures: Figures) -> None:
    """What both sides heard and what is stored, each exactly once and in order."""
    answers, questions = ([f"{what}{number}" for number in range(exchanges)] for what in "答问")
    stored = (await agent.http.get(f"/api/desk/conversations/{customer.conversation_id}")).json()["messages"]
    said = {
        sender: [message["parts"][0]["text"] for message in stored if message["sender"] == sender]
        for sender in ("agent", "customer")
    }
    heard = agent.heard[customer.conversation_id].texts
    for what, found, wanted in (
        ("customer heard", customer.from_agent.texts, answers),
        ("agent heard", [text for text in heard if text != WANTS_A_PERSON], questions),
        ("stored of the agent", said["agent"], answers),
        ("stored of the customer", said["customer"], [WANTS_A_PERSON, *questions]),
    ):
        if found != wanted:
            figures.faults.append(f"{customer.conversation_id}: {what} {found}, not {wanted}")


def serve(home: str, port: int, agents: Sequence[str]) -> None:
    """The service with a bot that hands everybody over; runs until it is ended."""
    import uvicorn

    from bot.app import create_app
    from bot.dialogue.ports import TurnAnswer
    from bot.dialogue.scripted import ScriptedDialogue
    from bot.logs import configure_logging
    from bot.messages import Handoff, TextPart
    from bot.settings import Settings
    from bot.store.migrate import upgrade

    configure_logging("ERROR")
    settings = Settings(
        home=Path(home), now=STAFFED, database_url="", redis_url="", merge_window_seconds=0.05, _env_file=None
    )
    upgrade(settings.database)
    asyncio.run(_hire(settings.database, agents))
    handed_over = TurnAnswer((TextPart("马上"), Handoff("asked", "before_loan", "客户要求人工")))
    app = create_app(settings, ScriptedDialogue(script={WANTS_A_PERSON: handed_over}))
    uvicorn.run(app, port=port, log_config=None, access_log=False)


async def _hire(database: str, names: Sequence[str]) -> None:
    from bot.clock import SystemClock
    from bot.handoff.agents import Agents
    from bot.store.engine import make_engine, make_sessions

    engine = make_engine(database)
    agents = Agents(make_sessions(engine), SystemClock())
    for name in names:
        await agents.set_password(name, f"客服{name}", Role.AGENT, PASSWORD)
    await engine.dispose()


def wait_until_up(url: str) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up:
        try:
            if httpx.get(f"{url}/healthz").status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise Impatient("the service did not start")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main() -> int:
    names = [f"agent{number}" for number in range(AGENTS)]
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as home:
        service = multiprocessing.get_context("spawn").Process(
            target=serve, args=(home, port, names), daemon=True
        )
        service.start()
        try:
            wait_until_up(url)
            figures = asyncio.run(talk(url, names, CONVERSATIONS, EXCHANGES, WRITING_SECONDS))
        finally:
            service.terminate()
            service.join(30)
    print(f"坐席台 / the desk: {CONVERSATIONS} conversations, {AGENTS} agents, {EXCHANGES} exchanges each")
    print(
        f"  坐席→客户 / agent to customer   p50 {figures.median_ms:.0f} ms (≤ {MEDIAN_LIMIT_MS:g})   "
        f"p95 {figures.p95_ms:.0f} ms   {len(figures.delivered_ms)} messages"
    )
    for fault in figures.faults:
        print(f"  {fault}", file=sys.stderr)
    return int(bool(figures.faults) or figures.median_ms > MEDIAN_LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
