"""Every listing of docs/integration.md is run as it stands there."""

from __future__ import annotations

import asyncio
import json
import os
import re

from bot.core.scopes import Scope
from bot.settings import ROOT

PAGE = (ROOT / "docs" / "integration.md").read_text(encoding="utf-8")
LISTINGS = re.findall(r"```console[^\n]*\n(.*?)```", PAGE, flags=re.DOTALL)


async def run(listing: str, url: str, key: str) -> dict:
    process = await asyncio.create_subprocess_exec(
        "bash",
        "-c",
        listing,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "FANGXIN_URL": url, "FANGXIN_KEY": key},
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err
    return json.loads(out)


async def test_the_listings_do_what_the_page_says(core, live):
    key = await core.keys.add("page", list(Scope), actor="test")
    answers = [await run(listing, live.url, key) for listing in LISTINGS]
    assert answers[0] == json.loads(re.search(r"```json\n(.*?)```", PAGE, flags=re.DOTALL)[1])
    found = [(one["accepted"], one["unchanged"], one["held"], one["rejected"]) for one in answers[1:]]
    assert found == [(1, 0, 0, 0), (2, 0, 0, 0)] + [(1, 0, 0, 0)] * 5
    again = [await run(listing, live.url, key) for listing in LISTINGS]
    assert again[0] == answers[0]  # it has an idempotency key
    assert all(one["accepted"] == 0 for one in again[1:])


def test_every_code_that_can_be_given_has_its_words():
    from bot.knowledge import Library
    from bot.servicing.intake import words

    phrases = Library(ROOT / "data" / "knowledge").phrases
    codes = set(words._OURS) | set(words._CODES.values()) | {"invalid", "number"}
    sources = [*(ROOT / "bot" / "core").glob("*.py"), *(ROOT / "bot" / "servicing" / "intake").glob("*.py")]
    for source in sources:
        text = source.read_text(encoding="utf-8")
        codes |= set(re.findall(r'WordRefused\(\s*"?\w+"?, "(\w+)"', text))
        codes |= set(re.findall(r'CellUnreadable\("(\w+)"', text))
        codes |= set(re.findall(r'Problem\([\w."]*, "(\w+)"', text))
        codes |= set(re.findall(r'rejected\(\w+, "\w+", "(\w+)"', text))
    assert {"contradicts", "lost_digits", "not_here_yet", "too_many_cells", "policy_refused"} <= codes
    values = {"expected": "a", "decimal_places": 2, "max_length": 9, "detail": "x"}
    for code in sorted(codes):
        assert phrases.say(f"core.reason.{code}", **values)
