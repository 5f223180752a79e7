"""How a refusal looks over HTTP: ``{"error": {"code", "message"}}``, the message fit for a person.

A form that is not taken adds ``fields``: what is wrong, by the name of each field.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException


class Refusal(Exception):
    """A request that is not carried out, with its status, its code for programs and its words for people."""

    def __init__(self, status: int, code: str, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.fields = fields


def error_body(code: str, message: str, fields: Mapping[str, str] | None = None) -> dict[str, Any]:
    body: dict[str, Any] = {"code": code, "message": message}
    return {"error": body if fields is None else {**body, "fields": dict(fields)}}


def add_refusals(app: FastAPI, *, invalid_message: str) -> None:
    """Give every refusal and every malformed request the one shape."""

    @app.exception_handler(Refusal)
    async def _refused(_request: Request, refusal: Refusal) -> JSONResponse:
        return JSONResponse(error_body(refusal.code, refusal.message, refusal.fields), refusal.status)

    @app.exception_handler(RequestValidationError)
    async def _invalid(_request: Request, invalid: RequestValidationError) -> JSONResponse:
        fields = ", ".join(
            sorted({".".join(str(step) for step in error["loc"][1:]) for error in invalid.errors()})
        )
        return JSONResponse(error_body("invalid", f"{invalid_message}{fields}"), 422)

    @app.exception_handler(HTTPException)
    async def _not_served(_request: Request, refused: HTTPException) -> JSONResponse:
        if refused.status_code == 400:  # a body that is not even text
            return JSONResponse(error_body("invalid", invalid_message), 422)
        return JSONResponse(error_body("http", str(refused.detail)), refused.status_code)
