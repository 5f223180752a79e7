"""``/api/core``: what the bank's core tells about customers, applications and loans."""

# No postponed annotations here: FastAPI could not resolve those that name something inside a function.

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError

from bot.conversation.ports import Words
from bot.core.calls import MAX_KEY_LENGTH, CoreCalls
from bot.core.errors import CoreError, TooMuch
from bot.core.keys import ApiKeys, Caller
from bot.core.scopes import Scope
from bot.http import Refusal
from bot.servicing.intake import MAX_WORDS, WORDS, LprWord, Resource, Status, Word

MAX_BYTES = 4_000_000
REPLAYED = "Idempotency-Replayed"


class ProblemOut(BaseModel):
    field: str
    code: str
    reason: str


class ResultOut(BaseModel):
    index: int
    status: Status
    record: str | None = None
    problems: list[ProblemOut] = []


class AnswerOut(BaseModel):
    accepted: int
    unchanged: int
    held: int
    rejected: int
    results: list[ResultOut]


class ErrorIn(BaseModel):
    code: str
    message: str


class ErrorOut(BaseModel):
    error: ErrorIn


REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorOut, "description": description}
    for status, description in (
        (401, "No key, or not a good one."),
        (403, "The key lacks the scope of this resource."),
        (409, "The idempotency key came with another body before."),
        (413, f"More than {MAX_WORDS} items or {MAX_BYTES} bytes."),
        (422, "The body is not an object with a list of items."),
        (503, "The database is busy; send the call again."),
    )
}


def core_routes(calls: CoreCalls, keys: ApiKeys, words: Words) -> APIRouter:
    @contextmanager
    def refusals() -> Iterator[None]:
        """Errors become statuses here and nowhere else."""
        try:
            yield
        except CoreError as exc:
            raise Refusal(exc.status, exc.code, words.say(f"refused.{exc.code}")) from exc
        except DBAPIError as exc:
            raise Refusal(503, "core_busy", words.say("refused.core_busy")) from exc

    bearer = HTTPBearer(auto_error=False, description="A key made by `fangxin key add`.")

    async def known_caller(
        shown: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    ) -> Caller:
        with refusals():
            return await keys.caller(shown.credentials if shown else None)

    Calling = Annotated[Caller, Depends(known_caller)]
    Key = Annotated[
        str | None,
        Header(
            description=f"At most {MAX_KEY_LENGTH} printable characters, kept for seven days.",
            examples=["2026-11-24-applications-0001"],
        ),
    ]
    router = APIRouter(prefix="/api/core", tags=["core"])

    def add(resource: Resource) -> None:
        async def tell(request: Request, caller: Calling, idempotency_key: Key = None) -> Response:
            with refusals():
                if resource is not Resource.RATES:  # whose items differ in the scope that they need
                    caller.needs(Scope(resource.value))
                body = await _body_of(request)
                answer = await calls.answer(resource, body, caller, idempotency_key)
            headers = {REPLAYED: "true"} if answer.is_replayed else {}
            return Response(answer.body, media_type="application/json", headers=headers)

        tell.__doc__ = WORDS[resource].__doc__
        router.add_api_route(
            f"/{resource.value}",
            tell,
            methods=["POST"],
            name=f"tell_{resource.value}",
            summary=f"Tell about {resource.value}",
            response_model=AnswerOut,
            responses=REFUSALS,
            openapi_extra={"requestBody": _request_body(resource)},
        )

    for resource in Resource:
        add(resource)
    return router


async def _body_of(request: Request) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BYTES:
            raise TooMuch
        parts.append(part)
    return b"".join(parts)


def _request_body(resource: Resource) -> dict[str, Any]:
    """The description of a body, with one item that could be sent as it stands."""
    kinds: list[type[Word]] = [WORDS[resource]]
    if resource is Resource.RATES:
        kinds.append(LprWord)
    schemas = [_inlined(kind.model_json_schema(mode="validation")) for kind in kinds]
    for schema in schemas:
        if "told_at" in schema["properties"]:
            schema["required"].remove("told_at")
            schema["properties"]["told_at"]["description"] += " Left out: the time of the call."
    item = schemas[0] if len(schemas) == 1 else {"oneOf": schemas}
    body = {
        "type": "object",
        "additionalProperties": False,
        "required": ["items"],
        "properties": {"items": {"type": "array", "minItems": 1, "maxItems": MAX_WORDS, "items": item}},
    }
    return {
        "required": True,
        "content": {
            "application/json": {
                "schema": body,
                "example": {"items": [example_of(kind) for kind in kinds]},
            }
        },
    }


def example_of(kind: type[Word]) -> dict[str, Any]:
    """An item made of the examples of its fields."""
    return {name: field.examples[0] for name, field in kind.model_fields.items() if field.examples}


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema whose references are put in place: those of a body cannot reach its own definitions."""
    definitions = schema.pop("$defs", {})

    def put(node: Any) -> Any:
        if isinstance(node, list):
            return [put(one) for one in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            target = definitions[node["$ref"].rsplit("/", 1)[1]]
            return {**put(target), **{key: value for key, value in node.items() if key != "$ref"}}
        return {key: put(value) for key, value in node.items()}

    result: dict[str, Any] = put(schema)
    return result
