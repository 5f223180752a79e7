"""the kind of a loan, so that an application may have one of each

Revision: 0018, after 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0015"
branch_labels = None
depends_on = None

LOAN = sa.table("loan", sa.column("id"), sa.column("application_id"), sa.column("kind"))
APPLICATION = sa.table("application", sa.column("id"), sa.column("product"))
FUND = "provident_fund"


def upgrade() -> None:
    with op.batch_alter_table("loan", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(length=20), nullable=False, server_default="commercial")
        )
    of_fund = sa.select(APPLICATION.c.id).where(APPLICATION.c.product == FUND)
    op.execute(sa.update(LOAN).where(LOAN.c.application_id.in_(of_fund)).values(kind=FUND))
    with op.batch_alter_table("loan", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_loan_application_id"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_loan_application_id_kind"), ["application_id", "kind"]
        )


def downgrade() -> None:
    """Refused by the database while an application has two loans: none of them is dropped."""
    with op.batch_alter_table("loan", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_loan_application_id_kind"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_loan_application_id"), ["application_id"])
        batch_op.drop_column("kind")
