"""How a message, a mode and a refusal look to a browser."""

from __future__ import annotations

from typing import Any

from bot.conversation.model import Conversation, Message, Sender
from bot.messages.masking import mask_text
from bot.servicing.file_links import FileLinks


def masked_wire(message: Message, files: FileLinks) -> dict[str, Any]:
    """The message as people at the desk see it: what identifies the customer is masked in their own words."""
    parts = [files.for_desk(part) for part in message.parts]
    if message.sender is Sender.CUSTOMER:
        parts = [_masked(part) for part in parts]
    return _wire(message, parts)


def message_wire(message: Message, files: FileLinks) -> dict[str, Any]:
    """``M`` of the chat protocol, as the customer sees it."""
    return _wire(message, [files.for_conversation(part, message.conversation_id) for part in message.parts])


def _masked(part: dict[str, Any]) -> dict[str, Any]:
    return {**part, "text": mask_text(part["text"])} if part["kind"] == "text" else part


def _wire(message: Message, parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "seq": message.seq,
        "id": message.id,
        "sender": message.sender.value,
        "author_name": message.author_name,
        "parts": parts,
        "client_id": message.client_id,
        "turn_id": message.turn_id,
        "at": message.at.isoformat(),
    }


def mode_wire(conversation: Conversation, ahead: int | None) -> dict[str, Any]:
    return {"mode": conversation.mode.value, "agent_name": conversation.agent_name, "ahead": ahead}
