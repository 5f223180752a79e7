"""who is asking

Revision: 0005, after 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.store.base

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address_hash", sa.String(), nullable=True))

    with op.batch_alter_table("verification", schema=None) as batch_op:
        batch_op.add_column(sa.Column("customer_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("claim", sa.String(length=80), nullable=True))
    op.execute(
        "UPDATE verification SET"
        " customer_id = (SELECT a.customer_id FROM application a WHERE a.id = verification.application_id),"
        " claim = (SELECT a.application_no FROM application a WHERE a.id = verification.application_id)"
    )
    with op.batch_alter_table("verification", schema=None) as batch_op:
        batch_op.alter_column("customer_id", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("claim", existing_type=sa.String(length=80), nullable=False)
        batch_op.alter_column("application_id", existing_type=sa.Integer(), nullable=True)
        batch_op.drop_index("ix_verification_conversation_application")
        batch_op.create_index(
            "ix_verification_conversation_customer", ["conversation_id", "customer_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_verification_customer_id"), ["customer_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_verification_customer_id_customer"), "customer", ["customer_id"], ["id"]
        )

    with op.batch_alter_table("verification_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_verification_attempt_conversation_application")
        batch_op.alter_column(
            "application_no",
            new_column_name="claim",
            existing_type=sa.String(length=32),
            type_=sa.String(length=80),
            existing_nullable=False,
        )
        batch_op.add_column(sa.Column("address_hash", sa.String(length=64), nullable=True))
    with op.batch_alter_table("verification_attempt", schema=None) as batch_op:
        batch_op.create_index(
            "ix_verification_attempt_conversation_claim", ["conversation_id", "claim"], unique=False
        )
        batch_op.create_index("ix_verification_attempt_claim_at", ["claim", "at"], unique=False)
        batch_op.create_index("ix_verification_attempt_address_at", ["address_hash", "at"], unique=False)

    op.execute(
        "UPDATE verification_guard SET subject = 'claim:' || substr(subject, 13)"
        " WHERE subject LIKE 'application:%'"
    )

    op.create_table(
        "used_nonce",
        sa.Column("nonce_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", bot.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("nonce_hash", name=op.f("pk_used_nonce")),
    )
    with op.batch_alter_table("used_nonce", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_used_nonce_expires_at"), ["expires_at"], unique=False)


def downgrade() -> None:
    op.drop_table("used_nonce")
    op.execute("DELETE FROM verification_guard WHERE subject LIKE 'holder:%' OR subject LIKE 'address:%'")
    op.execute(
        "UPDATE verification_guard SET subject = 'application:' || substr(subject, 7)"
        " WHERE subject LIKE 'claim:%'"
    )
    with op.batch_alter_table("verification_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_verification_attempt_address_at")
        batch_op.drop_index("ix_verification_attempt_claim_at")
        batch_op.drop_index("ix_verification_attempt_conversation_claim")
        batch_op.drop_column("address_hash")
        batch_op.alter_column("claim", new_column_name="application_no", existing_type=sa.String(length=80))
    with op.batch_alter_table("verification_attempt", schema=None) as batch_op:
        batch_op.create_index(
            "ix_verification_attempt_conversation_application",
            ["conversation_id", "application_no"],
            unique=False,
        )
    op.execute("DELETE FROM verification WHERE application_id IS NULL")
    with op.batch_alter_table("verification", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_verification_customer_id_customer"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_verification_customer_id"))
        batch_op.drop_index("ix_verification_conversation_customer")
        batch_op.alter_column("application_id", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column("claim")
        batch_op.drop_column("customer_id")
        batch_op.create_index(
            "ix_verification_conversation_application", ["conversation_id", "application_id"], unique=False
        )
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_column("address_hash")
