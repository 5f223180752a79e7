"""What the last calculation gives to keep: its whole schedule, or its summary, as files."""

from __future__ import annotations

import asyncio
import re

from actions.base import Outcome, TurnAction, understood
from actions.calculations.catalogue import SUBJECTS
from actions.calculations.run import work_out
from actions.calculations.state import LAST_SLOT, PAPER, Asked
from actions.turn import Turn
from bot.papers import Format

_WANTED = re.compile(r"计划表|明细表|还款表|表格|每一?期|excel|xlsx|pdf|导出|打印", re.IGNORECASE)
_SUMMARY = re.compile("总结|小结")
_SPREADSHEET, _PRINT = re.compile(r"excel|xlsx|表格", re.IGNORECASE), re.compile(r"pdf|打印", re.IGNORECASE)


async def schedule_asked_for(action: TurnAction, turn: Turn) -> Outcome | None:
    """The schedule or the summary, when a message or a button wants it and the last calculation has one."""
    if turn.value(PAPER) is None and not (_WANTED.search(turn.text) or _SUMMARY.search(turn.text)):
        return None
    last = Asked.of(turn, SUBJECTS, LAST_SLOT)
    result = work_out(action, last) if last else None
    if result and result.summary:
        file = await asyncio.to_thread(action.colleagues.papers.summary, result.summary)
        return Outcome((action.text("calculation.summary"), file), understood(), next_action=turn.active_loop)
    loans = result.loans if result else ()
    if not loans or (turn.value(PAPER) is None and not _WANTED.search(turn.text)):
        return None
    today = action.colleagues.today
    files = await asyncio.gather(
        *(
            asyncio.to_thread(action.colleagues.papers.schedule, loans, format, today)
            for format in _formats(turn.text)
        )
    )
    return Outcome((action.text("calculation.papers"), *files), understood(), next_action=turn.active_loop)


def _formats(text: str) -> tuple[Format, ...]:
    """The one that was named, else both."""
    named = tuple(
        format for format, words in ((Format.XLSX, _SPREADSHEET), (Format.PDF, _PRINT)) if words.search(text)
    )
    return named or tuple(Format)
