"""What is written of a dataset through the API, before and between its versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "manuscript",
        sa.Column("dataset_id", sa.Integer(), sa.ForeignKey("dataset.id"), primary_key=True),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(250), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content_key", sa.String(64)),
        sa.Column("public", sa.JSON()),
        sa.Column("public_key", sa.String(64)),
    )
    op.create_table(
        "written_resource",
        sa.Column("uuid", sa.String(36), primary_key=True),
        sa.Column("dataset_id", sa.Integer(), sa.ForeignKey("dataset.id"), nullable=False),
    )
    op.create_index("ix_written_resource_dataset_id", "written_resource", ["dataset_id"])


def downgrade() -> None:
    op.drop_table("written_resource")
    op.drop_table("manuscript")
