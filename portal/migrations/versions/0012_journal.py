"""The journal of publications, begun with what is public already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session

from datasets.journal.beginning import begin

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = ("journal_entry", "journal_node")


def upgrade() -> None:
    op.create_table(
        "journal_entry",
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Integer(), sa.ForeignKey("version.id"), unique=True),
    )
    op.create_index("ix_journal_entry_subject", "journal_entry", ["subject"])
    op.create_table(
        "journal_node",
        sa.Column("level", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("sha256", sa.String(64), nullable=False),
    )
    with Session(bind=op.get_bind()) as session:
        begin(session)
        session.flush()
    for table in TABLES:
        if op.get_context().dialect.name == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} never changes'); END"
                )
            continue
        for name, verbs, rows in (("changes", "UPDATE OR DELETE", "ROW"), ("emptied", "TRUNCATE", "STATEMENT")):
            op.execute(
                f"CREATE TRIGGER {table}_never_{name} BEFORE {verbs} ON {table} "
                f"FOR EACH {rows} EXECUTE FUNCTION never_changes()"
            )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
