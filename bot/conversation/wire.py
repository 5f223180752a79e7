"""How a message, a mode and a refusal look to a browser."""

from __future__ import annotations

from typing import Any

from bot.conversation.model import Conversation, Message, Sender
from bot.messages.masking import mask_text


def masked_wire(message: Message) -> dict[str, Any]:
    """The message as people at the desk see it: what identifies the customer is masked in their own words."""
    wire = message_wire(message)
    if message.sender is Sender.CUSTOMER:
        wire["parts"] = [{**part, "text": mask_text(part["text"])} for part in message.parts]
    return wire


def message_wire(message: Message) -> dict[str, Any]:
    """``M`` of the chat protocol."""
    return {
        "seq": message.seq,
        "id": message.id,
        "sender": message.sender.value,
        "author_name": message.author_name,
        "parts": list(message.parts),
        "client_id": message.client_id,
        "turn_id": message.turn_id,
        "at": message.at.isoformat(),
    }


def mode_wire(conversation: Conversation, ahead: int | None) -> dict[str, Any]:
    return {"mode": conversation.mode.value, "agent_name": conversation.agent_name, "ahead": ahead}
