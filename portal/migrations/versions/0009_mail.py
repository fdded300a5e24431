"""Letters that are to go out, and where it stands what a steward was told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(200), unique=True),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("message_id", sa.String(100), nullable=False, unique=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("dead_at", MOMENT),
        sa.Column("error", sa.JSON()),
    )
    op.create_index("ix_mail_open_due", "mail", ["sent_at", "dead_at", "due"])
    op.create_table(
        "told",
        sa.Column("address", sa.String(254), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("told")
    op.drop_table("mail")
