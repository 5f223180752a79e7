"""What is said, in both directions, as plain values: nothing here knows a platform, Rasa or a table."""

from bot.messages.inbound import Attachment, Choice, Content, Inbound, Text, Unsupported
from bot.messages.reply import (
    Card,
    Chart,
    File,
    Handoff,
    Image,
    Option,
    QuickReplies,
    Reply,
    ReplyPart,
    Row,
    Stage,
    Stages,
    TextPart,
    part_from_wire,
    part_to_wire,
)

__all__ = [
    "Attachment",
    "Card",
    "Chart",
    "Choice",
    "Content",
    "File",
    "Handoff",
    "Image",
    "Inbound",
    "Option",
    "QuickReplies",
    "Reply",
    "ReplyPart",
    "Row",
    "Stage",
    "Stages",
    "Text",
    "TextPart",
    "Unsupported",
    "part_from_wire",
    "part_to_wire",
]
