"""What is held for a person, with all that is needed to publish it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "held",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source_id", sa.Integer(), sa.ForeignKey("source.id")),
        sa.Column("remote_key", sa.String(500), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("draft", sa.JSON()),
        sa.Column("content_key", sa.String(64)),
        sa.Column("dataset_id", sa.Integer(), sa.ForeignKey("dataset.id")),
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("run.id")),
        sa.Column("fingerprint", sa.String(200)),
        sa.Column("decided_at", MOMENT),
        sa.Column("decided_by", sa.String(200)),
        sa.Column("remark", sa.Text()),
    )
    op.create_index("ix_held_source_remote", "held", ["source_id", "remote_key", "state"])
    for column in ("state", "dataset_id", "run_id"):
        op.create_index(f"ix_held_{column}", "held", [column])


def downgrade() -> None:
    op.drop_table("held")
