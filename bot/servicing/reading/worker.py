"""The process that reads: apart from the service, so that a hostile file or a lack of memory takes nothing along.

A request is a line of JSON (``media_type``, ``size``) and the bytes; the answer is a line of JSON, a reading or an
error. What was recognised never leaves this process as text.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, BinaryIO

from bot.servicing.content import MediaType

NICENESS = 10  #: whoever chats goes first


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer until there are no more requests."""
    while line := requests.readline():
        request = json.loads(line)
        content = requests.read(request["size"])
        answers.write(json.dumps(_answer(request["media_type"], content)).encode() + b"\n")
        answers.flush()


def _answer(media_type: str, content: bytes) -> dict[str, Any]:
    try:
        from bot.servicing.reading.engine import read

        return {"reading": read(MediaType(media_type), content).to_wire()}
    except (
        Exception
    ) as exc:  # whatever it is, the next file is to be read; the message could quote the document
        return {"error": type(exc).__name__}


def main() -> None:
    os.nice(NICENESS)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not look like an answer
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
