"""The service's side of reading: one file at a time, within a time limit, in a process that is started when needed."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import structlog

from bot.servicing.content import MediaType
from bot.servicing.reading.model import NOT_READ, Reading

log = structlog.get_logger(__name__)

READ_WITHIN_SECONDS = 60.0
IDLE_SECONDS = 300.0  #: after which the process is stopped and its 300 MB are free again
ROOT = Path(__file__).resolve().parents[3]
WORKER = (sys.executable, "-m", "bot.servicing.reading.worker")
#: The worker opens strangers' files and is told nothing that it does not need.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "OMP_NUM_THREADS", "LD_LIBRARY_PATH")


class Reader(Protocol):
    """Reads a file."""

    async def read(self, media_type: MediaType, content: bytes) -> Reading:
        """What is on it; ``NOT_READ`` when the reading fails or takes too long. Raises nothing."""
        ...

    async def close(self) -> None: ...


class DocumentReader:
    """Reads in a worker process, which is killed when it takes too long and started anew for the next file."""

    def __init__(
        self,
        command: Sequence[str] = WORKER,
        within_seconds: float = READ_WITHIN_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._command = command
        self._within = within_seconds
        self._idle = idle_seconds
        self._one = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._stopping: asyncio.TimerHandle | None = None
        self._ending: asyncio.Future[None] | None = None  #: kept, or it could be collected half done

    async def read(self, media_type: MediaType, content: bytes) -> Reading:
        async with self._one:
            if self._stopping is not None:
                self._stopping.cancel()
            try:
                async with asyncio.timeout(self._within):
                    answer = await self._ask(media_type, content)
                if "error" in answer:
                    log.error("document.not_read", error=answer["error"])
                    return NOT_READ
                reading = Reading.from_wire(answer["reading"])
            except TimeoutError:
                log.error("document.reading_too_long", seconds=self._within)
                await self._stop()
                return NOT_READ
            except asyncio.CancelledError:
                await self._stop()
                raise
            except Exception as exc:
                log.error("document.reader_failed", error=type(exc).__name__)
                await self._stop()
                return NOT_READ
            self._stopping = asyncio.get_running_loop().call_later(self._idle, self._stop_idle)
            return reading

    async def close(self) -> None:
        if self._stopping is not None:
            self._stopping.cancel()
        await self._stop()

    async def _ask(self, media_type: MediaType, content: bytes) -> dict[str, dict[str, object]]:
        process = await self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        request = json.dumps({"media_type": media_type.value, "size": len(content)})
        process.stdin.write(request.encode() + b"\n" + content)
        await process.stdin.drain()
        line = await process.stdout.readline()
        if not line:
            raise EOFError("the worker ended")
        answer: dict[str, dict[str, object]] = json.loads(line)
        return answer

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=ROOT,
                env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
        return self._process

    def _stop_idle(self) -> None:
        if not self._one.locked():
            self._ending = asyncio.ensure_future(self._stop())

    async def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
