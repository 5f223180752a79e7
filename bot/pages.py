"""The built front end over HTTP."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import Headers
from starlette.types import Scope

ONE_YEAR = "public, max-age=31536000, immutable"
#: Whatever a page does not name below comes from nowhere.
CLOSED = "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'"
#: No more than a bank's own page has to allow for the widget, so that the demo page shows that it is enough.
DEMO_POLICY = f"{CLOSED}; img-src 'self'; frame-src 'self'; frame-ancestors 'none'"
#: A chart's tooltip carries style attributes; pictures that an agent links to may stand anywhere.
CHAT_POLICY = (
    f"{CLOSED}; style-src-attr 'unsafe-inline'; img-src 'self' https: data: blob:; connect-src 'self'"
)
#: Made by the build beside each asset, the smaller first.
COMPRESSED = (("br", ".br"), ("gzip", ".gz"))


def add_pages(app: FastAPI, dist: Path, sites: Sequence[str]) -> None:
    """The built front end. Pages are asked for again each time, hashed assets are kept for ever.

    ``sites`` may hold the chat page in a frame, as sources of ``frame-ancestors``.
    """
    embedding = " ".join(["'self'", *sites])
    pages: dict[str, tuple[str, dict[str, str]]] = {
        "/": ("index.html", {"Content-Security-Policy": DEMO_POLICY}),
        "/chat": (
            "chat.html",
            {"Content-Security-Policy": f"{CHAT_POLICY}; frame-ancestors {embedding}"},
        ),
        "/desk": ("desk.html", {"Content-Security-Policy": "frame-ancestors 'none'"}),
        "/widget.js": ("widget.js", {}),
        "/favicon.svg": ("favicon.svg", {}),
    }
    files = StaticFiles(directory=dist, check_dir=False)
    for path, (file, headers) in pages.items():
        add_page(app, path, files, file, headers)
    app.mount("/assets", HashedAssets(directory=dist / "assets", check_dir=False))


def add_page(app: FastAPI, path: str, files: StaticFiles, file: str, headers: dict[str, str]) -> None:
    @app.get(path, include_in_schema=False)
    async def page(request: Request) -> Response:
        full_path, stat = files.lookup_path(file)
        if stat is None:
            raise HTTPException(404)
        response = files.file_response(full_path, stat, request.scope)
        response.headers.update({"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", **headers})
        return response


class HashedAssets(StaticFiles):
    """Files whose names change with their content, sent as the build has compressed them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        accepted = Headers(scope=scope).get("accept-encoding", "")
        for encoding, suffix in COMPRESSED:
            if encoding not in accepted:
                continue
            full_path, stat = self.lookup_path(path + suffix)
            if stat is not None:
                response = self.file_response(full_path, stat, scope)
                kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
                response.headers.update({"Content-Type": kind, "Content-Encoding": encoding})
                response.headers["Vary"] = "Accept-Encoding"
                return response
        return await super().get_response(path, scope)

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers.update({"Cache-Control": ONE_YEAR, "X-Content-Type-Options": "nosniff"})
        return response
