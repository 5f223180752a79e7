"""The machine-readable face of the lending core: a kind and JSON inputs go in, a JSON object comes out.

Per cent signs and the words of the wire (``level``, ``annual_rate_pct``) live only at this edge, in `kinds`.
Money leaves as text.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.lending import wording
from bot.lending.errors import InvalidInput, LendingError, UnknownKind
from bot.lending.inputs import Default, Inputs
from bot.lending.kinds import KINDS, Result

__all__ = ["KINDS", "NO_DEFAULTS", "Result", "calculate", "refusal"]

NO_DEFAULTS: Mapping[str, Default] = {}


def calculate(kind: object, inputs: object, defaults: Mapping[str, Default] = NO_DEFAULTS) -> Result:
    """The result of one calculation.

    ``defaults`` are the policy facts of the day for fields that may be left out.
    Each one taken is named under ``assumptions``.
    Raises `UnknownKind` or `InvalidInput`, both with ``code``, ``field`` and a Chinese ``message``.
    """
    if not isinstance(kind, str) or kind not in KINDS:
        raise UnknownKind(kind, wording.problem("unknown_kind", str(kind)[:40]))
    if not isinstance(inputs, Mapping):
        raise InvalidInput("not_an_object", "inputs", wording.problem("not_an_object", "inputs"))
    try:
        return KINDS[kind](Inputs(inputs, defaults))
    except InvalidInput:
        raise
    except LendingError as exc:  # each value is possible, but not all of them together
        raise InvalidInput("not_possible", "inputs", wording.problem("not_possible", "inputs")) from exc


def refusal(exc: UnknownKind | InvalidInput) -> dict[str, str]:
    """``{"code", "field", "message"}``, the message in Chinese and fit for the customer."""
    return {"code": exc.code, "field": exc.field, "message": exc.message}
