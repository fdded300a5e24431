"""What readers say of datasets and want to be told of; letters that carry the headers of a list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("mail", sa.Column("headers", sa.JSON()))
    op.create_table(
        "reader_response",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("dataset_id", sa.Integer(), sa.ForeignKey("dataset.id"), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("voter", sa.String(64), nullable=False),
        sa.Column("rating", sa.String(32), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("shown", sa.String(32), nullable=False),
        sa.Column("decided_by", sa.String(250)),
        sa.UniqueConstraint("dataset_id", "period", "voter"),
    )
    op.create_index("ix_reader_response_shown", "reader_response", ["shown", "dataset_id"])
    op.create_table(
        "data_report",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("dataset_id", sa.Integer(), sa.ForeignKey("dataset.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("table_name", sa.String(400), nullable=False),
        sa.Column("column_name", sa.String(200), nullable=False),
        sa.Column("row_name", sa.String(200), nullable=False),
        sa.Column("contact", sa.Text()),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", MOMENT),
        sa.Column("answered_by", sa.String(250)),
    )
    op.create_index("ix_data_report_dataset_id", "data_report", ["dataset_id"])
    op.create_index("ix_data_report_state", "data_report", ["state"])
    op.create_table(
        "follow",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("reader", sa.String(64), nullable=False),
        sa.Column("target", sa.String(330), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("nonce", sa.String(32), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("root", sa.String(500), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", MOMENT),
        sa.UniqueConstraint("reader", "target"),
    )


def downgrade() -> None:
    for table in ("follow", "data_report", "reader_response"):
        op.drop_table(table)
    op.drop_column("mail", "headers")
