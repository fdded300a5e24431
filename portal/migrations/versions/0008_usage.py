"""Views and downloads of datasets by day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dataset_usage",
        sa.Column("dataset_id", sa.Integer(), sa.ForeignKey("dataset.id"), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.Column("downloads", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("dataset_usage")
