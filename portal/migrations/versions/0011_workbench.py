"""Drafts on the workbench, and how files of a kind are read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "desk_draft",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("organization_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("remote_key", sa.String(500), nullable=False),
        sa.Column("author", sa.String(250), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("updated_by", sa.String(250), nullable=False),
        sa.Column("dataset_id", sa.Integer(), sa.ForeignKey("dataset.id")),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("hints", sa.JSON(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("comments", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("submitted_at", MOMENT),
        sa.Column("decided_at", MOMENT),
        sa.Column("decided_by", sa.String(250)),
        sa.Column("publish_at", MOMENT),
        sa.Column("seen", sa.JSON()),
        sa.Column("prepared", sa.JSON()),
    )
    for column in ("organization_id", "dataset_id", "state", "publish_at"):
        op.create_index(f"ix_desk_draft_{column}", "desk_draft", [column])
    op.create_table(
        "reading_habit",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("organization_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("shape", sa.String(64), nullable=False),
        sa.Column("hints", sa.JSON(), nullable=False),
        sa.Column("units", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(250), nullable=False),
        sa.UniqueConstraint("organization_id", "shape"),
    )


def downgrade() -> None:
    op.drop_table("reading_habit")
    op.drop_table("desk_draft")
