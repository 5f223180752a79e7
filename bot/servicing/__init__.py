"""Applications and loans, and the proof of identity that stands before them."""

from bot.servicing.calendar import WorkingCalendar
from bot.servicing.model import ApplicationState, DateRange, Progress, Stage, StageProgress, StageState
from bot.servicing.service import Servicing, make_servicing

__all__ = [
    "ApplicationState",
    "DateRange",
    "Progress",
    "Servicing",
    "Stage",
    "StageProgress",
    "StageState",
    "WorkingCalendar",
    "make_servicing",
]
