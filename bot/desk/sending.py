"""``/api/desk``: what an agent sends besides words: calculations as cards, pictures and files."""

# No postponed annotations here: FastAPI could not resolve those that name something inside a function.

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from bot.conversation.deskwork import DeskWork
from bot.conversation.ports import Words
from bot.desk.cards import Cards
from bot.desk.login import DeskSessions
from bot.desk.routes import logged_in, refused
from bot.desk.views import Views
from bot.handoff.model import Agent
from bot.http import Refusal
from bot.lending.errors import InvalidInput, UnknownKind
from bot.messages import File, Image, ReplyPart, TextPart, part_to_wire
from bot.servicing.file_links import FileLinks
from bot.servicing.files import Files, StoredFile
from bot.uploading import FORM, file_refusals, received

AT_ONCE = 4  #: uploads being received by this process; each may hold a whole file in memory


class Calculation(BaseModel):
    kind: str = Field(max_length=50)
    inputs: dict[str, Any]


class CardSent(Calculation):
    client_id: str = Field(min_length=1, max_length=64)


def sending_routes(
    work: DeskWork, cards: Cards, files: Files, sessions: DeskSessions, views: Views, words: Words
) -> APIRouter:
    refusals = partial(refused, words)
    Me = Annotated[Agent, Depends(logged_in(sessions, words))]
    router = APIRouter(prefix="/api/desk", tags=["desk"])
    receiving = asyncio.Semaphore(AT_ONCE)

    @contextmanager
    def counted() -> Iterator[None]:
        """A field that is wrong is named."""
        try:
            yield
        except UnknownKind as exc:
            raise Refusal(404, "unknown_kind", words.say("refused.unknown_kind")) from exc
        except InvalidInput as exc:
            raise Refusal(422, exc.code, exc.message, {exc.field: exc.message}) from exc

    @router.post("/cards")
    async def look(calculation: Calculation, agent: Me) -> dict[str, Any]:
        """The card as the customer would get it; nothing is sent."""
        with counted():
            return {"part": part_to_wire(cards.card(calculation.kind, calculation.inputs))}

    @router.post("/conversations/{conversation_id}/cards")
    async def send_card(conversation_id: str, sent: CardSent, agent: Me) -> dict[str, Any]:
        """Count and send; the same ``client_id`` again is the same message."""
        with refusals(), counted():
            parts = (TextPart(cards.intro), cards.card(sent.kind, sent.inputs))
            return views.message(await work.sends(conversation_id, agent, sent.client_id, parts))

    @router.post("/conversations/{conversation_id}/files", openapi_extra=FORM)
    async def send_file(conversation_id: str, request: Request, agent: Me) -> dict[str, Any]:
        """Send a picture (JPEG, PNG, WebP) or a PDF; the same ``client_id`` again is the same message."""
        with refusals(), file_refusals(words):
            await work.must_hold(conversation_id, agent)
            async with receiving:
                client_id, name, content = await received(request, files.limits().bytes)
                by = f"agent:{agent.id}"
                file = await files.keep(conversation_id, f"{by}:{client_id}", name, content, sent_by=by)
            return views.message(await work.sends(conversation_id, agent, client_id, (_part(file, words),)))

    return router


def _part(file: StoredFile, words: Words) -> ReplyPart:
    """As the customer sees it: a picture, or a file by the agent's name for it."""
    url = FileLinks.unsigned(file.public_id)
    if file.media_type.is_picture:
        return Image(url, words.say("documents.picture"))
    stem = file.name.rpartition(".")[0] or file.name
    name = (
        f"{stem}.{file.media_type.ending}"
        if stem
        else words.say("documents.file_name", ending=file.media_type.ending)
    )
    return File(url, name, file.size)
