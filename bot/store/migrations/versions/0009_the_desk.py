"""the desk: clocks, events, leases, presence

Revision: 0009, after 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.store.base

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lease",
        sa.Column("job", sa.String(length=50), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("until", bot.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_lease")),
    )
    op.create_table(
        "sla_clock",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("promise", sa.String(length=40), nullable=False),
        sa.Column("runs", sa.String(length=10), nullable=False),
        sa.Column("limit", sa.Interval(), nullable=False),
        sa.Column("started_at", bot.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used", sa.Interval(), nullable=False),
        sa.Column("resumed_at", bot.store.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", bot.store.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("warns_at", bot.store.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("due_at", bot.store.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("warned_at", bot.store.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("breached_at", bot.store.base.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sla_clock")),
        sa.UniqueConstraint(
            "subject", "subject_id", "promise", name=op.f("uq_sla_clock_subject_subject_id_promise")
        ),
    )
    with op.batch_alter_table("sla_clock", schema=None) as batch_op:
        batch_op.create_index("ix_sla_clock_due_at", ["due_at"], unique=False)

    op.create_table(
        "ticket_event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("ticket_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("agent_id", sa.String(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("at", bot.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_ticket_event_agent_id_agent")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_event_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_event")),
    )
    with op.batch_alter_table("ticket_event", schema=None) as batch_op:
        batch_op.create_index("ix_ticket_event_kind_at", ["kind", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_event_ticket_id"), ["ticket_id"], unique=False)

    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "skills",
                sa.JSON(),
                nullable=False,
                server_default='["before_loan", "application", "after_loan", "complaint"]',
            )
        )
        batch_op.add_column(sa.Column("capacity", sa.Integer(), nullable=False, server_default="5"))
        batch_op.add_column(
            sa.Column("presence", sa.String(length=10), nullable=False, server_default="offline")
        )
        batch_op.add_column(sa.Column("seen_at", bot.store.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("idle_since", bot.store.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("totp_encrypted", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("totp_used", sa.Integer(), nullable=True))

    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", sa.String(length=10), nullable=False, server_default="zh"))
        batch_op.add_column(sa.Column("customer_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("due_at", bot.store.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("offer_expires_at", bot.store.base.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(
            sa.Column("returned_at", bot.store.base.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("refused_by", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(
            sa.Column("first_replied_at", bot.store.base.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("hold_until", bot.store.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("hold_reason", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("resolution", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("tags", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.create_index("ix_ticket_agent_status", ["agent_id", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_customer_id"), ["customer_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_ticket_customer_id_customer"), "customer", ["customer_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_ticket_customer_id_customer"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_ticket_customer_id"))
        batch_op.drop_index("ix_ticket_agent_status")
        batch_op.drop_column("version")
        batch_op.drop_column("tags")
        batch_op.drop_column("resolution")
        batch_op.drop_column("hold_reason")
        batch_op.drop_column("hold_until")
        batch_op.drop_column("first_replied_at")
        batch_op.drop_column("refused_by")
        batch_op.drop_column("returned_at")
        batch_op.drop_column("offer_expires_at")
        batch_op.drop_column("due_at")
        batch_op.drop_column("customer_id")
        batch_op.drop_column("language")

    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.drop_column("totp_used")
        batch_op.drop_column("totp_encrypted")
        batch_op.drop_column("idle_since")
        batch_op.drop_column("seen_at")
        batch_op.drop_column("presence")
        batch_op.drop_column("capacity")
        batch_op.drop_column("skills")

    with op.batch_alter_table("ticket_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_event_ticket_id"))
        batch_op.drop_index("ix_ticket_event_kind_at")

    op.drop_table("ticket_event")
    with op.batch_alter_table("sla_clock", schema=None) as batch_op:
        batch_op.drop_index("ix_sla_clock_due_at")

    op.drop_table("sla_clock")
    op.drop_table("lease")
