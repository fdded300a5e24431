"""The data list of the year, decisions on many, scores of versions, and what overrules a source."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "planned_dataset",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("title", sa.String(400), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("updated_by", sa.String(250), nullable=False),
        sa.Column("frequency", sa.String(40)),
        sa.Column("due_on", sa.Date()),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("dataset_id", sa.Integer(), sa.ForeignKey("dataset.id")),
        sa.UniqueConstraint("year", "organization_id", "key"),
    )
    for column in ("organization_id", "dataset_id"):
        op.create_index(f"ix_planned_dataset_{column}", "planned_dataset", [column])
    op.create_table(
        "version_score",
        sa.Column("version_id", sa.Integer(), sa.ForeignKey("version.id"), primary_key=True),
        sa.Column("way", sa.Integer(), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
    )
    op.create_table(
        "dataset_ruling",
        sa.Column("dataset_id", sa.Integer(), sa.ForeignKey("dataset.id"), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(250), nullable=False),
        sa.Column("license", sa.String(60)),
        sa.Column("frequency", sa.String(40)),
        sa.Column("themes", sa.JSON()),
    )
    op.create_table(
        "mass_work",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by", sa.String(250), nullable=False),
        sa.Column("user_id", sa.Integer()),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("over_at", MOMENT),
    )
    op.create_table(
        "mass_step",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("work_id", sa.Integer(), sa.ForeignKey("mass_work.id"), nullable=False),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("said", sa.JSON()),
        sa.Column("at", MOMENT),
        sa.UniqueConstraint("work_id", "subject"),
    )


def downgrade() -> None:
    for table in ("mass_step", "mass_work", "dataset_ruling", "version_score", "planned_dataset"):
        op.drop_table(table)
