"""Puts the channel together from the settings; there is none while no token is set."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import httpx
import structlog
from fastapi import APIRouter

from bot.channels.wechat.api import TIMEOUT_SECONDS, WechatApi
from bot.channels.wechat.arrivals import Arrivals
from bot.channels.wechat.binding.oauth import OAuth
from bot.channels.wechat.binding.routes import binding_routes
from bot.channels.wechat.binding.service import Binding
from bot.channels.wechat.binding.tickets import Tickets
from bot.channels.wechat.channel import WechatChannel
from bot.channels.wechat.contacts import Contacts
from bot.channels.wechat.contents import Contents
from bot.channels.wechat.door import Door, Mode
from bot.channels.wechat.errors import SetupError
from bot.channels.wechat.menu import Menu
from bot.channels.wechat.notices import Notices, load_templates
from bot.channels.wechat.passive import PassiveReplies
from bot.channels.wechat.pictures import Pictures
from bot.channels.wechat.rendering import Rendering
from bot.channels.wechat.routes import wechat_routes
from bot.conversation.attachments import Attachments
from bot.conversation.fetching import Fetching
from bot.conversation.handover import Handover
from bot.conversation.inbox import Inbox
from bot.conversation.ports import Words
from bot.conversation.turns import Turns
from bot.papers import PaperLinks
from bot.servicing.file_links import FileLinks
from bot.servicing.files import Files
from bot.servicing.ports import Policy
from bot.servicing.service import make_servicing
from bot.settings import ROOT, Settings
from bot.store.engine import Sessions
from bot.store.vault import Vault

log = structlog.get_logger()

MENU = ROOT / "data" / "channels" / "wechat_menu.yml"
TEMPLATES = ROOT / "data" / "channels" / "wechat_templates.yml"
TIDY_SECONDS = 3600.0


@dataclass(frozen=True)
class Wechat:
    """The made channel."""

    door: Door
    channel: WechatChannel
    replies: PassiveReplies
    pictures: Pictures
    arrivals: Arrivals
    contacts: Contacts
    notices: Notices
    binding: Binding | None  #: None for accounts without the API, to which the platform tells no openid
    words: Words
    http: httpx.AsyncClient

    def routes(self) -> APIRouter:
        router = APIRouter()
        router.include_router(wechat_routes(self.door, self.replies, self.words))
        if self.binding is not None:
            router.include_router(binding_routes(self.binding, self.words))
        return router

    async def run(self) -> None:
        """The channel's own work in the background, until cancelled."""
        try:
            await asyncio.gather(self.pictures.run(), self._keep_tidy())
        finally:
            await self.http.aclose()

    async def _keep_tidy(self) -> None:
        while True:
            try:
                await self.arrivals.tidy()
            except Exception:
                log.exception("wechat.tidy_failed")
            await asyncio.sleep(TIDY_SECONDS)


def make_api(settings: Settings, sessions: Sessions, vault: Vault, http: httpx.AsyncClient) -> WechatApi:
    """The account's API; ``SetupError`` without its id and secret."""
    secret = settings.wechat_app_secret.get_secret_value()
    if not settings.wechat_app_id or not secret:
        raise SetupError("FANGXIN_WECHAT_APP_ID and FANGXIN_WECHAT_APP_SECRET are needed for the API")
    return WechatApi(http, settings.wechat_app_id, secret, sessions, settings.clock, vault)


def make_http(settings: Settings) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=settings.wechat_api_url, timeout=TIMEOUT_SECONDS)


def make_wechat(
    settings: Settings,
    sessions: Sessions,
    vault: Vault,
    policy: Policy,
    words: Words,
    inbox: Inbox,
    turns: Turns,
    handover: Handover,
    attachments: Attachments,
    files: Files,
) -> Wechat | None:
    """The channel, or None; ``SetupError`` when its settings do not hold together."""
    token = settings.wechat_token.get_secret_value()
    if not token:
        return None
    try:
        mode = Mode(settings.wechat_mode)
    except ValueError as exc:
        raise SetupError("FANGXIN_WECHAT_MODE is plain, compatible or encrypted") from exc
    clock, has_api = settings.clock, settings.wechat_has_customer_api
    door = Door(settings.wechat_app_id, token, settings.wechat_aes_key.get_secret_value(), mode)
    http = make_http(settings)
    api = make_api(settings, sessions, vault, http) if has_api else None
    papers = PaperLinks(
        settings.secret("papers"),
        words,
        base_url=settings.public_base_url,
        cache=settings.home / "cache" / "matplotlib",
    )
    file_links = FileLinks(settings.secret("files"), base_url=settings.public_base_url)
    rendering = Rendering(
        sessions, words, papers, file_links, files, base_url=settings.public_base_url, has_api=has_api
    )
    contacts = Contacts(sessions, clock)
    binding = make_binding(settings, sessions, policy, words, inbox, handover, http) if has_api else None
    contents = Contents(Menu.load(MENU), words)
    arrivals = Arrivals(sessions, clock, contacts)
    pictures = Pictures(api, arrivals, attachments, files, inbox, handover, clock, words)
    replies = PassiveReplies(
        arrivals,
        rendering,
        pictures,
        contents,
        inbox,
        turns,
        handover,
        Fetching(sessions, clock),
        clock,
        words,
        hold_seconds=settings.wechat_hold_seconds,
        has_api=has_api,
        bind_link=binding.link if binding else None,
    )
    return Wechat(
        door=door,
        channel=WechatChannel(door, contents, api, contacts, rendering, clock),
        replies=replies,
        pictures=pictures,
        arrivals=arrivals,
        contacts=contacts,
        notices=Notices(api, contacts, sessions, clock, load_templates(TEMPLATES)),
        binding=binding,
        words=words,
        http=http,
    )


def make_binding(
    settings: Settings,
    sessions: Sessions,
    policy: Policy,
    words: Words,
    inbox: Inbox,
    handover: Handover,
    http: httpx.AsyncClient,
) -> Binding:
    """The page that binds an openid."""
    return Binding(
        OAuth(http, settings.wechat_app_id, settings.wechat_app_secret.get_secret_value()),
        Tickets(settings.secret("wechat_binding"), settings.clock),
        make_servicing(settings, sessions, policy),
        sessions,
        settings.clock,
        inbox,
        handover,
        words,
        base_url=settings.public_base_url,
    )
