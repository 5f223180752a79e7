"""``POST /channels/telegram``: the webhook."""

# No postponed annotations here: FastAPI could not resolve those that name something inside a function.

import structlog
from fastapi import APIRouter, Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect

from bot.channels.ports import Malformed, NotVerified
from bot.channels.ports import Request as ChannelRequest
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.intake import Intake, parsed
from bot.channels.telegram.updates import decoded
from bot.conversation.ports import Words
from bot.http import Refusal

log = structlog.get_logger()

MOST_BYTES = 512 * 1024


def telegram_routes(channel: TelegramChannel, intake: Intake, words: Words) -> APIRouter:
    router = APIRouter(prefix="/channels/telegram", tags=["telegram"])

    @router.post("")
    async def hear(request: Request) -> dict[str, bool]:
        """An update from Telegram: stored before it is answered, worked through afterwards.

        A body that is verified but no update is taken without effect: Telegram would repeat it for a day otherwise.
        """
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            channel.verify(ChannelRequest(b"", headers))  # before a byte of the body is read
        except NotVerified as exc:
            raise Refusal(403, "unauthorised", words.say("refused.unauthorised")) from exc
        try:
            body = await _body(request)
            await intake.keep([parsed(decoded(body), words)])
        except Malformed as exc:
            log.warning("telegram.malformed", reason=str(exc))
            return {"ok": True}
        except ClientDisconnect as exc:
            raise Refusal(400, "malformed", words.say("refused.malformed")) from exc
        except SQLAlchemyError as exc:
            log.exception("telegram.not_kept")
            raise Refusal(503, "not_stored", words.say("refused.not_stored")) from exc
        return {"ok": True}

    async def _body(request: Request) -> bytes:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                raise Refusal(413, "too_long", words.say("refused.malformed"))
        return body

    return router
