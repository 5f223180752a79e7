"""Pictures that customers send: got from the platform by their media id, at once or as soon as it can be had."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from bot.channels.wechat.api import WechatApi
from bot.channels.wechat.arrivals import DONE, Arrival, Arrivals
from bot.channels.wechat.errors import ApiError, ApiThrottled, ApiUnavailable
from bot.clock import Clock
from bot.conversation.attachments import Attachments
from bot.conversation.handover import Handover
from bot.conversation.inbox import Inbox
from bot.conversation.model import Sender
from bot.conversation.ports import Words
from bot.messages import TextPart, part_to_wire
from bot.servicing.errors import FileRefused
from bot.servicing.files import Files

log = structlog.get_logger()

CHANNEL = "wechat"
LOOK_AGAIN_SECONDS = 5.0
WAIT_SECONDS = 2.5  #: of the platform's five, for getting the picture
LONGEST_PAUSE = timedelta(minutes=10)


class Pictures:
    """Gets each picture once. ``api`` is None for accounts that may not get any."""

    def __init__(
        self,
        api: WechatApi | None,
        arrivals: Arrivals,
        attachments: Attachments,
        files: Files,
        inbox: Inbox,
        handover: Handover,
        clock: Clock,
        words: Words,
    ) -> None:
        self._api = api
        self._arrivals = arrivals
        self._attachments = attachments
        self._files = files
        self._inbox = inbox
        self._handover = handover
        self._clock = clock
        self._words = words
        self._getting: dict[str, asyncio.Task[str | None]] = {}

    async def take(self, arrival: Arrival, media_id: str) -> str | None:
        """The log's entry of the picture, if it could be got in time; it is got later if not."""
        if arrival.message_id is not None or arrival.state == DONE:
            return arrival.message_id
        key = arrival.incoming.key
        if arrival.tries == 1 and key not in self._getting:
            task = asyncio.create_task(self._get(key, arrival.incoming.open_id, media_id))
            self._getting[key] = task
            task.add_done_callback(lambda done: self._done(key, done))
        task_or_none = self._getting.get(key)
        if task_or_none is None:
            return None
        finished, _pending = await asyncio.wait({task_or_none}, timeout=WAIT_SECONDS)
        return task_or_none.result() if finished and task_or_none.exception() is None else None

    async def run(self) -> None:
        """Get what could not be got at once, until cancelled."""
        while True:
            try:
                await self.get_waiting()
            except Exception:
                log.exception("wechat.pictures_failed")
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def get_waiting(self) -> int:
        """Try every picture that is due once; how many were tried."""
        waiting = await self._arrivals.waiting_pictures()
        for picture in waiting:
            if picture.is_too_late:
                await self._tell(picture.key, picture.open_id, "wechat.picture_lost")
                continue
            await self._get(picture.key, picture.open_id, picture.media_id, picture.attempts)
        return len(waiting)

    async def _get(self, key: str, open_id: str, media_id: str, attempts: int = 0) -> str | None:
        if self._api is None:
            await self._tell(key, open_id, "wechat.no_pictures")
            return None
        conversation = await self._inbox.open(CHANNEL, open_id)
        try:
            content = await self._api.media(media_id, self._files.limits().bytes)
            received = await self._attachments.receive(CHANNEL, conversation.id, key, "", content)
        except (ApiUnavailable, ApiThrottled) as exc:
            pause = min(timedelta(seconds=5 * 2 ** min(attempts, 10)), LONGEST_PAUSE)
            log.warning("wechat.picture_later", conversation=conversation.id, error=str(exc))
            await self._arrivals.try_again(key, pause)
            return None
        except ApiError as exc:
            log.warning("wechat.picture_refused", conversation=conversation.id, error=str(exc))
            await self._tell(key, open_id, "wechat.picture_lost")
            return None
        except FileRefused as exc:
            log.info("wechat.file_refused", conversation=conversation.id, code=exc.code)
            await self._tell(key, open_id, f"refused.{exc.code}", limit=exc.limit)
            return None
        await self._arrivals.became(key, received.message.id)
        return received.message.id

    async def _tell(self, key: str, open_id: str, phrase: str, **values: object) -> None:
        """Say why there is no picture, once."""
        conversation = await self._inbox.open(CHANNEL, open_id)
        async with self._handover.change() as work:
            if not await self._arrivals.is_first_to_finish(work.session, key):
                return
            said = part_to_wire(TextPart(self._words.say(phrase, **values)))
            work.messages.append(
                await work.log.append(conversation, Sender.BOT, (said,), at=self._clock.now())
            )

    def _done(self, key: str, task: asyncio.Task[str | None]) -> None:
        del self._getting[key]
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.error("wechat.picture_fault", error=repr(fault))  # tried again with the next round
