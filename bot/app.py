"""Wires the service: every collaborator is made here and handed to whoever needs it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import socketio
import structlog
from fastapi import FastAPI, Response
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, GCCollector, ProcessCollector
from prometheus_client import generate_latest as metrics_text
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.console.routes import Console, ConsoleChannel, console_routes
from bot.channels.web.gateway import WebGateway
from bot.channels.web.routes import web_routes
from bot.channels.web.sessions import WebSessions
from bot.clock import Clock, china_date
from bot.conversation.handover import Handover
from bot.conversation.inbox import Inbox
from bot.conversation.notify import Notifier
from bot.conversation.outbox import Outbox
from bot.conversation.turns import Turns
from bot.desk.calculator import calculator_routes
from bot.desk.gateway import DeskGateway
from bot.desk.login import DeskSessions
from bot.desk.routes import desk_routes
from bot.desk.suggestion import Suggestions
from bot.desk.views import Views
from bot.dialogue.ports import Dialogue
from bot.dialogue.rasa import RasaDialogue
from bot.handoff.agents import Agents
from bot.http import add_refusals
from bot.insight.metrics import Metrics
from bot.knowledge import Library
from bot.knowledge.calculation_defaults import defaults_on
from bot.knowledge.editing import Editing, follow_edits
from bot.papers import PaperLinks
from bot.papers.routes import paper_routes
from bot.settings import ROOT, Settings
from bot.store.engine import Sessions, make_engine, make_sessions

log = structlog.get_logger()

KNOWLEDGE = ROOT / "data" / "knowledge"
WEB_DIST = ROOT / "web" / "dist"
ONE_YEAR = "public, max-age=31536000, immutable"
KNOWLEDGE_REFRESH_SECONDS = 5.0


class LibraryWords:
    """The phrases in use, also after somebody edited them."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def say(self, key: str, **values: object) -> str:
        return self._library.phrases.say(key, **values)


@dataclass(frozen=True)
class Service:
    """The made collaborators; tests build one with doubles."""

    settings: Settings
    clock: Clock
    engine: AsyncEngine
    sessions: Sessions
    dialogue: Dialogue
    library: Library
    words: LibraryWords
    notifier: Notifier
    inbox: Inbox
    handover: Handover
    turns: Turns
    outbox: Outbox
    agents: Agents
    metrics: Metrics
    sio: socketio.AsyncServer
    web: WebGateway
    web_sessions: WebSessions
    desk_sessions: DeskSessions
    views: Views
    console: Console


def make_service(settings: Settings, dialogue: Dialogue, engine: AsyncEngine) -> Service:
    """Everything behind the front door."""
    clock = settings.clock
    sessions = make_sessions(engine)
    library = Library(KNOWLEDGE)
    words = LibraryWords(library)
    notifier = Notifier()
    metrics = Metrics(CollectorRegistry())
    inbox = Inbox(sessions, clock, words, notifier)
    handover = Handover(sessions, clock, words, notifier)
    turns = Turns(
        sessions,
        clock,
        dialogue,
        handover,
        words,
        notifier,
        merge_window_seconds=settings.merge_window_seconds,
        deadline_seconds=settings.turn_deadline_seconds,
        observe=metrics.turn,
    )
    fan_out = socketio.AsyncRedisManager(settings.redis_url) if settings.redis_url else None
    sio = socketio.AsyncServer(async_mode="asgi", client_manager=fan_out, max_http_buffer_size=200_000)
    web_sessions = WebSessions(settings.secret("web_session"))
    web = WebGateway(web_sessions, sessions, inbox, turns, handover, clock, words)
    agents = Agents(sessions, clock)
    desk_sessions = DeskSessions(agents, settings.secret("desk_session"))
    views = Views(sessions, clock, words)
    desk = DeskGateway(desk_sessions, views, handover)
    outbox = Outbox(sessions, clock, {"web": web, "console": ConsoleChannel()})
    for namespace in (web, desk):
        sio.register_namespace(namespace)
    for listener in (web, desk, outbox):
        notifier.add(listener)
    console = Console(sessions, inbox, turns, handover, clock, words)
    return Service(
        settings=settings,
        clock=clock,
        engine=engine,
        sessions=sessions,
        dialogue=dialogue,
        library=library,
        words=words,
        notifier=notifier,
        inbox=inbox,
        handover=handover,
        turns=turns,
        outbox=outbox,
        agents=agents,
        metrics=metrics,
        sio=sio,
        web=web,
        web_sessions=web_sessions,
        desk_sessions=desk_sessions,
        views=views,
        console=console,
    )


