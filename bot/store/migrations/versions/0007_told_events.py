"""Which change of an application a conversation was told last.

Revision: 0007, after 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("progress_subscription", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told_event_id", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("progress_subscription", schema=None) as batch_op:
        batch_op.drop_column("told_event_id")
