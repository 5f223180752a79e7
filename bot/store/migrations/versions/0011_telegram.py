"""telegram

Revision: 0011, after 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.store.base

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "telegram_update",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", bot.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("arrived_at", bot.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "update_id", name=op.f("pk_telegram_update")),
    )
    op.create_index("ix_telegram_update_state", "telegram_update", ["state", "bot_id", "update_id"])
    op.create_table(
        "telegram_offset",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("next_update_id", sa.BigInteger(), nullable=False),
        sa.Column("at", bot.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", name=op.f("pk_telegram_offset")),
    )
    op.create_table(
        "telegram_button",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_telegram_button")),
    )
    op.create_table(
        "telegram_piece",
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("at", bot.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("message_id", "position", name=op.f("pk_telegram_piece")),
    )
    op.create_index(op.f("ix_telegram_piece_at"), "telegram_piece", ["at"])
    op.create_table(
        "telegram_group",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("refused_at", bot.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "chat_id", name=op.f("pk_telegram_group")),
    )


def downgrade() -> None:
    op.drop_table("telegram_group")
    op.drop_index(op.f("ix_telegram_piece_at"), table_name="telegram_piece")
    op.drop_table("telegram_piece")
    op.drop_table("telegram_button")
    op.drop_table("telegram_offset")
    op.drop_index("ix_telegram_update_state", table_name="telegram_update")
    op.drop_table("telegram_update")
