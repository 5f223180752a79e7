"""Wires the service: every collaborator is made here and handed to whoever needs it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import socketio
import structlog
from fastapi import FastAPI, Response
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, GCCollector, ProcessCollector
from prometheus_client import generate_latest as metrics_text
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.care.wiring import CareWork, make_care
from bot.channels.console.routes import Console, ConsoleChannel, console_routes
from bot.channels.ports import Platform
from bot.channels.reception import Reception
from bot.channels.telegram.wiring import make_telegram
from bot.channels.web.gateway import WebGateway
from bot.channels.web.ports import IdentityNotTaken, SignedIn
from bot.channels.web.routes import web_routes
from bot.channels.web.sessions import WebSessions
from bot.channels.web.uploads import upload_routes
from bot.channels.wechat.wiring import Wechat, make_wechat
from bot.clock import Clock, china_date
from bot.conversation.attachments import Attachments
from bot.conversation.closing import Closing
from bot.conversation.deskwork import DeskWork
from bot.conversation.dispatch import Dispatcher
from bot.conversation.handover import Handover
from bot.conversation.inbox import Inbox
from bot.conversation.notify import Notifier
from bot.conversation.opinions import Opinions
from bot.conversation.outbox import Outbox
from bot.conversation.rating import Ratings
from bot.conversation.reach import Reachable, Templates
from bot.conversation.retention import Periods, Retention
from bot.conversation.turns import Turns
from bot.core.calls import CoreCalls
from bot.core.keys import ApiKeys
from bot.core.published import PublishedRates
from bot.core.routes import core_routes
from bot.desk.complaints import complaint_routes, panel_routes
from bot.desk.gateway import DeskGateway
from bot.desk.login import DeskSessions
from bot.desk.numbers import numbers_routes
from bot.desk.panel import Panel
from bot.desk.people import people_routes
from bot.desk.requests import request_routes
from bot.desk.routes import desk_routes
from bot.desk.suggestion import Suggestions
from bot.desk.tickets import ticket_routes
from bot.desk.views import Views
from bot.desk.wiring import make_desk_routes
from bot.desk_screens import add_sending, add_supervision
from bot.dialogue.ports import Dialogue
from bot.dialogue.rasa import RasaDialogue
from bot.handoff.agents import Agents
from bot.handoff.complaints import ComplaintDesk
from bot.handoff.notebook import Notebook
from bot.handoff.request_desk import RequestDesk
from bot.handoff.second_factor import SecondFactor
from bot.http import add_refusals
from bot.insight.dashboard import Dashboard
from bot.insight.desk_metrics import DeskMetrics
from bot.insight.metrics import Metrics
from bot.insight.numbers import CaseBook
from bot.knowledge import Library
from bot.knowledge.editing import Editing, follow_edits
from bot.knowledge.library import CurrentPolicy
from bot.pages import add_pages
from bot.papers import Certificates, PaperLinks
from bot.papers.routes import certificate_routes, paper_routes
from bot.servicing.errors import SignedIdentityRefused
from bot.servicing.file_links import FileLinks
from bot.servicing.file_routes import file_routes
from bot.servicing.files import Files, FileStore
from bot.servicing.intake import Intake
from bot.servicing.reading import DocumentReader
from bot.servicing.requests import make_requests
from bot.servicing.signed_identity import make_signed_identities
from bot.settings import ROOT, Settings
from bot.store.engine import Sessions, make_engine, make_sessions
from bot.store.vault import Vault

if TYPE_CHECKING:
    from bot.channels.telegram.service import Telegram

log = structlog.get_logger()

KNOWLEDGE = ROOT / "data" / "knowledge"
WEB_DIST = ROOT / "web" / "dist"
KNOWLEDGE_REFRESH_SECONDS = 5.0
TIDY_AFTER_SECONDS = 60.0
DAY_SECONDS = 24 * 3600.0


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
    work: DeskWork
    dispatcher: Dispatcher
    closing: Closing
    turns: Turns
    outbox: Outbox
    care: CareWork
    request_desk: RequestDesk
    agents: Agents
    second_factor: SecondFactor
    metrics: Metrics
    desk_metrics: DeskMetrics
    sio: socketio.AsyncServer
    web: WebGateway
    desk: DeskGateway
    web_sessions: WebSessions
    desk_sessions: DeskSessions
    views: Views
    console: Console
    files: Files
    file_links: FileLinks
    attachments: Attachments
    terminal: ConsoleChannel
    channels: Mapping[str, Platform]
    telegram: Telegram | None  #: None while no token is set
    wechat: Wechat | None


def make_service(settings: Settings, dialogue: Dialogue, engine: AsyncEngine) -> Service:
    """Everything behind the front door."""
    clock = settings.clock
    sessions = make_sessions(engine)
    library = Library(KNOWLEDGE)
    words = LibraryWords(library)
    notifier = Notifier()
    metrics = Metrics(CollectorRegistry())
    desk_metrics = DeskMetrics(metrics.registry)
    inbox = Inbox(sessions, clock, words, notifier)
    handover = Handover(
        sessions, clock, words, notifier, CurrentPolicy(library), observe=desk_metrics.happened
    )
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
    policy = CurrentPolicy(library)
    requests = make_requests(settings, sessions, policy)
    request_desk = RequestDesk(sessions, clock, policy, requests)
    fan_out = socketio.AsyncRedisManager(settings.redis_url) if settings.redis_url else None
    sio = socketio.AsyncServer(async_mode="asgi", client_manager=fan_out, max_http_buffer_size=200_000)
    web_sessions = WebSessions(settings.secret("web_session"))
    vault = Vault(settings.secret("vault"))
    file_links = FileLinks(settings.secret("files"))
    web = WebGateway(
        web_sessions,
        sessions,
        inbox,
        turns,
        handover,
        clock,
        words,
        file_links,
        hash_address=lambda site: vault.keyed_hash(f"address:{site}"),
        notifier=notifier,
        opinions=Opinions(sessions, clock, observe=metrics.opinion),
    )
    second_factor = SecondFactor(sessions, vault, clock)
    agents = Agents(sessions, clock, second_factor)
    desk_sessions = DeskSessions(
        agents, settings.secret("desk_session"), is_secure=not settings.is_development
    )
    views = Views(sessions, clock, words, file_links)
    desk = DeskGateway(desk_sessions, agents, views, handover, notifier)
    console = Console(sessions, inbox, turns, handover, clock, words, file_links)
    store = FileStore(settings.home / "files", vault)
    files = Files(sessions, clock, vault, CurrentPolicy(library), store)
    attachments = Attachments(sessions, clock, files, DocumentReader(), inbox, handover, turns, words)
    reception = Reception("telegram", inbox, attachments, files, handover, turns, clock, words)
    telegram = make_telegram(settings, sessions, CurrentPolicy(library), words, reception, files)
    terminal = ConsoleChannel(settings.secret("console_token"))
    channels: dict[str, Platform] = {"web": web, "console": terminal}
    platforms: dict[str, Reachable] = {"web": web}
    templates: dict[str, Templates] = {}
    if telegram is not None:
        channels["telegram"] = platforms["telegram"] = telegram.channel
        notifier.add(telegram)
    wechat = make_wechat(settings, sessions, vault, policy, words, inbox, turns, handover, attachments, files)
    if wechat is not None:
        channels[wechat.channel.name] = wechat.channel
        platforms[wechat.channel.name] = templates[wechat.channel.name] = wechat.notices
        notifier.add(wechat.replies)
    outbox = Outbox(sessions, clock, channels)
    for namespace in (web, desk):
        sio.register_namespace(namespace)
    for listener in (web, desk, outbox):
        notifier.add(listener)
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
        work=DeskWork(handover, clock, words),
        dispatcher=Dispatcher(
            handover,
            ComplaintDesk(sessions, clock, policy),
            request_desk,
            clock,
            words,
            tell=desk.rang,
        ),
        closing=Closing(handover, Ratings(handover, clock, words), clock, words, CurrentPolicy(library)),
        turns=turns,
        outbox=outbox,
        request_desk=request_desk,
        care=make_care(sessions, clock, policy, words, notifier, platforms, templates),
        agents=agents,
        second_factor=second_factor,
        metrics=metrics,
        desk_metrics=desk_metrics,
        sio=sio,
        web=web,
        desk=desk,
        web_sessions=web_sessions,
        desk_sessions=desk_sessions,
        views=views,
        console=console,
        files=files,
        file_links=file_links,
        attachments=attachments,
        terminal=terminal,
        channels=channels,
        telegram=telegram,
        wechat=wechat,
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
    app.include_router(console_routes(service.console, service.terminal, service.words))
    app.include_router(web_routes(service.web_sessions, service.inbox, service.words, signed_in_by(service)))
    app.include_router(upload_routes(service.web_sessions, service.attachments, service.files, service.words))

    if service.wechat is not None:
        app.include_router(service.wechat.routes())

    async def is_at_desk(cookie: str) -> bool:
        return await service.desk_sessions.agent_of_header(cookie) is not None

    app.include_router(file_routes(service.files, service.file_links, is_at_desk, service.words))
    suggestions = Suggestions(bot, service.library, service.clock)
    app.include_router(
        desk_routes(
            service.work,
            service.agents,
            service.desk_sessions,
            service.views,
            suggestions,
            service.words,
        )
    )
    for router in make_desk_routes(
        service.second_factor,
        service.handover,
        service.desk_sessions,
        service.views,
        service.desk,
        service.clock,
        service.words,
    ):
        app.include_router(router)
    app.include_router(
        people_routes(
            service.agents,
            Notebook(service.sessions, service.clock),
            service.desk_sessions,
            service.views,
            service.words,
            service.desk.note_added,
        )
    )
    app.include_router(
        numbers_routes(
            Dashboard(CaseBook(service.sessions, service.clock)),
            service.desk_sessions,
            service.clock,
            service.words,
        )
    )
    policy = CurrentPolicy(service.library)
    vault = Vault(settings.secret("vault"))
    panel = Panel(service.sessions, service.clock, vault, policy, service.words, service.care.record)
    app.include_router(panel_routes(panel, service.desk_sessions, service.words))
    complaints = ComplaintDesk(service.sessions, service.clock, policy)
    app.include_router(
        request_routes(service.request_desk, service.desk_sessions, service.clock, service.words)
    )
    app.include_router(
        complaint_routes(complaints, service.agents, service.desk_sessions, service.clock, service.words)
    )
    app.include_router(
        ticket_routes(
            service.work,
            service.agents,
            service.desk_sessions,
            service.views,
            service.clock,
            service.words,
        )
    )
    add_sending(app, service)
    add_supervision(app, service)
    add_core(app, service)
    papers = PaperLinks(
        settings.secret("papers"), service.words, cache=settings.home / "cache" / "matplotlib"
    )
    app.include_router(paper_routes(papers, service.words))
    record = make_requests(settings, service.sessions, CurrentPolicy(service.library))
    certificates = Certificates(settings.secret("papers"), record, service.clock, service.words)
    app.include_router(certificate_routes(certificates, service.words))
    if service.telegram is not None and settings.telegram_mode == "webhook":
        app.include_router(service.telegram.routes())
    add_probes(app, service)
    add_pages(app, WEB_DIST, settings.embedding_sites)
    return socketio.ASGIApp(service.sio, app)


def signed_in_by(service: Service) -> SignedIn | None:
    """The port through which the bank's site says who its visitor is; None while no key is shared with it."""
    identities = make_signed_identities(service.settings, service.sessions, CurrentPolicy(service.library))
    if identities is None:
        return None

    async def admit(channel: str, token: str) -> str:
        try:
            return await identities.admit(channel, token)
        except SignedIdentityRefused as exc:
            raise IdentityNotTaken from exc

    return admit


