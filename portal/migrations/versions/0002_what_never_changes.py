"""Triggers: what is published, and how its bytes came in, is never changed or deleted, whoever asks.

A blob's row may go once nothing names it (the foreign keys see to that): only the sweep does so.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REFUSED = (
    ("version", ("UPDATE", "DELETE")),
    ("resource", ("UPDATE", "DELETE")),
    ("evidence", ("UPDATE", "DELETE")),
    ("blob", ("UPDATE",)),
)


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        for table, verbs in REFUSED:
            for verb in verbs:
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} never changes'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION never_changes() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% never changes', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    for table, verbs in REFUSED:
        op.execute(
            f"CREATE TRIGGER {table}_never_changes BEFORE {' OR '.join(verbs)} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION never_changes()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION never_changes()"
        )


def downgrade() -> None:
    sqlite = op.get_context().dialect.name == "sqlite"
    for table, verbs in REFUSED:
        if sqlite:
            for verb in verbs:
                op.execute(f"DROP TRIGGER {table}_no_{verb.lower()}")
        else:
            op.execute(f"DROP TRIGGER {table}_never_changes ON {table}")
            op.execute(f"DROP TRIGGER {table}_never_emptied ON {table}")
    if not sqlite:
        op.execute("DROP FUNCTION never_changes()")
