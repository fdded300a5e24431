"""Webhooks, what there is to tell them, and how telling went."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(254), nullable=False),
        sa.Column("owner_id", sa.Integer()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("dataset_id", sa.Integer(), sa.ForeignKey("dataset.id")),
        sa.Column("organization_id", sa.Integer(), sa.ForeignKey("organization.id")),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", MOMENT),
        sa.Column("rests_until", MOMENT),
        sa.Column("taken_at", MOMENT),
        sa.Column("disabled_at", MOMENT),
        sa.Column("disabled_for", sa.String(20)),
    )
    op.create_index("ix_webhook_owner_id", "webhook", ["owner_id"])
    op.create_table(
        "webhook_event",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("dataset_id", sa.Integer(), sa.ForeignKey("dataset.id")),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("webhook_id", sa.Integer(), sa.ForeignKey("webhook.id"), nullable=False),
        sa.Column("event_id", sa.Integer(), sa.ForeignKey("webhook_event.id"), nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", MOMENT),
        sa.Column("delivered_at", MOMENT),
        sa.Column("dead_at", MOMENT),
        sa.Column("status", sa.Integer()),
        sa.Column("error", sa.JSON()),
        sa.UniqueConstraint("webhook_id", "event_id"),
    )
    op.create_index("ix_webhook_delivery_event_id", "webhook_delivery", ["event_id"])
    op.create_index(
        "ix_webhook_delivery_open_due", "webhook_delivery", ["webhook_id", "delivered_at", "dead_at", "due"]
    )


def downgrade() -> None:
    op.drop_table("webhook_delivery")
    op.drop_table("webhook_event")
    op.drop_table("webhook")