def create_app(
    settings: Settings, dialogue: Dialogue | None = None, engine: AsyncEngine | None = None
) -> socketio.ASGIApp:
    """The ASGI application: HTTP routes and Socket.IO under one roof. Tests bring their own bot and database."""
    bot = dialogue or RasaDialogue.at(
        settings.rasa_url, settings.secret("rasa_token"), timeout_seconds=settings.turn_deadline_seconds + 1
    )
    service = make_service(settings, bot, engine or make_engine(settings.database))
    app = FastAPI(title="Fangxin 房信", version="0.1.0", lifespan=lambda _app: running(service))
    app.state.service = service
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    add_refusals(app, invalid_message=service.words.say("refused.invalid"))
    token = settings.secret("console_token")
    app.include_router(console_routes(service.console, token, service.words))
    app.include_router(web_routes(service.web_sessions, service.inbox))
    suggestions = Suggestions(bot, service.library, service.clock)
    app.include_router(
        desk_routes(
            service.handover,
            service.agents,
            service.desk_sessions,
            service.views,
            suggestions,
            service.words,
            is_secure=not settings.is_development,
        )
    )
    app.include_router(
        calculator_routes(lambda: defaults_on(service.library.policy, china_date(service.clock)))
    )
    papers = PaperLinks(
        settings.secret("papers"), service.words, cache=settings.home / "cache" / "matplotlib"
    )
    app.include_router(paper_routes(papers, service.words))
    add_probes(app, service)
    add_pages(app, WEB_DIST)
    return socketio.ASGIApp(service.sio, app)


@asynccontextmanager
async def running(service: Service) -> AsyncIterator[None]:
    """The background work while the service runs; what was left waiting is taken up first."""
    recovered = await service.turns.recover(is_only_process=not service.settings.redis_url)
    log.info("service.started", recovered_conversations=recovered)
    tasks = [
        asyncio.create_task(service.outbox.run()),
        asyncio.create_task(refresh_knowledge(service.library)),
        asyncio.create_task(
            follow_edits(service.library, Editing(service.sessions, service.clock, KNOWLEDGE), service.clock)
        ),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await service.turns.close()
        if isinstance(service.dialogue, RasaDialogue):
            await service.dialogue.close()
        await service.engine.dispose()
        log.info("service.stopped")


async def refresh_knowledge(library: Library) -> None:
    """An edited answer or fact is used within seconds, without a restart."""
    while True:
        await asyncio.sleep(KNOWLEDGE_REFRESH_SECONDS)
        try:
            await asyncio.to_thread(library.refresh)
        except OSError:
            log.exception("knowledge.unreadable")


def add_probes(app: FastAPI, service: Service) -> None:
    registry = service.metrics.registry
    ProcessCollector(registry=registry)
    GCCollector(registry=registry)

    @app.get("/healthz", tags=["probes"])
    async def alive() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @app.get("/readyz", tags=["probes"])
    async def ready() -> JSONResponse:
        """The database answers and the bot could take a turn."""
        checks = {"database": False, "bot": await service.dialogue.is_ready()}
        with suppress(Exception):  # whatever is wrong with the database, the answer is "not ready"
            async with service.sessions() as session:
                await session.execute(text("SELECT 1"))
                checks["database"] = True
        is_ready = all(checks.values())
        body: dict[str, Any] = {"status": "ready" if is_ready else "waiting", **checks}
        return JSONResponse(body, 200 if is_ready else 503)

    @app.get("/metrics", tags=["probes"])
    async def metrics() -> Response:
        return Response(metrics_text(registry), media_type=CONTENT_TYPE_LATEST)


def add_pages(app: FastAPI, dist: Path) -> None:
    """The built front end. Pages are never cached, hashed assets for ever."""
    pages = {
        "/": "index.html",
        "/chat": "chat.html",
        "/desk": "desk.html",
        "/widget.js": "widget.js",
        "/favicon.svg": "favicon.svg",
    }
    for path, file in pages.items():
        headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        if path in ("/", "/desk"):
            headers["Content-Security-Policy"] = "frame-ancestors 'none'"
        add_page(app, path, dist / file, headers)
    app.mount("/assets", HashedAssets(directory=dist / "assets", check_dir=False))


def add_page(app: FastAPI, path: str, file: Path, headers: dict[str, str]) -> None:
    @app.get(path, include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(file, headers=headers)


class HashedAssets(StaticFiles):
    """Files whose names change with their content."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = ONE_YEAR
        return response
