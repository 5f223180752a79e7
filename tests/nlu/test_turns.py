"""A turn runs once, whoever asks again."""

from __future__ import annotations

import asyncio

import pytest

from bot.nlu.turns import Turns


class Counter:
    def __init__(self, fails: int = 0) -> None:
        self.runs = 0
        self.fails = fails
        self.may_end = asyncio.Event()

    async def run(self) -> int:
        self.runs += 1
        await self.may_end.wait()
        if self.runs <= self.fails:
            raise RuntimeError("broken")
        return self.runs


async def test_two_who_ask_at_once_wait_for_one_run() -> None:
    turns: Turns[int] = Turns()
    counter = Counter()
    both = asyncio.gather(turns.once("t", counter.run), turns.once("t", counter.run))
    await asyncio.sleep(0)
    counter.may_end.set()
    assert await both == [1, 1]
    assert await turns.once("t", counter.run) == 1


async def test_a_run_goes_on_when_its_caller_is_gone() -> None:
    turns: Turns[int] = Turns()
    counter = Counter()
    caller = asyncio.ensure_future(turns.once("t", counter.run))
    await asyncio.sleep(0)
    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)
    counter.may_end.set()
    assert await turns.once("t", counter.run) == 1


async def test_a_failed_run_can_be_tried_again() -> None:
    turns: Turns[int] = Turns()
    counter = Counter(fails=1)
    counter.may_end.set()
    with pytest.raises(RuntimeError):
        await turns.once("t", counter.run)
    assert await turns.once("t", counter.run) == 2


async def test_old_turns_are_forgotten() -> None:
    turns: Turns[int] = Turns(capacity=2)
    counter = Counter()
    counter.may_end.set()
    for key in ("a", "b", "c"):
        await turns.once(key, counter.run)
    assert await turns.once("a", counter.run) == 4
