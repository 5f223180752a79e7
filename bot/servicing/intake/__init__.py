"""What the bank's core tells, and how it is taken in."""

from bot.servicing.intake.intake import MAX_WORDS, Intake, Taken
from bot.servicing.intake.model import Problem, Status, Verdict
from bot.servicing.intake.words import WORDS, LprWord, Resource, StageWord, Word, read_word

__all__ = [
    "MAX_WORDS",
    "WORDS",
    "Intake",
    "LprWord",
    "Problem",
    "Resource",
    "StageWord",
    "Status",
    "Taken",
    "Verdict",
    "Word",
    "read_word",
]
