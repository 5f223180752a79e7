"""Takes the customer's stored messages to whoever speaks now: turns of one conversation never overlap."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import assert_never

import structlog
from sqlalchemy import select, update

from bot.clock import Clock
from bot.conversation.handover import Change, Handover
from bot.conversation.model import LEAVE_QUEUE, Conversation, Message, Mode, Sender, TurnOutcome
from bot.conversation.notify import Notifier
from bot.conversation.ports import Words
from bot.conversation.rating import Ratings
from bot.conversation.store import ConversationRow, MessageRow, TurnRow
from bot.dialogue.ports import Dialogue, DialogueUnavailable, TurnAnswer, TurnRequest
from bot.handoff.model import Reason, Skill
from bot.messages import Handoff, TextPart, part_to_wire
from bot.messages.ids import new_id
from bot.messages.masking import covered
from bot.store.engine import Sessions

log = structlog.get_logger()

#: More words than this are kept and shown, but the bot reads only so many (a merged flood can be long).
MAX_TURN_CHARACTERS = 4000
RETRY_AFTER_FAULT_SECONDS = 1.0
LOOK_AGAIN_SECONDS = 0.2


class TurnElsewhere(Exception):
    """Another process has a turn of this conversation under way."""


@dataclass(frozen=True)
class Question:
    """The messages of one turn, as the bot gets them."""

    messages: tuple[MessageRow, ...]
    text: str | None
    payload: str | None

    @classmethod
    def first_of(cls, pending: list[MessageRow]) -> Question:
        """A pressed button is a turn of its own; words up to the next button are one turn."""
        if pending[0].payload is not None:
            return cls((pending[0],), text=None, payload=pending[0].payload)
        words: list[MessageRow] = []
        for message in pending:
            if message.payload is not None:
                break
            words.append(message)
        text = "\n".join(message.as_message().text for message in words)
        return cls(tuple(words), text=text[:MAX_TURN_CHARACTERS], payload=None)

    @property
    def ids(self) -> list[str]:
        return [message.id for message in self.messages]


@dataclass
class Lane:
    """What is under way in one conversation."""

    task: asyncio.Task[None] | None = None
    last_arrival: float = 0.0
    in_a_hurry: bool = False  #: the caller waits for the answer: no merge window
    newcomer: asyncio.Event = field(default_factory=asyncio.Event)


class Turns:
    """Runs the turns of all conversations, one lane each."""

    def __init__(
        self,
        sessions: Sessions,
        clock: Clock,
        dialogue: Dialogue,
        handover: Handover,
        words: Words,
        notifier: Notifier,
        *,
        merge_window_seconds: float,
        deadline_seconds: float,
        observe: Callable[[TurnOutcome, float], None] = lambda outcome, seconds: None,
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._dialogue = dialogue
        self._handover = handover
        self._ratings = Ratings(handover, clock, words)
        self._words = words
        self._notifier = notifier
        self._merge_window = merge_window_seconds
        self._deadline = deadline_seconds
        self._observe = observe
        self._lanes: dict[str, Lane] = {}

    def wake(self, conversation_id: str, *, at_once: bool = False) -> None:
        """A message of this conversation is waiting; ``at_once`` closes the turn without the merge window."""
        lane = self._lanes.setdefault(conversation_id, Lane())
        lane.last_arrival = asyncio.get_running_loop().time()
        lane.in_a_hurry = lane.in_a_hurry or at_once
        lane.newcomer.set()
        if lane.task is None:
            lane.task = asyncio.create_task(self._run_lane(conversation_id, lane))

    async def settle(self, conversation_id: str) -> None:
        """Return when no message of this conversation is waiting any more."""
        while (lane := self._lanes.get(conversation_id)) is not None and lane.task is not None:
            await asyncio.wait([lane.task])

    async def recover(self, *, is_only_process: bool = True) -> int:
        """Wake every conversation with messages that an earlier process left waiting.

        The only process knows that no turn can be running yet; a replica waits until the deadline says so.
        """
        async with self._sessions.begin() as session:
            if is_only_process:
                running = update(TurnRow).where(TurnRow.outcome == TurnOutcome.RUNNING.value)
                await session.execute(running.values(outcome=TurnOutcome.INTERRUPTED.value))
            waiting = await session.scalars(
                select(MessageRow.conversation_id).where(MessageRow.awaits_turn).distinct()
            )
            conversations = list(waiting)
        for conversation_id in conversations:
            self.wake(conversation_id, at_once=True)
        return len(conversations)

    async def close(self) -> None:
        """Stop every lane; what was not answered is still stored as waiting."""
        tasks = [lane.task for lane in self._lanes.values() if lane.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run_lane(self, conversation_id: str, lane: Lane) -> None:
        faults = 0
        while True:
            await self._wait_for_more(lane)
            try:
                while await self._take_one(conversation_id) and not lane.newcomer.is_set():
                    faults = 0
                # No await from here to the end: a wake either came before and is seen, or starts a new lane.
                if not lane.newcomer.is_set():
                    del self._lanes[conversation_id]
                    return
            except TurnElsewhere:
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
            except Exception:
                faults += 1
                log.exception("turn.fault", conversation=conversation_id, faults=faults)
                await asyncio.sleep(RETRY_AFTER_FAULT_SECONDS * min(faults, 30))

    async def _wait_for_more(self, lane: Lane) -> None:
        """Until the merge window after the last arrival is over, or somebody is in a hurry."""
        loop = asyncio.get_running_loop()
        lane.newcomer.clear()
        while not lane.in_a_hurry:
            left = lane.last_arrival + self._merge_window - loop.time()
            if left <= 0:
                break
            with suppress(TimeoutError):
                await asyncio.wait_for(lane.newcomer.wait(), left)
            lane.newcomer.clear()
        lane.in_a_hurry = False

    async def _take_one(self, conversation_id: str) -> bool:
        """Handle the oldest waiting question; false when there is none."""
        async with self._sessions.begin() as session:
            rows = await session.scalars(
                select(MessageRow)
                .where(MessageRow.conversation_id == conversation_id, MessageRow.awaits_turn)
                .order_by(MessageRow.seq)
            )
            pending = list(rows)
            if not pending:
                return False
            question = await self._resumed(session_rows=pending) or Question.first_of(pending)
        if await self._is_rating(conversation_id, question):
            await self._pass_on(question)
            return True
        conversation, _ahead = await self._handover.standing(conversation_id)
        match conversation.mode:
            case Mode.BOT | Mode.CLOSED:
                await self._ask_the_bot(conversation, question)
            case Mode.QUEUED if question.payload == LEAVE_QUEUE:
                await self._handover.leave_queue(conversation_id)
                await self._pass_on(question)
            case Mode.QUEUED | Mode.HUMAN:
                await self._handover.customer_wrote(conversation_id, question.text or "")
                await self._pass_on(question)  # the desk has it already; the bot stays silent
            case mode:
                assert_never(mode)
        return True

    async def _is_rating(self, conversation_id: str, question: Question) -> bool:
        """Whether the customer answered how satisfied they were: no turn for the bot or an agent."""
        if question.payload is not None:
            return await self._ratings.take(conversation_id, question.payload)
        return await self._ratings.take_words(conversation_id, question.text or "")

    async def _resumed(self, session_rows: list[MessageRow]) -> Question | None:
        """The question of a turn that a dead process began: the same messages, so the same turn."""
        turn_id = session_rows[0].turn_id
        if turn_id is None:
            return None
        return Question.first_of([row for row in session_rows if row.turn_id == turn_id])

    async def _pass_on(self, question: Question) -> None:
        async with self._sessions.begin() as session:
            await session.execute(
                update(MessageRow).where(MessageRow.id.in_(question.ids)).values(awaits_turn=False)
            )

    async def _ask_the_bot(self, conversation: Conversation, question: Question) -> None:
        started = time.perf_counter()
        turn_id = await self._begin(conversation, question)
        request = TurnRequest(
            turn_id=turn_id,
            conversation_id=conversation.id,
            channel=conversation.channel,
            now=self._clock.now(),
            text=question.text,
            payload=question.payload,
        )
        await self._notifier.typing(conversation.id, "bot", True)
        answer, error = TurnAnswer(), None
        try:
            async with asyncio.timeout(self._deadline):
                await self._tell_of_hand_back(conversation.id)
                answer = await self._dialogue.take_turn(request)
        except TimeoutError:
            error = f"no answer within {self._deadline} s"
        except DialogueUnavailable as exc:
            error = exc.reason
        finally:
            await self._notifier.typing(conversation.id, "bot", False)
        if error is not None:
            log.warning("turn.bot_unavailable", conversation=conversation.id, turn=turn_id, error=error)
            answer = self._apology(question)
        outcome = await self._finish(conversation, question, turn_id, answer, error)
        self._observe(outcome, time.perf_counter() - started)

    async def _begin(self, conversation: Conversation, question: Question) -> str:
        known = question.messages[0].turn_id
        turn_id = known or new_id("u")
        now = self._clock.now()
        async with self._handover.change() as work:
            await self._alone(work, conversation, question)
            if conversation.mode is Mode.CLOSED:
                await work.log.own(conversation.id, Mode.BOT, at=now, why="wrote_again")
                work.moved.add(conversation.id)
            if known is not None:
                again = update(TurnRow).where(TurnRow.id == known)
                await work.session.execute(again.values(outcome=TurnOutcome.RUNNING.value, started_at=now))
                return known
            work.session.add(
                TurnRow(
                    id=turn_id,
                    conversation_id=conversation.id,
                    outcome=TurnOutcome.RUNNING.value,
                    text=question.text,
                    payload=question.payload,
                    understood=[],
                    started_at=now,
                )
            )
            await work.session.flush()
            await work.session.execute(
                update(MessageRow).where(MessageRow.id.in_(question.ids)).values(turn_id=turn_id)
            )
        return turn_id

    async def _alone(self, work: Change, conversation: Conversation, question: Question) -> None:
        """Make sure that no other process has a turn of this conversation, or took these messages first.

        A turn that never finished counts until it must have: its process may be dead.
        """
        await work.session.execute(
            select(ConversationRow.id).where(ConversationRow.id == conversation.id).with_for_update()
        )
        since = self._clock.now() - timedelta(seconds=2 * self._deadline)
        running = await work.session.scalar(
            select(TurnRow.id).where(
                TurnRow.conversation_id == conversation.id,
                TurnRow.outcome == TurnOutcome.RUNNING.value,
                TurnRow.started_at > since,
            )
        )
        still_waiting = await work.session.scalars(
            select(MessageRow.turn_id).where(MessageRow.id.in_(question.ids), MessageRow.awaits_turn)
        )
        is_as_read = list(still_waiting) == [question.messages[0].turn_id] * len(question.ids)
        if running is not None or not is_as_read:
            raise TurnElsewhere(conversation.id)

    async def _tell_of_hand_back(self, conversation_id: str) -> None:
        """What a person did in between, the bot hears before its next turn, even if it was down at the time."""
        async with self._sessions() as session:
            row = await session.get(ConversationRow, conversation_id)
        if row is None or not row.hand_back_due:
            return
        await self._dialogue.hand_back(conversation_id)
        async with self._sessions.begin() as session:
            await session.execute(
                update(ConversationRow)
                .where(ConversationRow.id == conversation_id)
                .values(hand_back_due=False)
            )

    def _apology(self, question: Question) -> TurnAnswer:
        asked = question.text or question.messages[0].as_message().text
        return TurnAnswer(
            (
                TextPart(self._words.say("conversation.bot_unavailable")),
                Handoff(
                    reason=Reason.BOT_UNAVAILABLE.value,
                    skill=Skill.BEFORE_LOAN.value,
                    summary=self._words.say("conversation.unavailable_summary", asked=asked[:200]),
                ),
            )
        )

    async def _finish(
        self,
        conversation: Conversation,
        question: Question,
        turn_id: str,
        answer: TurnAnswer,
        error: str | None,
    ) -> TurnOutcome:
        """Store what was understood and the replies, and open the ticket, in one transaction.

        Codes and ID digits were needed until now; from here on they are covered wherever they stand.
        """
        now = self._clock.now()
        async with self._handover.change() as work:
            present = await work.log.get(conversation.id)
            outcome = TurnOutcome.FAILED if error is not None else TurnOutcome.ANSWERED
            if present.mode is not Mode.BOT:
                outcome = TurnOutcome.OVERTAKEN
            await work.session.execute(
                update(TurnRow)
                .where(TurnRow.id == turn_id)
                .values(
                    outcome=outcome.value,
                    text=covered(question.text, answer.secrets),
                    understood=covered(answer.understood, answer.secrets),
                    error=error,
                    finished_at=now,
                )
            )
            for row in await work.session.scalars(select(MessageRow).where(MessageRow.id.in_(question.ids))):
                row.awaits_turn = False
                row.parts = covered(row.parts, answer.secrets)
            if outcome is not TurnOutcome.OVERTAKEN:
                await self._say(work, present, turn_id, answer)
        return outcome

    async def _say(self, work: Change, conversation: Conversation, turn_id: str, answer: TurnAnswer) -> None:
        shown = tuple(part_to_wire(part) for part in answer.parts if not isinstance(part, Handoff))
        if shown:
            message: Message = await work.log.append(
                conversation, Sender.BOT, shown, at=self._clock.now(), turn_id=turn_id
            )
            work.messages.append(message)
        for part in answer.parts:
            if isinstance(part, Handoff):
                told = replace(part, summary=covered(part.summary, answer.secrets))
                await self._handover.queue_up(work, conversation, told, turn_id)
