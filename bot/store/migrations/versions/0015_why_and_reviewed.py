"""why facts and answers were changed, and which unanswered words somebody has seen to

Revision: 0015, after 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.base import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviewed_miss",
        sa.Column("turn_id", sa.String(length=64), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("intent", sa.String(length=100), nullable=True),
        sa.Column("reviewer", sa.String(length=100), nullable=False),
        sa.Column("reviewed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("turn_id", "part", name=op.f("pk_reviewed_miss")),
    )
    for table in ("policy_change", "answer_change"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("reason", sa.Text(), nullable=True))


def downgrade() -> None:
    for table in ("policy_change", "answer_change"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("reason")
    op.drop_table("reviewed_miss")