@asynccontextmanager
async def running(service: Service) -> AsyncIterator[None]:
    """The background work while the service runs; what was left waiting is taken up first."""
    recovered = await service.turns.recover(is_only_process=not service.settings.redis_url)
    unread = await service.attachments.recover()
    log.info("service.started", recovered_conversations=recovered, unread_files=unread)
    tasks = [
        asyncio.create_task(service.outbox.run()),
        asyncio.create_task(service.dispatcher.run()),
        asyncio.create_task(service.closing.run()),
        asyncio.create_task(service.desk.run()),
        asyncio.create_task(service.care.run()),
        asyncio.create_task(refresh_knowledge(service.library)),
        asyncio.create_task(keep_tidy(service)),
        asyncio.create_task(
            follow_edits(service.library, Editing(service.sessions, service.clock, KNOWLEDGE), service.clock)
        ),
    ]
    if service.telegram is not None:
        tasks.append(asyncio.create_task(service.telegram.run()))
    if service.wechat is not None:
        tasks.append(asyncio.create_task(service.wechat.run()))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await service.attachments.close()
        await service.turns.close()
        if isinstance(service.dialogue, RasaDialogue):
            await service.dialogue.close()
        await service.engine.dispose()
        log.info("service.stopped")


def add_core(app: FastAPI, service: Service) -> None:
    """The way in for the bank's own systems."""
    vault = Vault(service.settings.secret("vault"))
    published = PublishedRates(Editing(service.sessions, service.clock, KNOWLEDGE), KNOWLEDGE)
    calls = CoreCalls(service.sessions, service.clock, Intake(service.clock, vault), published, service.words)
    keys = ApiKeys(service.sessions, service.clock, vault)
    app.include_router(core_routes(calls, keys, service.words))


