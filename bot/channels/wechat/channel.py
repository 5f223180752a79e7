"""The account behind the port of all channels: what it proves and says, and the way to a customer by its API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import structlog

from bot.channels.ports import Arrival, Request, Verified
from bot.channels.wechat.api import WechatApi
from bot.channels.wechat.contacts import Contacts
from bot.channels.wechat.contents import Contents
from bot.channels.wechat.door import Door
from bot.channels.wechat.errors import ApiRefused, ApiThrottled, ApiUnavailable, WindowClosed
from bot.channels.wechat.incoming import read_incoming
from bot.channels.wechat.limits import THROTTLED_FOR
from bot.channels.wechat.rendering import Rendering
from bot.channels.wechat.xml import read_fields
from bot.clock import Clock
from bot.conversation.model import Message
from bot.conversation.ports import DeliveryFailed, DeliveryPostponed, DeliveryRefused
from bot.messages import Image

log = structlog.get_logger()

#: Looked at again this much later; what the customer does next brings it forward.
UNTIL_THEY_WRITE = timedelta(days=1)
THROTTLED_SHORT = timedelta(minutes=1)


class WechatChannel:
    """``bot.channels.ports.Platform`` for WeChat.

    Sends piece by piece and remembers how far it came. ``api`` is None for accounts without it.
    """

    name = "wechat"

    def __init__(
        self,
        door: Door,
        contents: Contents,
        api: WechatApi | None,
        contacts: Contacts,
        rendering: Rendering,
        clock: Clock,
    ) -> None:
        self.capabilities = rendering.profile
        self._door = door
        self._contents = contents
        self._api = api
        self._contacts = contacts
        self._rendering = rendering
        self._clock = clock

    def verify(self, request: Request) -> Verified:
        """WeChat's signature in the query covers the time and, but in plain mode, the sealed body."""
        return Verified(self._door.open(request.query, request.body).xml)

    def parse(self, verified: Verified) -> Sequence[Arrival]:
        incoming = read_incoming(read_fields(verified.body))
        content = self._contents.of(incoming.content)
        return [] if content is None else [Arrival(incoming.open_id, incoming.key, content)]

    async def send(self, external_id: str, message: Message) -> None:
        """Every piece that was not shown yet; see ``conversation.ports.Channel``."""
        if not await self._contacts.is_subscribed(external_id):
            raise DeliveryRefused("the customer no longer follows the account")
        if self._api is None:
            raise self._postponed("the account has no message API")
        pieces = self._rendering.pieces(message)
        shown = await self._rendering.shown(message.id)
        lead = await self._rendering.lead(message) if shown == 0 else ""
        for position, piece in enumerate(pieces[shown:], start=shown):
            if await self._contacts.left(external_id) == 0:
                raise self._postponed("the customer's window is closed or used up")
            try:
                if isinstance(piece, Image):
                    await self._send_image(self._api, external_id, piece)
                else:
                    text = self._rendering.with_lead(lead, piece.text) if position == 0 else piece.text
                    await self._api.send_text(external_id, text)
            except WindowClosed as exc:
                await self._contacts.window_closed(external_id)
                raise self._postponed(str(exc)) from exc
            except ApiThrottled as exc:
                wait = THROTTLED_FOR.get(exc.code, THROTTLED_SHORT)
                raise DeliveryPostponed(self._clock.now() + wait, str(exc)) from exc
            except ApiUnavailable as exc:
                raise DeliveryFailed(str(exc)) from exc
            except ApiRefused as exc:
                raise DeliveryRefused(str(exc)) from exc
            await self._contacts.wrote_to(external_id)
            await self._rendering.show_from(message.id, position + 1)
        await self._rendering.show_from(message.id, 0)

    async def _send_image(self, api: WechatApi, open_id: str, image: Image) -> None:
        """The picture, uploaded; its words and address where that cannot be."""
        made = await self._rendering.content(image)
        if made is not None:
            try:
                await api.send_image(open_id, await api.upload_image(*made))
                return
            except ApiRefused as exc:
                log.warning("wechat.picture_not_sent", error=str(exc))
        await api.send_text(open_id, f"{image.alt}\n{image.url}")

    def _postponed(self, reason: str) -> DeliveryPostponed:
        return DeliveryPostponed(self._clock.now() + UNTIL_THEY_WRITE, reason)
