"""``fangxin calc``: JSON requests in, JSON results out.

It stands apart from the other commands so that it starts without the service, the database and the web.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.clock import Clock, china_date
from bot.knowledge.calculation_defaults import defaults_on
from bot.knowledge.policy import PolicyBook
from bot.lending.errors import InvalidInput, UnknownKind
from bot.lending.face import calculate, refusal
from bot.lending.inputs import Default

#: Longer whole numbers than this are no amount; they stay text, which Python parses in linear time.
LONGEST_NUMBER = 100

NOT_JSON = "这一行不是 JSON · this line is not JSON"
NOT_A_REQUEST = "请求要写成 JSON 对象 · a request is a JSON object"


class NotJson(Exception):
    """What was given cannot be read as JSON."""


def todays_defaults(policy: Path, clock: Clock) -> Mapping[str, Default]:
    """The policy facts of the day, read once a run."""
    return defaults_on(PolicyBook.load(policy), china_date(clock))


def answer_one(kind: str, given: bytes, defaults: Mapping[str, Default]) -> tuple[str, bool]:
    """The result of one calculation as JSON text, or its error; and whether it is a result."""
    try:
        return _json(calculate(kind, _parsed(given), defaults)), True
    except (UnknownKind, InvalidInput) as exc:
        return _json({"error": refusal(exc)}), False
    except NotJson:
        return _json({"error": _unreadable("not_json", NOT_JSON)}), False


def answer_lines(lines: Iterable[bytes], defaults: Mapping[str, Default]) -> Iterator[tuple[str, bool]]:
    """An answer for every line, in their order, and whether the line was JSON; blank lines say nothing."""
    for line in lines:
        if line.strip():
            yield _answer(line, defaults)


def _answer(line: bytes, defaults: Mapping[str, Default]) -> tuple[str, bool]:
    try:
        request = _parsed(line)
    except NotJson:
        return _json({"id": None, "error": _unreadable("not_json", NOT_JSON)}), False
    if not isinstance(request, dict):
        return _json({"id": None, "error": _unreadable("not_an_object", NOT_A_REQUEST)}), True
    request_id = request.get("id")
    if isinstance(request_id, float) and not math.isfinite(request_id):
        request_id = None  # Python reads NaN, but no JSON may contain it
    try:
        result = calculate(request.get("kind"), request.get("inputs"), defaults)
        return _json({"id": request_id, "result": result}), True
    except (UnknownKind, InvalidInput) as exc:
        return _json({"id": request_id, "error": refusal(exc)}), True


def _parsed(text: bytes) -> Any:
    try:
        try:
            return json.loads(text)
        except ValueError:  # perhaps only a number with thousands of digits
            return json.loads(text, parse_int=_whole_number)
    except (ValueError, RecursionError) as exc:
        raise NotJson from exc


def _whole_number(digits: str) -> int | str:
    return int(digits) if len(digits) <= LONGEST_NUMBER else digits


def _json(answer: object) -> str:
    return json.dumps(answer, ensure_ascii=False)


def _unreadable(code: str, message: str) -> dict[str, Any]:
    return {"code": code, "field": None, "message": message}