async def refresh_knowledge(library: Library) -> None:
    """An edited answer or fact is used within seconds, without a restart."""
    while True:
        await asyncio.sleep(KNOWLEDGE_REFRESH_SECONDS)
        try:
            await asyncio.to_thread(library.refresh)
        except OSError:
            log.exception("knowledge.unreadable")


async def keep_tidy(service: Service) -> None:
    """Once a day what was kept long enough is deleted; a run that fails is made again the next day."""
    retention = Retention(service.sessions, service.clock, service.dialogue)
    while True:
        await asyncio.sleep(TIDY_AFTER_SECONDS)
        try:
            await retention.run(retention_periods(service.library, service.clock))
        except Exception:
            log.exception("retention.failed")
        await asyncio.sleep(DAY_SECONDS - TIDY_AFTER_SECONDS)


def retention_periods(library: Library, clock: Clock) -> Periods:
    """How long words are kept, by the day's policy facts."""
    today = china_date(clock)
    return Periods(
        messages=timedelta(days=library.policy.fact("retention.message_days", today).whole),
        memory=timedelta(days=library.policy.fact("retention.memory_days", today).whole),
    )


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
        try:
            await service.desk_metrics.look(service.sessions, service.clock)
        except SQLAlchemyError:  # what this process counted is told all the same
            log.exception("metrics.desk_unknown")
        return Response(metrics_text(registry), media_type=CONTENT_TYPE_LATEST)
