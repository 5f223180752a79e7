"""which steps of a request the customer has yet to hear of

Revision: 0013, after 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("service_request_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_untold", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("service_request_event", schema=None) as batch_op:
        batch_op.drop_column("is_untold")
