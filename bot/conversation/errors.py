"""What may go wrong in a conversation.

ConversationError
├── ConversationNotFound
├── MessageTooLong
├── EmptyMessage
├── MessageNotFound
└── PayloadNotOffered
"""

from __future__ import annotations


class ConversationError(Exception):
    """Parent of this room's errors; ``code`` is for programs, the phrase of that name for people."""

    code = "conversation_error"


class ConversationNotFound(ConversationError):
    """There is no such conversation."""

    code = "conversation_not_found"


class MessageTooLong(ConversationError):
    """More characters than one message may have."""

    code = "too_long"


class EmptyMessage(ConversationError):
    """Nothing but blanks or unprintable characters."""

    code = "empty"


class MessageNotFound(ConversationError):
    """No message of this number in the conversation, or none of the kind that is meant."""

    code = "message_not_found"


class PayloadNotOffered(ConversationError):
    """A button's payload that was never offered in this conversation."""

    code = "payload_not_offered"
