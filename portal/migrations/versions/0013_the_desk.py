"""The desk of requests for information; what was done on a case, and what the calendar said, never changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
UNCHANGING = ("kip_event", "kip_day")


def upgrade() -> None:
    op.create_table(
        "kip_case",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("secret_digest", sa.String(64), unique=True, nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("applicant_kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("number", sa.String(100), unique=True),
        sa.Column("year", sa.Integer()),
        sa.Column("counter", sa.Integer()),
        sa.Column("pin_hash", sa.String(200)),
        sa.Column("manner", sa.String(20), nullable=False),
        sa.Column("delivery", sa.String(20), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("complaint", sa.String(200), nullable=False),
        sa.Column("earlier_id", sa.Integer(), sa.ForeignKey("kip_case.id")),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("received_on", sa.Date()),
        sa.Column("due", sa.Date()),
        sa.Column("next_due", sa.Date()),
        sa.Column("next_step", sa.String(40), nullable=False),
        sa.Column("decision", sa.String(32)),
        sa.Column("answered_on", sa.Date()),
        sa.Column("closed_on", sa.Date()),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("dates", sa.JSON(), nullable=False),
        sa.Column("computed_on", sa.Date()),
        sa.UniqueConstraint("year", "counter"),
    )
    op.create_index("ix_kip_case_answered_on", "kip_case", ["answered_on"])
    op.create_index("ix_kip_case_computed_on", "kip_case", ["computed_on"])
    op.create_index("ix_kip_case_earlier_id", "kip_case", ["earlier_id"])
    op.create_index("ix_kip_case_next_due", "kip_case", ["next_due"])
    op.create_index("ix_kip_case_received_on", "kip_case", ["received_on"])
    op.create_index("ix_kip_case_state_due", "kip_case", ["state", "due"])
    op.create_table(
        "kip_counter",
        sa.Column("register", sa.String(20), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
    )
    op.create_table(
        "kip_day",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(250), nullable=False),
        sa.Column("decided_on", sa.Date()),
        sa.Column("provisional", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_kip_day_day", "kip_day", ["day"])
    op.create_table(
        "kip_draft",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("digest", sa.String(64), unique=True, nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("master", sa.String(16), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
    )
    op.create_index("ix_kip_draft_updated_at", "kip_draft", ["updated_at"])
    op.create_table(
        "kip_met",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("target", sa.String(500), nullable=False),
    )
    op.create_index("ix_kip_met_at", "kip_met", ["at"])
    op.create_table(
        "kip_setting",
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(250), nullable=False),
    )
    op.create_table(
        "kip_event",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("kip_case.id"), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("actor", sa.String(20), nullable=False),
        sa.Column("by", sa.String(250), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.Text()),
        sa.UniqueConstraint("case_id", "sequence"),
    )
    op.create_table(
        "kip_identity",
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("kip_case.id"), primary_key=True, autoincrement=False),
        sa.Column("sealed", sa.Text()),
        sa.Column("identity_key", sa.Text()),
        sa.Column("proof_key", sa.Text()),
        sa.Column("master", sa.String(16), nullable=False),
        sa.Column("nik_mac", sa.String(64)),
        sa.Column("contact_mac", sa.String(64)),
        sa.Column("identity_erased_at", MOMENT),
        sa.Column("proofs_erased_at", MOMENT),
    )
    op.create_index("ix_kip_identity_contact_mac", "kip_identity", ["contact_mac"])
    op.create_index("ix_kip_identity_master", "kip_identity", ["master"])
    op.create_index("ix_kip_identity_nik_mac", "kip_identity", ["nik_mac"])
    op.create_table(
        "kip_letter",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("kip_case.id"), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("number", sa.String(100), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("layout", sa.Integer(), nullable=False),
        sa.UniqueConstraint("case_id", "kind", "event"),
    )
    op.create_table(
        "kip_objection",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("kip_case.id"), nullable=False),
        sa.Column("key", sa.String(100), unique=True, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("due", sa.Date()),
        sa.Column("answered_on", sa.Date()),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("dispute", sa.String(20)),
        sa.UniqueConstraint("year", "counter"),
    )
    op.create_index("ix_kip_objection_case_id", "kip_objection", ["case_id"])
    op.create_index("ix_kip_objection_state", "kip_objection", ["state"])
    op.create_table(
        "kip_publication",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("kip_case.id"), unique=True, nullable=False),
        sa.Column("slug", sa.String(100), unique=True, nullable=False),
        sa.Column("number", sa.String(100), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("applicant_kind", sa.String(20), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("by", sa.String(250), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(200)),
        sa.Column("organization_id", sa.Integer(), sa.ForeignKey("organization.id")),
        sa.Column("information_class", sa.String(20), nullable=False),
        sa.Column("decision", sa.String(32)),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("answered_on", sa.Date()),
        sa.Column("working_days", sa.Integer()),
        sa.Column("objection", sa.String(20)),
        sa.Column("withdrawn_at", MOMENT),
    )
    op.create_index("ix_kip_publication_organization_id", "kip_publication", ["organization_id"])
    op.create_index("ix_kip_publication_published_at", "kip_publication", ["published_at"])
    op.create_index("ix_kip_publication_received_on", "kip_publication", ["received_on"])
    op.create_table(
        "kip_route",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("kip_case.id"), nullable=False),
        sa.Column("organization_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("routed_on", sa.Date(), nullable=False),
        sa.Column("due", sa.Date()),
        sa.Column("returned_on", sa.Date()),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("reminded_on", sa.Date()),
        sa.UniqueConstraint("case_id", "organization_id"),
    )
    op.create_index("ix_kip_route_due", "kip_route", ["due"])
    op.create_index("ix_kip_route_organization_id", "kip_route", ["organization_id"])
    op.create_table(
        "kip_joining",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("publication_id", sa.Integer(), sa.ForeignKey("kip_publication.id"), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("sealed_address", sa.Text()),
        sa.Column("master", sa.String(16), nullable=False),
        sa.UniqueConstraint("publication_id", "digest"),
    )
    op.create_table(
        "kip_exemption",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.String(100), unique=True, nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("information", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("ground", sa.String(10), nullable=False),
        sa.Column("consequence_if_open", sa.Text(), nullable=False),
        sa.Column("consequence_if_closed", sa.Text(), nullable=False),
        sa.Column("participants", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(250), nullable=False),
        sa.Column("organization_id", sa.Integer(), sa.ForeignKey("organization.id")),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("kip_case.id")),
        sa.Column("dataset_id", sa.Integer(), sa.ForeignKey("dataset.id")),
        sa.Column("of_columns", sa.JSON(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Date()),
        sa.Column("expires_when", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date()),
        sa.Column("classification_letter", sa.String(200), nullable=False),
        sa.Column("approved_on", sa.Date()),
        sa.Column("approved_by", sa.String(250), nullable=False),
        sa.Column("withdrawn_on", sa.Date()),
    )
    op.create_index("ix_kip_exemption_case_id", "kip_exemption", ["case_id"])
    op.create_index("ix_kip_exemption_expires_on", "kip_exemption", ["expires_on"])
    op.create_index("ix_kip_exemption_ground", "kip_exemption", ["ground"])
    op.create_index("ix_kip_exemption_organization_id", "kip_exemption", ["organization_id"])
    op.create_table(
        "kip_attachment",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("kip_case.id"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(250), nullable=False),
        sa.Column("blob", sa.String(64), sa.ForeignKey("blob.sha256")),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("sealed_name", sa.Text()),
        sa.Column("sha256", sa.String(64)),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.Column("cleaned_from", sa.Integer(), sa.ForeignKey("kip_attachment.id")),
        sa.Column("draft_id", sa.Integer(), sa.ForeignKey("desk_draft.id")),
        sa.Column("erased_at", MOMENT),
    )
    op.create_index("ix_kip_attachment_blob", "kip_attachment", ["blob"])
    op.create_index("ix_kip_attachment_case_id", "kip_attachment", ["case_id"])
    for table in UNCHANGING:
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
    op.drop_table("kip_attachment")
    op.drop_table("kip_exemption")
    op.drop_table("kip_joining")
    op.drop_table("kip_route")
    op.drop_table("kip_publication")
    op.drop_table("kip_objection")
    op.drop_table("kip_letter")
    op.drop_table("kip_identity")
    op.drop_table("kip_event")
    op.drop_table("kip_setting")
    op.drop_table("kip_met")
    op.drop_table("kip_draft")
    op.drop_table("kip_day")
    op.drop_table("kip_counter")
    op.drop_table("kip_case")
