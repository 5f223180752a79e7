"""The built front end over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import FastAPI, Response
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

ONE_YEAR = "public, max-age=31536000, immutable"


def add_pages(app: FastAPI, dist: Path) -> None:
    """The built front end. Pages are never cached, hashed assets for ever."""
    pages = {
        "/": "index.html",
        "/chat": "chat.html",
        "/desk": "desk.html",
        "/widget.js": "widget.js",
        "/favicon.svg": "favicon.svg",
    }
    for path, file in pages.items():
        headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        if path in ("/", "/desk"):
            headers["Content-Security-Policy"] = "frame-ancestors 'none'"
        add_page(app, path, dist / file, headers)
    app.mount("/assets", HashedAssets(directory=dist / "assets", check_dir=False))


def add_page(app: FastAPI, path: str, file: Path, headers: dict[str, str]) -> None:
    @app.get(path, include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(file, headers=headers)


class HashedAssets(StaticFiles):
    """Files whose names change with their content."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = ONE_YEAR
        return response
