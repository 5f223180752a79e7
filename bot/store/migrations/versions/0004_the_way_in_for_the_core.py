"""the way in for the core

Revision: 0004, after 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.store.base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", bot.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", bot.store.base.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("name", name=op.f("uq_api_key_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_api_key_public_id")),
    )
    op.create_table(
        "answered_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("caller", sa.String(length=60), nullable=False),
        sa.Column("route", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("created_at", bot.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answered_call")),
        sa.UniqueConstraint("caller", "route", "key", name=op.f("uq_answered_call_caller_route_key")),
    )
    op.create_index("ix_answered_call_created_at", "answered_call", ["created_at"], unique=False)
    op.create_table(
        "waiting_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resource", sa.String(length=20), nullable=False),
        sa.Column("waits_for", sa.String(length=60), nullable=False),
        sa.Column("word_encrypted", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("received_at", bot.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_word")),
        sa.UniqueConstraint("digest", name=op.f("uq_waiting_word_digest")),
    )
    op.create_index(op.f("ix_waiting_word_waits_for"), "waiting_word", ["waits_for"], unique=False)
    for table in ("customer", "application"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(
                sa.Column("told_at", bot.store.base.UtcDateTime(timezone=True), nullable=True)
            )
    with op.batch_alter_table("stage_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("refusal", sa.String(length=40), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("stage_event", schema=None) as batch_op:
        batch_op.drop_column("refusal")
    for table in ("application", "customer"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("told_at")
    for table in ("waiting_word", "answered_call", "api_key"):
        op.drop_table(table)
