"""wechat, and messages that a platform fetches

Revision: 0012, after 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.base import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wechat_contact",
        sa.Column("open_id", sa.String(length=64), nullable=False),
        sa.Column("is_subscribed", sa.Boolean(), nullable=False),
        sa.Column("message_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("message_left", sa.Integer(), nullable=False),
        sa.Column("action_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("action_left", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("open_id", name=op.f("pk_wechat_contact")),
    )
    op.create_table(
        "wechat_arrival",
        sa.Column("key", sa.String(length=260), nullable=False),
        sa.Column("open_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("media_id", sa.String(length=200), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_wechat_arrival")),
    )
    with op.batch_alter_table("wechat_arrival", schema=None) as batch_op:
        batch_op.create_index("ix_wechat_arrival_state", ["state", "at"], unique=False)
    op.create_table(
        "wechat_progress",
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("pieces_shown", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_wechat_progress")),
    )
    op.create_table(
        "wechat_token",
        sa.Column("app_id", sa.String(length=64), nullable=False),
        sa.Column("token_encrypted", sa.Text(), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("forced_at", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("app_id", name=op.f("pk_wechat_token")),
    )
    op.create_table(
        "wechat_notice",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("open_id", sa.String(length=64), nullable=False),
        sa.Column("template", sa.String(length=50), nullable=False),
        sa.Column("platform_id", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_notice")),
    )
    with op.batch_alter_table("wechat_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wechat_notice_open_id"), ["open_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_wechat_notice_platform_id"), ["platform_id"], unique=False)
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_until", UtcDateTime(timezone=True), nullable=True))
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("leased_until", UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("leased_until")
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_column("held_until")
    for table in ("wechat_notice", "wechat_token", "wechat_progress", "wechat_arrival", "wechat_contact"):
        op.drop_table(table)
