"""``POST /api/calc/{kind}``: the calculation core for the desk and for other systems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from bot.lending.errors import InvalidInput, UnknownKind
from bot.lending.face import calculate, refusal
from bot.lending.inputs import Default


def calculator_routes(defaults: Callable[[], Mapping[str, Default]]) -> APIRouter:
    """``defaults`` are the policy facts of the day, for fields that are left out."""
    router = APIRouter(prefix="/api/calc", tags=["calculator"])

    @router.post("/{kind}")
    async def calculation(kind: str, inputs: Annotated[Any, Body()] = None) -> JSONResponse:
        """One calculation; 422 names the wrong field, 404 the unknown kind."""
        try:
            return JSONResponse(calculate(kind, inputs, defaults()))
        except UnknownKind as exc:
            return JSONResponse({"error": refusal(exc)}, 404)
        except InvalidInput as exc:
            return JSONResponse({"error": refusal(exc)}, 422)

    return router
