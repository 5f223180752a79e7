"""What the running service counts, for ``/metrics``."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

from bot.conversation.model import TurnOutcome

BUCKETS = (0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 4.0, 8.0)


class Metrics:
    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self._turns = Histogram(
            "fangxin_turn_seconds",
            "Time of a turn with the bot, the merge window not counted",
            ["outcome"],
            buckets=BUCKETS,
            registry=registry,
        )

        self._opinions = Counter(
            "fangxin_answer_opinions",
            "Thumbs that customers gave on answers of the bot",
            ["is_helpful"],
            registry=registry,
        )

    def opinion(self, is_helpful: bool) -> None:
        self._opinions.labels(str(is_helpful).lower()).inc()

    def turn(self, outcome: TurnOutcome, seconds: float) -> None:
        self._turns.labels(outcome.value).observe(seconds)
