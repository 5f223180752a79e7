"""How satisfied the customer was: asked once when a conversation ends, 1 to 5, and a word if they like."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ForeignKey, String, Text, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.clock import Clock
from bot.conversation.handover import Change, Handover
from bot.conversation.model import Conversation
from bot.conversation.ports import Words
from bot.handoff.model import Happening, Ticket
from bot.messages import Option, QuickReplies, TextPart
from bot.messages.ids import new_id
from bot.store.base import Base, UtcDateTime

log = structlog.get_logger()

SCORES = range(1, 6)
ASKED_AGAIN_AFTER = timedelta(days=1)
_PAYLOAD = re.compile(r'/rate\{"id":"(?P<id>[a-z0-9_]+)","score":(?P<score>[1-5])\}')


class RatingRow(Base):
    """One question after one conversation with the bot or with a person, and what came back."""

    __tablename__ = "rating"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    ticket_id: Mapped[str | None] = mapped_column(ForeignKey("ticket.id"))  #: none: it was the bot
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    score: Mapped[int | None]
    words: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Ratings:
    """Asks, and takes the answer."""

    def __init__(self, handover: Handover, clock: Clock, words: Words) -> None:
        self._handover = handover
        self._clock = clock
        self._words = words

    async def ask(self, work: Change, conversation: Conversation, ticket: Ticket | None = None) -> None:
        """Ask within ``work``, unless it was asked not long ago."""
        now = self._clock.now()
        if ticket is None and await self._asked_since(work.session, conversation.id, now - ASKED_AGAIN_AFTER):
            return
        row = RatingRow(
            id=new_id("r"),
            conversation_id=conversation.id,
            ticket_id=ticket.id if ticket else None,
            agent_id=ticket.agent_id if ticket else None,
            asked_at=now,
        )
        work.session.add(row)
        options = tuple(
            Option(self._words.say(f"rating.score_{score}"), f'/rate{{"id":"{row.id}","score":{score}}}')
            for score in SCORES
        )
        prompt = self._words.say("rating.ask", agent=ticket.agent_name if ticket else None)
        await self._handover.say(work, conversation, QuickReplies(options, prompt))

    async def take(self, conversation_id: str, payload: str) -> bool:
        """Keep a score; false when the payload is none. The first answer counts."""
        pressed = _PAYLOAD.fullmatch(payload)
        if pressed is None:
            return False
        score = int(pressed["score"])
        async with self._handover.change() as work:
            kept = await work.session.execute(
                update(RatingRow)
                .where(
                    RatingRow.id == pressed["id"],
                    RatingRow.conversation_id == conversation_id,
                    RatingRow.score.is_(None),
                )
                .values(score=score, answered_at=self._clock.now())
            )
            told = "rating.thanks" if kept.rowcount else "rating.had_already"  # type: ignore[attr-defined]
            if kept.rowcount:  # type: ignore[attr-defined]
                work.happened.append(Happening("rated", {"score": score}))
            conversation = await work.log.get(conversation_id)
            await self._handover.say(work, conversation, TextPart(self._words.say(told, score=score)))
        log.info("rating.given", conversation=conversation_id, score=score)
        return True

    async def take_words(self, conversation_id: str, text: str) -> bool:
        """Keep the word that follows a score, which the customer marks as such; false when it is none."""
        mark = self._words.say("rating.mark")
        said = text.removeprefix(mark)
        if said == text or not said.startswith(("：", ":")) or not (words := said[1:].strip()):
            return False
        async with self._handover.change() as work:
            latest = await work.session.scalar(
                select(RatingRow)
                .where(RatingRow.conversation_id == conversation_id, RatingRow.score.is_not(None))
                .order_by(RatingRow.answered_at.desc())
                .limit(1)
            )
            if latest is None:
                return False
            latest.words = words
            conversation = await work.log.get(conversation_id)
            await self._handover.say(work, conversation, TextPart(self._words.say("rating.words_kept")))
        return True

    async def _asked_since(self, session: AsyncSession, conversation_id: str, since: datetime) -> bool:
        found = await session.scalar(
            select(RatingRow.id)
            .where(RatingRow.conversation_id == conversation_id, RatingRow.asked_at > since)
            .limit(1)
        )
        return found is not None
