"""The ledger of each customer: whether they still follow the account, and how often they may be written to."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.wechat.incoming import Action, Content, MenuPressed, NoticeFinished
from bot.channels.wechat.limits import ACTION_QUOTA, ACTION_WINDOW, MESSAGE_QUOTA, MESSAGE_WINDOW
from bot.channels.wechat.store import ContactRow
from bot.clock import Clock
from bot.store.engine import Sessions


class Contacts:
    """The customers of one account. Answers in the platform's own request cost nothing and are not counted."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock

    async def heard_from(self, session: AsyncSession, open_id: str, content: Content) -> None:
        """What a customer did opens a window; within the caller's transaction, once for each thing told."""
        now = self._clock.now()
        match content:
            case NoticeFinished() | Action.NOTHING:
                return
            case Action.UNSUBSCRIBED:
                change: dict[str, object] = {
                    "is_subscribed": False,
                    "message_until": None,
                    "message_left": 0,
                    "action_until": None,
                    "action_left": 0,
                }
            case MenuPressed() | Action.SUBSCRIBED | Action.SCANNED:
                change = {
                    "is_subscribed": True,
                    "action_until": now + ACTION_WINDOW,
                    "action_left": ACTION_QUOTA,
                }
            case _:
                change = {
                    "is_subscribed": True,
                    "message_until": now + MESSAGE_WINDOW,
                    "message_left": MESSAGE_QUOTA,
                }
        insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
        fresh = {"is_subscribed": True, "message_left": 0, "action_left": 0, **change}
        await session.execute(
            insert(ContactRow)
            .values(open_id=open_id, **fresh)
            .on_conflict_do_update(index_elements=["open_id"], set_=change)
        )

    async def is_subscribed(self, open_id: str) -> bool:
        """Whether the customer follows the account, as far as we were told: proactive messages go to nobody else."""
        async with self._sessions() as session:
            contact = await session.get(ContactRow, open_id)
        return contact is None or contact.is_subscribed

    async def left(self, open_id: str) -> int | None:
        """How many messages the platform would still let through; None when nothing was ever told of them."""
        now = self._clock.now()
        async with self._sessions() as session:
            contact = await session.get(ContactRow, open_id)
        if contact is None:
            return None
        message = contact.message_left if contact.message_until and contact.message_until > now else 0
        action = contact.action_left if contact.action_until and contact.action_until > now else 0
        return message + action

    async def wrote_to(self, open_id: str) -> None:
        """One message went through; the shorter window is used up first."""
        now = self._clock.now()
        async with self._sessions.begin() as session:
            contact = await session.get(ContactRow, open_id, with_for_update=True)
            if contact is None:
                return
            if contact.action_left > 0 and contact.action_until and contact.action_until > now:
                contact.action_left -= 1
            else:
                contact.message_left = max(0, contact.message_left - 1)

    async def window_closed(self, open_id: str) -> None:
        """The platform let nothing through, whatever our ledger said."""
        async with self._sessions.begin() as session:
            await session.execute(
                update(ContactRow).where(ContactRow.open_id == open_id).values(message_left=0, action_left=0)
            )
