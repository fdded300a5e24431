"""Work that is due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(100)),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(100)),
        sa.Column("lease_until", MOMENT),
        sa.Column("dead_at", MOMENT),
        sa.Column("error", sa.JSON()),
        sa.UniqueConstraint("kind", "subject"),
    )
    op.create_index("ix_job_dead_at_due", "job", ["dead_at", "due"])


def downgrade() -> None:
    op.drop_table("job")
