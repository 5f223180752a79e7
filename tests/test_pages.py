"""What the service sends of the front end: small, compressed, kept by browsers, and framed only where it may be."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import ValidationError

from bot.app import WEB_DIST
from bot.pages import ONE_YEAR, add_pages
from bot.settings import Settings

BANK = "https://www.bank.example"
LOADER_BYTES = 5_000  #: of the script on the bank's page, before it is opened and without compression
SMALL = 1_000  #: compression would gain nothing
FIRST_LOAD_BYTES = 300_000  #: of the chat page on a cold cache, compressed


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    """Asks for everything as a browser does over HTTPS."""
    app = FastAPI()
    add_pages(app, WEB_DIST, [BANK])
    headers = {"Accept-Encoding": "gzip, deflate, br, zstd"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        yield client


async def sent(browser: httpx.AsyncClient, address: str) -> tuple[httpx.Response, int]:
    """The answer, and its bytes as they go over the wire."""
    async with browser.stream("GET", address) as response:
        size = len(b"".join([chunk async for chunk in response.aiter_raw()]))
    assert response.status_code == 200, address
    return response, size


async def test_the_loader_is_small(browser: httpx.AsyncClient):
    response, size = await sent(browser, "/widget.js")
    assert size <= LOADER_BYTES
    again = await browser.get("/widget.js", headers={"If-None-Match": response.headers["etag"]})
    assert again.status_code == 304


async def test_the_first_load_of_the_chat_is_light_and_comes_once(browser: httpx.AsyncClient):
    """The page and the scripts and styles it names, in the smallest encoding, with names that change."""
    _, total = await sent(browser, "/chat")
    page = (WEB_DIST / "chat.html").read_text("utf-8")
    assets = set(re.findall(r'(?:src|href)="(/assets/[^"]+)"', page))
    assert assets
    for asset in assets:
        response, size = await sent(browser, asset)
        assert response.headers["cache-control"] == ONE_YEAR
        assert size < SMALL or response.headers["content-encoding"] == "br"
        assert response.headers["content-type"].startswith(("text/javascript", "text/css"))
        total += size
    assert total < FIRST_LOAD_BYTES
    assert not any("installSVGRenderer" in asset or "ChartView" in asset for asset in assets)


async def test_an_asset_suits_what_the_browser_reads(browser: httpx.AsyncClient):
    name = next(path.name for path in (WEB_DIST / "assets").glob("base-*.js"))
    read = [
        (await browser.get(f"/assets/{name}", headers={"Accept-Encoding": encodings}))
        for encodings in ("gzip", "identity")
    ]
    assert [response.headers.get("content-encoding") for response in read] == ["gzip", None]
    assert read[0].headers["vary"] == "Accept-Encoding"
    assert read[0].content == read[1].content == (WEB_DIST / "assets" / name).read_bytes()
    assert (await browser.get("/assets/nothing-here.js")).status_code == 404


async def test_only_named_sites_may_hold_the_chat(browser: httpx.AsyncClient):
    chat, demo, desk = [
        (await browser.get(address)).headers["content-security-policy"] for address in ("/chat", "/", "/desk")
    ]
    assert f"frame-ancestors 'self' {BANK}" in chat
    assert "script-src 'self'" in chat
    assert "'unsafe-inline'" not in demo
    assert all("frame-ancestors 'none'" in policy for policy in (demo, desk))


@pytest.mark.parametrize(
    ("sites", "environment", "meant"),
    [
        ("", "development", ("*",)),
        ("", "production", ()),
        (f"{BANK} https://*.bank.example:8443", "production", (BANK, "https://*.bank.example:8443")),
    ],
)
def test_who_may_embed_is_a_setting(sites: str, environment: str, meant: tuple[str, ...], tmp_path: Path):
    settings = Settings(widget_sites=sites, environment=environment, home=tmp_path, _env_file=None)
    assert settings.embedding_sites == meant


@pytest.mark.parametrize(
    "site", ["www.bank.example", "https://bank.example/path", "https://a;script-src", "'none'"]
)
def test_a_site_is_an_origin(site: str, tmp_path: Path):
    with pytest.raises(ValidationError):
        Settings(widget_sites=site, home=tmp_path, _env_file=None)
