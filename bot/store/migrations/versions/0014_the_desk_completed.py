"""the desk: second factor, working hours, supervisors asked in, promises

Revision: 0014, after 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.store.base

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "promise",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("made_by", sa.String(length=100), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", bot.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("kept_by", sa.String(length=100), nullable=True),
        sa.Column("kept_note", sa.Text(), nullable=True),
        sa.Column("kept_at", bot.store.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_promise_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
    )
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promise_conversation_id"), ["conversation_id"], unique=False)

    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("totp_pending", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("hours", sa.JSON(), nullable=True))

    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.add_column(sa.Column("help_why", sa.String(), nullable=True))
        batch_op.add_column(
            sa.Column("help_asked_at", bot.store.base.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("helper_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("helper_name", sa.String(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_ticket_helper_id_agent"), "agent", ["helper_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_ticket_helper_id_agent"), type_="foreignkey")
        batch_op.drop_column("helper_name")
        batch_op.drop_column("helper_id")
        batch_op.drop_column("help_asked_at")
        batch_op.drop_column("help_why")

    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.drop_column("hours")
        batch_op.drop_column("totp_pending")

    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_promise_conversation_id"))

    op.drop_table("promise")
