"""A file that comes as a form over HTTP, with an id of its sender's; read no further than allowed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from fastapi import Request
from python_multipart.exceptions import FormParserError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from bot.http import Refusal
from bot.servicing.content import MEGABYTE
from bot.servicing.errors import FileIdReused, FileRefused, FileTooLarge, TooManyFiles

MAX_CLIENT_ID = 64
#: Around the file: the form's other field, boundaries and headers.
FORM_BYTES = 64 * 1024
STATUS: dict[type[FileRefused], int] = {FileTooLarge: 413, FileIdReused: 409, TooManyFiles: 429}
#: For the OpenAPI description, since the form is read by hand.
FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["client_id", "file"],
                    "properties": {
                        "client_id": {"type": "string", "maxLength": MAX_CLIENT_ID},
                        "file": {"type": "string", "format": "binary"},
                    },
                }
            }
        },
    }
}


class Words(Protocol):
    def say(self, key: str, **values: object) -> str: ...


@contextmanager
def file_refusals(words: Words) -> Iterator[None]:
    """What is wrong with a file or its form becomes a status here."""
    try:
        yield
    except FileRefused as exc:
        said = words.say(f"refused.{exc.code}", limit=exc.limit)
        raise Refusal(STATUS.get(type(exc), 422), exc.code, said) from exc
    except (MultiPartException, FormParserError, ClientDisconnect) as exc:
        raise Refusal(422, "malformed", words.say("refused.malformed")) from exc


async def received(request: Request, most_bytes: int) -> tuple[str, str, bytes]:
    """The browser's id, the sender's name of the file, and its content; ``FileTooLarge`` as soon as it is."""
    limit = most_bytes + FORM_BYTES
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit:
        raise FileTooLarge(most_bytes // MEGABYTE)
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise MultiPartException("not a form")

    async def within_limit() -> AsyncGenerator[bytes, None]:
        seen = 0
        async for chunk in request.stream():
            seen += len(chunk)
            if seen > limit:
                raise FileTooLarge(most_bytes // MEGABYTE)
            yield chunk

    parser = MultiPartParser(request.headers, within_limit(), max_files=1, max_fields=2, max_part_size=1024)
    parser.spool_max_size = limit  # what may show an identity card touches no disk unsealed
    form = await parser.parse()
    try:
        client_id, file = form.get("client_id"), form.get("file")
        if not isinstance(client_id, str) or not 0 < len(client_id) <= MAX_CLIENT_ID:
            raise MultiPartException("client_id")
        if not isinstance(file, UploadFile):
            raise MultiPartException("file")
        return client_id, file.filename or "", await file.read()
    finally:
        await form.close()
