"""Template and subscription messages: what may be sent to a customer who has not written, each recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import httpx
import yaml

from bot.channels.wechat.api import WechatApi
from bot.channels.wechat.arrivals import FAILED
from bot.channels.wechat.contacts import Contacts
from bot.channels.wechat.errors import ApiError, ApiThrottled, ApiUnavailable, SetupError
from bot.channels.wechat.store import NoticeRow
from bot.clock import Clock
from bot.conversation.ports import DeliveryFailed, DeliveryInDoubt, DeliveryRefused
from bot.conversation.reach import Manner, Reach
from bot.messages.ids import new_id
from bot.store.engine import Sessions

SENDING, ACCEPTED = "sending", "accepted"
NOT_WRITTEN = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


class Kind(StrEnum):
    """Which of the platform's two ways a template goes."""

    TEMPLATE = "template"
    SUBSCRIPTION = "subscription"


@dataclass(frozen=True)
class Template:
    """A template of the account: its id there, and which of our values fills which of its fields."""

    name: str
    id: str
    kind: Kind
    fields: Mapping[str, str] = field(default_factory=dict)  #: the platform's field → our value
    longest: int = 20  #: characters that a field takes

    def filled(self, values: Mapping[str, str]) -> dict[str, str]:
        """The platform's fields; ``SetupError`` when a value is missing."""
        try:
            found = {name: values[ours] for name, ours in self.fields.items()}
        except KeyError as exc:
            raise SetupError(f"{self.name}: no value {exc}") from exc
        return {
            name: text if len(text) <= self.longest else f"{text[: self.longest - 1]}…"
            for name, text in found.items()
        }


class NoticeNotSent(DeliveryRefused):
    """The platform did not take it, the customer does not follow the account, or it is not set up."""


class NoticeNotNow(DeliveryFailed):
    """The platform surely did not take it now; it may later."""


class NoticeInDoubt(DeliveryInDoubt):
    """The platform was asked and never answered."""


def load_templates(path: Path) -> dict[str, Template]:
    """The templates of a file; those without an id are not set up and left out."""
    if not path.exists():
        return {}
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        templates = (_template(name, one) for name, one in tree.items())
        return {template.name: template for template in templates if template.id}
    except (yaml.YAMLError, AttributeError, TypeError, ValueError, KeyError) as exc:
        raise SetupError(f"{path.name}: {exc}") from exc


def _template(name: str, tree: Mapping[str, Any]) -> Template:
    return Template(
        name=name,
        id=str(tree.get("id") or ""),
        kind=Kind(tree["kind"]),
        fields={str(key): str(value) for key, value in tree["fields"].items()},
        longest=int(tree.get("longest", 20)),
    )


class Notices:
    """Sends them, one call each; whether it arrived is told by the platform later."""

    def __init__(
        self,
        api: WechatApi | None,
        contacts: Contacts,
        sessions: Sessions,
        clock: Clock,
        templates: Mapping[str, Template],
    ) -> None:
        self._api = api
        self._contacts = contacts
        self._sessions = sessions
        self._clock = clock
        self._templates = templates

    def can_send(self, name: str) -> bool:
        """Whether this account has the template."""
        return self._api is not None and name in self._templates

    async def reach(self, external_id: str, template: str) -> Reach:
        """While the customer's window is open a message; else only a template that this account has."""
        if not await self._contacts.is_subscribed(external_id):
            return Reach(Manner.NONE, "not subscribed")
        if self._api is not None and await self._contacts.left(external_id):
            return Reach(Manner.MESSAGE)
        if self.can_send(template):
            return Reach(Manner.TEMPLATE)
        return Reach(Manner.NONE, f"window closed, no template {template}")

    async def send_template(self, external_id: str, template: str, values: Mapping[str, str]) -> None:
        """``conversation.reach.Templates`` of this channel."""
        await self.send(external_id, template, values)

    async def send(self, open_id: str, name: str, values: Mapping[str, str], url: str = "") -> str:
        """Our id of the notice, which the platform has accepted. It is tried once.

        ``NoticeNotSent``, ``NoticeNotNow`` or ``NoticeInDoubt`` otherwise.
        """
        template = self._templates.get(name)
        if template is None or self._api is None:
            raise NoticeNotSent(f"{name} is not set up")
        if not await self._contacts.is_subscribed(open_id):
            raise NoticeNotSent("the customer no longer follows the account")
        data = template.filled(values)
        notice = NoticeRow(
            id=new_id("n"), open_id=open_id, template=name, state=SENDING, at=self._clock.now()
        )
        async with self._sessions.begin() as session:
            session.add(notice)
        try:
            if template.kind is Kind.TEMPLATE:
                platform_id = await self._api.send_template(open_id, template.id, data, url)
            else:
                platform_id = await self._api.send_subscription(open_id, template.id, data, url)
        except ApiError as exc:
            if _is_in_doubt(exc):  # it stays "sending"
                raise NoticeInDoubt(str(exc)) from exc
            await self._settle(notice.id, FAILED, error=str(exc)[:200])
            is_passing = isinstance(exc, ApiUnavailable | ApiThrottled)
            raise (NoticeNotNow if is_passing else NoticeNotSent)(str(exc)) from exc
        await self._settle(notice.id, ACCEPTED, platform_id=platform_id)
        return notice.id

    async def _settle(
        self, notice_id: str, state: str, *, platform_id: str | None = None, error: str | None = None
    ) -> None:
        async with self._sessions.begin() as session:
            row = await session.get_one(NoticeRow, notice_id)
            row.state, row.platform_id, row.error = state, platform_id, error


def _is_in_doubt(exc: ApiError) -> bool:
    """Whether the request may have reached the platform and its answer was lost."""
    cause = exc.__cause__
    return isinstance(cause, httpx.HTTPError) and not isinstance(cause, NOT_WRITTEN)
