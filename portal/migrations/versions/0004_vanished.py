"""What sources no longer offer, and runs that somebody has asked to stop."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "vanished",
        sa.Column("dataset_id", sa.Integer(), sa.ForeignKey("dataset.id"), primary_key=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
    )
    op.add_column("run", sa.Column("stop_asked_at", MOMENT))


def downgrade() -> None:
    op.drop_column("run", "stop_asked_at")
    op.drop_table("vanished")
