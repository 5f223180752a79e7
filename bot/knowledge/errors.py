"""What can go wrong with the knowledge files.

KnowledgeError
├── PolicyError
│   ├── PolicyInvalid      the files contradict themselves
│   ├── UnknownFact        no file has this key
│   ├── NoFactForDay       the key exists, but nothing holds on that day
│   └── WrongShape         a list was asked for its one number, a word for its fraction, …
├── AnswerError
│   ├── AnswersInvalid     the files contradict themselves
│   └── NoAnswerForTopic   the topic has no answer
├── EditError
│   ├── EditRefused        the edit does not hold together with the rest
│   └── UnknownChange      no change has this name
└── PhraseError
    ├── UnknownPhrase      (also a KeyError)
    └── PhraseUnfinished   a value the phrase speaks of was not given
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Problem:
    """Something wrong in a knowledge file, said so that its editor finds it."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


class KnowledgeError(Exception):
    """Something in the knowledge files is missing or wrong."""


class PolicyError(KnowledgeError):
    """Something about a policy fact is missing or wrong."""


class PolicyInvalid(PolicyError):
    """The policy files contradict themselves; ``problems`` says where."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class UnknownFact(PolicyError, KeyError):
    """No policy file has this key."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key

    def __str__(self) -> str:
        return f"no policy fact is called {self.key!r}"


class NoFactForDay(PolicyError):
    """The fact exists, but none of its values holds on the day asked for."""

    def __init__(self, key: str, on: date, region: str | None = None) -> None:
        super().__init__(f"no value of {key!r} on {on.isoformat()}" + (f" in {region}" if region else ""))
        self.key = key
        self.on = on
        self.region = region


class WrongShape(PolicyError, TypeError):
    """A fact was read as something it is not."""


class AnswerError(KnowledgeError):
    """Something about an answer is missing or wrong."""


class AnswersInvalid(AnswerError):
    """The answer files contradict themselves; ``problems`` says where."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class NoAnswerForTopic(AnswerError):
    """The topic has no answer."""

    def __init__(self, topic: str) -> None:
        super().__init__(f"topic {topic!r} has no answer")
        self.topic = topic


class EditError(KnowledgeError):
    """An edit of facts or answers that cannot be made."""


class EditRefused(EditError):
    """The edit does not hold together with the rest; ``problems`` says why. Nothing was changed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class UnknownChange(EditError):
    """No change has this name, or it was taken back already."""


class PhraseError(KnowledgeError):
    """Something about a phrase is missing or wrong."""


class UnknownPhrase(PhraseError, KeyError):
    """The phrase book has no such key."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key

    def __str__(self) -> str:
        return f"no phrase is called {self.key!r}"


class PhraseUnfinished(PhraseError):
    """The phrase speaks of a value that was not given, or is not a valid template."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"phrase {key!r}: {reason}")
        self.key = key
