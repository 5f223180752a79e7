"""What the bot knows: dated policy facts, the answers that use them, and the short phrases it speaks."""

from bot.knowledge.answers import AnswerBook
from bot.knowledge.errors import Problem
from bot.knowledge.library import Library
from bot.knowledge.model import Answer, Fact, Rendered
from bot.knowledge.phrases import Phrases
from bot.knowledge.policy import PolicyBook

__all__ = ["Answer", "AnswerBook", "Fact", "Library", "Phrases", "PolicyBook", "Problem", "Rendered"]
