"""The worker that reads: real at least once, and replaced when it hangs, dies or talks nonsense."""

from __future__ import annotations

import asyncio
import sys
from datetime import date

import pytest

from bot.servicing.content import MediaType
from bot.servicing.reading import DocumentReader
from bot.servicing.reading.model import NOT_READ
from tests.servicing.reading.drawn import as_bytes, identity_back

ANSWERS = 'print(\'{"reading": {"legibility": "blank"}}\', flush=True); import time; time.sleep(60)'


def doing(script: str) -> tuple[str, ...]:
    return (sys.executable, "-c", script)


async def test_the_real_worker_reads_and_goes_on_after_a_fault() -> None:
    reader = DocumentReader()
    try:
        back = as_bytes(identity_back("2015.03.01-2035.03.01"))
        broken = await reader.read(MediaType.PDF, b"%PDF-1.7 no more")
        found = await reader.read(MediaType.JPEG, back)
    finally:
        await reader.close()
    assert broken == NOT_READ
    assert found.valid_until == date(2035, 3, 1)


@pytest.mark.parametrize(
    "script",
    [
        "import time; time.sleep(60)",
        "import sys; sys.exit(1)",
        "print('nonsense', flush=True)",
        'print(\'{"reading": {"legibility": "wonderful"}}\', flush=True)',
        'print(\'{"error": "ImportError"}\', flush=True)',
    ],
)
async def test_a_worker_that_fails_leaves_the_file_to_a_person(script: str) -> None:
    reader = DocumentReader(doing(script), within_seconds=1.0)
    assert await reader.read(MediaType.PNG, b"x" * 100_000) == NOT_READ
    await reader.close()


async def test_a_missing_worker_leaves_the_file_to_a_person() -> None:
    reader = DocumentReader(("/no/such/program",))
    assert await reader.read(MediaType.PNG, b"x") == NOT_READ
    await reader.close()


async def test_an_idle_worker_is_stopped_and_started_again() -> None:
    reader = DocumentReader(doing(ANSWERS), within_seconds=5, idle_seconds=0.05)
    first = await reader.read(MediaType.PNG, b"x")
    await asyncio.sleep(0.2)
    assert reader._process is None
    assert await reader.read(MediaType.PNG, b"x") == first
    await reader.close()
