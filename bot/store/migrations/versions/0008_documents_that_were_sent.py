"""documents that were sent

Revision: 0008, after 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.store.base

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sent_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", bot.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("read_at", bot.store.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("placed_at", bot.store.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_sent_document_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_sent_document_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_document")),
        sa.UniqueConstraint("file_id", name=op.f("uq_sent_document_file_id")),
    )
    with op.batch_alter_table("sent_document", schema=None) as batch_op:
        batch_op.create_index(
            "ix_sent_document_conversation_state", ["conversation_id", "state"], unique=False
        )
        batch_op.create_index("ix_sent_document_document", ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sent_document_state"), ["state"], unique=False)
