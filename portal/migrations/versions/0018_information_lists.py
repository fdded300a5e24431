"""Rows of the list of public information that officers write, and the words of the yearly report."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "kip_information",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("information_class", sa.String(20), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(250), nullable=False),
        sa.Column("organization_id", sa.Integer(), sa.ForeignKey("organization.id")),
        sa.Column("dataset_id", sa.Integer(), sa.ForeignKey("dataset.id"), unique=True),
        sa.Column("responsible", sa.String(300), nullable=False),
        sa.Column("made", sa.String(300), nullable=False),
        sa.Column("medium", sa.String(10), nullable=False),
        sa.Column("retention", sa.String(200), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("published_on", sa.Date()),
        sa.Column("next_due", sa.Date()),
    )
    op.create_index("ix_kip_information_information_class", "kip_information", ["information_class"])
    op.create_index("ix_kip_information_organization_id", "kip_information", ["organization_id"])
    op.create_index("ix_kip_information_next_due", "kip_information", ["next_due"])
    op.create_table(
        "kip_report",
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(250), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("policy", "facilities", "staff", "budget", "execution", "obstacles", "recommendations")
        ),
        sa.Column("published_on", sa.Date()),
    )


def downgrade() -> None:
    op.drop_table("kip_report")
    op.drop_table("kip_information")
