"""``POST /api/calc/{kind}``: the calculation core for the desk and for other systems."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from bot.lending.errors import InvalidInput, UnknownKind
from bot.lending.face import calculate


def calculator_routes() -> APIRouter:
    router = APIRouter(prefix="/api/calc", tags=["calculator"])

    @router.post("/{kind}")
    async def calculation(kind: str, inputs: Annotated[Any, Body()] = None) -> JSONResponse:
        """One calculation; 422 names the wrong field, 404 the unknown kind."""
        try:
            return JSONResponse(calculate(kind, inputs))
        except UnknownKind as exc:
            return JSONResponse({"error": refusal(exc)}, 404)
        except InvalidInput as exc:
            return JSONResponse({"error": refusal(exc)}, 422)

    return router


def refusal(exc: UnknownKind | InvalidInput) -> dict[str, Any]:
    """``{"code", "field", "message"}``, the message in Chinese and fit for the customer."""
    return {"code": exc.code, "field": exc.field, "message": exc.message}
