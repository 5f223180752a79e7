"""Misses of like meaning together, for a person to review."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.clock import CHINA
from bot.insight.rasa_side import RasaSide
from bot.insight.unanswered import Miss, Reference, Why

MODULE = "bot.nlu.cluster"
#: After so long a miss counts half as much: clusters that grow now come before old ones of the same size.
HALF_LIFE = timedelta(days=7)
#: Different texts that are clustered at once, the newest: their distances fill a square.
MOST_TEXTS = 4000
ID_CHARACTERS = 6


class ClusterUnknown(Exception):
    """No cluster of this id was listed last."""


@dataclass(frozen=True)
class Cluster:
    """Misses of like meaning, the most typical text first."""

    misses: tuple[Miss, ...]

    @property
    def id(self) -> str:
        """Follows from its misses: another one, another id."""
        names = sorted(f"{miss.reference.turn_id}.{miss.reference.part}" for miss in self.misses)
        return hashlib.sha256(" ".join(names).encode()).hexdigest()[:ID_CHARACTERS]

    @property
    def texts(self) -> list[str]:
        return list(dict.fromkeys(miss.text for miss in self.misses))

    @property
    def newest(self) -> datetime:
        return max(miss.at for miss in self.misses)

    @property
    def picks(self) -> Counter[str]:
        return Counter(miss.picked for miss in self.misses if miss.picked)

    @property
    def suggestion(self) -> tuple[str, str]:
        """An intent and where it comes from: what customers picked most, else the model's guesses by confidence.

        The guess of one who said that none was right counts for nothing while there are others.
        """
        if self.picks:
            return self.picks.most_common(1)[0][0], "picks"
        weights: dict[str, float] = defaultdict(float)
        for miss in self.misses:
            weights[miss.guess] += 0.0 if miss.why is Why.NONE_OF_THEM else miss.confidence
        return max(weights, key=lambda intent: weights[intent]), "model"

    def weight(self, now: datetime) -> float:
        """Its size, of which the half-life eats what is old."""
        ages = (max(now - miss.at, timedelta()) / HALF_LIFE for miss in self.misses)
        return sum(math.pow(0.5, age) for age in ages)

    def to_wire(self) -> dict[str, Any]:
        intent, source = self.suggestion
        reasons = Counter(miss.why.value for miss in self.misses)
        return {
            "id": self.id,
            "count": len(self.misses),
            "newest": self.newest.astimezone(CHINA).isoformat(timespec="seconds"),
            "suggested_intent": intent,
            "suggested_by": source,
            "why": {why.value: reasons.get(why.value, 0) for why in Why},
            "picks": dict(self.picks.most_common()),
            "texts": self.texts,
        }


def cluster(misses: Sequence[Miss], rasa_side: RasaSide, now: datetime) -> list[Cluster]:
    """Clusters of the misses, newest and largest first. Equal texts are read once; `RasaSideFailed` may come."""
    by_text: dict[str, list[Miss]] = defaultdict(list)
    for miss in sorted(misses, key=lambda miss: miss.at, reverse=True):
        by_text[miss.text].append(miss)
    texts = list(by_text)[:MOST_TEXTS]
    if not texts:
        return []
    answers = rasa_side(MODULE, (), [{"id": number, "text": text} for number, text in enumerate(texts)])
    together: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for answer in answers:
        together[answer["cluster"]].append(answer)
    found = [
        Cluster(
            tuple(
                miss
                for answer in sorted(answers_of_one, key=lambda one: (-one["closeness"], one["id"]))
                for miss in by_text[texts[answer["id"]]]
            )
        )
        for answers_of_one in together.values()
    ]
    return sorted(found, key=lambda one: (-one.weight(now), one.id))


class Reviewed:
    """Which misses each listed cluster has: a file with places in the database and no customer's words.

    So exactly what was read is taught, and not what came in since.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def keep(self, listed: Iterable[Cluster]) -> None:
        """In place of what was listed before."""
        content = {
            one.id: [[miss.reference.turn_id, miss.reference.part] for miss in one.misses] for one in listed
        }
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_name(self._file.name + ".new")
        fresh.write_text(json.dumps(content), encoding="utf-8")
        fresh.replace(self._file)

    def references(self, cluster_id: str) -> list[Reference]:
        """`ClusterUnknown` when it was not listed last."""
        content = json.loads(self._file.read_text(encoding="utf-8")) if self._file.exists() else {}
        if cluster_id not in content:
            raise ClusterUnknown(cluster_id)
        return [Reference(turn_id, part) for turn_id, part in content[cluster_id]]


def untaught(misses: Iterable[Miss], is_known: Callable[[str], bool]) -> list[Miss]:
    """Without words that stand in the training data by now."""
    return [miss for miss in misses if not is_known(miss.text)]
