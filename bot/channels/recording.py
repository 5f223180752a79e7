"""A channel that keeps what it was given, fitted to a platform's profile: the double for every platform."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.channels.degrade import Words, fit
from bot.channels.profile import Profile
from bot.conversation.model import Message
from bot.conversation.ports import DeliveryFailed
from bot.messages import ReplyPart, part_from_wire


@dataclass
class RecordingChannel:
    """``failures`` many sends fail before the first succeeds."""

    profile: Profile
    words: Words
    failures: int = 0
    sent: list[tuple[str, list[ReplyPart]]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.profile.name

    async def send(self, external_id: str, message: Message) -> None:
        if self.failures > 0:
            self.failures -= 1
            raise DeliveryFailed("the recording channel was told to fail")
        parts = [part_from_wire(part) for part in message.parts]
        self.sent.append((external_id, fit(parts, self.profile, self.words)))
