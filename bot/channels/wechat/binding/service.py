"""The binding itself: to the platform and back, then the check of identity that the conversation also has."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

import structlog

from bot.channels.wechat.binding.oauth import OAuth
from bot.channels.wechat.binding.tickets import TicketRefused, Tickets
from bot.channels.wechat.errors import WechatError
from bot.clock import Clock
from bot.conversation.handover import Handover
from bot.conversation.inbox import Inbox
from bot.conversation.model import Sender
from bot.conversation.ports import Words
from bot.messages import TextPart, part_to_wire
from bot.servicing.identity_rules import ProvedBy
from bot.servicing.nonces import use_up
from bot.servicing.service import Servicing
from bot.store.engine import Sessions

log = structlog.get_logger()

CHANNEL = "wechat"
PATH = "/channels/wechat/bind"


class WayRefused(WechatError):
    """The browser did not come back on the way that it was sent, or comes a second time; the reason is for the log."""


@dataclass(frozen=True)
class Way:
    """To the platform; the browser keeps the state, so that nobody can make another finish this way."""

    address: str
    state: str


class Binding:
    """Each step names the customer's openid by a ticket, and nothing is kept of one who does not finish."""

    def __init__(
        self,
        oauth: OAuth,
        tickets: Tickets,
        servicing: Servicing,
        sessions: Sessions,
        clock: Clock,
        inbox: Inbox,
        handover: Handover,
        words: Words,
        *,
        base_url: str,
    ) -> None:
        self._oauth = oauth
        self._tickets = tickets
        self._servicing = servicing
        self._sessions = sessions
        self._clock = clock
        self._inbox = inbox
        self._handover = handover
        self._words = words
        self._base_url = base_url

    @property
    def link(self) -> str:
        """Where it begins."""
        return f"{self._base_url}{PATH}"

    def way(self) -> Way:
        state = self._tickets.state()
        return Way(self._oauth.address(f"{self.link}/back", state), state)

    async def arrive(self, code: str, state: str, kept: str) -> str:
        """The visit that begins with this code; ``WayRefused``, or ``ApiError`` when the platform does not tell."""
        if not hmac.compare_digest(state.encode("utf-8", "replace"), kept.encode("utf-8", "replace")):
            raise WayRefused("another browser's state")
        try:
            nonce, until = self._tickets.read_state(state)
        except TicketRefused as exc:
            raise WayRefused(f"state {exc}") from exc
        async with self._sessions.begin() as session:
            if not await use_up(session, f"wechat:{nonce}", until, self._clock.now()):
                raise WayRefused("state used before")
        return self._tickets.visit(await self._oauth.open_id(code))

    def visitor(self, visit: str) -> str:
        """The openid; ``TicketRefused`` when the visit has ended."""
        return self._tickets.read_visit(visit)

    async def check(self, visit: str, named: str, id_last4: str, key: str) -> str:
        """Send a code; what stands for the number or phone from now on. Raises as ``begin_verification`` does."""
        conversation = await self._inbox.open(CHANNEL, self.visitor(visit))
        claim = self._servicing.claim_of(named)
        once = _key(visit, key, claim, id_last4)
        await self._servicing.begin_verification(conversation.id, claim, id_last4, once)
        return claim

    async def confirm(self, visit: str, claim: str, code: str, key: str) -> None:
        """Take the code and bind the openid. Raises as ``confirm_code`` does."""
        open_id = self.visitor(visit)
        conversation = await self._inbox.open(CHANNEL, open_id)
        once = _key(visit, key, claim, code)
        await self._servicing.confirm_code(conversation.id, claim, code, once)
        async with self._sessions.begin() as session:
            customer = await self._servicing.identity.verified_customer(session, conversation.id)
            if customer is None:  # locked or forgotten in the same moment
                raise TicketRefused("not verified any more")
            await self._servicing.identity.prove(session, CHANNEL, open_id, customer, ProvedBy.OAUTH)
        async with self._handover.change() as work:
            if await work.log.find_by_platform_id(CHANNEL, told := f"{conversation.id}:bound:{once}"):
                return
            message = await work.log.append(
                conversation,
                Sender.BOT,
                (part_to_wire(TextPart(self._words.say("wechat.bind.told"))),),
                at=self._clock.now(),
                platform_message_id=told,
            )
            work.messages.append(message)
        log.info("wechat.bound", conversation=conversation.id)


def _key(*parts: str) -> str:
    """The same for the same form sent twice, so that a double tap sends one code and counts one failure."""
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
