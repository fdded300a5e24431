"""The catalogue: organisations, themes, regions, sources and runs, datasets and versions, blobs, outbox, leases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

TABLES = (
    "resource",
    "item",
    "version",
    "search_outbox",
    "dataset_theme",
    "dataset_tag",
    "dataset_region",
    "run",
    "evidence",
    "dataset",
    "source",
    "theme",
    "region",
    "organization",
    "lease",
    "blob",
)


def upgrade() -> None:
    sqlite = op.get_context().dialect.name == "sqlite"
    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("holder", sa.String(100), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
    )
    op.create_table(
        "organization",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("slug", sa.String(100), nullable=False, unique=True),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("abbreviation", sa.String(60)),
        sa.Column("description", sa.Text()),
        sa.Column("homepage", sa.String(500)),
        sa.Column("email", sa.String(200)),
    )
    op.create_table(
        "region",
        sa.Column("code", sa.String(13), primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False, index=True),
        sa.Column("parent_code", sa.String(13), sa.ForeignKey("region.code"), index=True),
        sa.Column("bps_code", sa.String(10), index=True),
    )
    op.create_table(
        "theme",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("slug", sa.String(100), nullable=False, unique=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("title_en", sa.String(200), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("description_en", sa.Text()),
        sa.Column("icon", sa.String(40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False, unique=True),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("location", sa.String(2000), nullable=False),
        sa.Column("organization_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False, index=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("schedule", sa.String(100)),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "dataset",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("slug", sa.String(100), nullable=False, unique=True),
        sa.Column("uuid", sa.String(36), nullable=False, unique=True),
        sa.Column("title", sa.String(400), nullable=False),
        sa.Column("organization_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False, index=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("modified_at", MOMENT, nullable=False),
        sa.Column("source_id", sa.Integer(), sa.ForeignKey("source.id"), index=True),
        sa.Column("remote_key", sa.String(500)),
        sa.Column("visibility", sa.String(32), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("license_id", sa.String(60), nullable=False),
        sa.Column("frequency", sa.String(40)),
        sa.Column("year_from", sa.Integer()),
        sa.Column("year_to", sa.Integer()),
        sa.Column("withdrawn_reason", sa.Text()),
        # SQLite takes the circle of dataset and version only here, PostgreSQL only afterwards.
        sa.Column("current_version_id", sa.Integer(), *([sa.ForeignKey("version.id")] if sqlite else []), index=True),
        sa.UniqueConstraint("source_id", "remote_key"),
        sa.Index("ix_dataset_visibility_modified", "visibility", "modified_at"),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source_id", sa.Integer(), sa.ForeignKey("source.id"), index=True),
        sa.Column("remote_key", sa.String(500), nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("filename", sa.String(300), nullable=False),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("blob.sha256"), nullable=False, index=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("fetched_at", MOMENT, nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Index("ix_evidence_source_remote", "source_id", "remote_key"),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source_id", sa.Integer(), sa.ForeignKey("source.id"), nullable=False, index=True),
        sa.Column("started_at", MOMENT, nullable=False, index=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("notice", sa.JSON()),
    )
    op.create_table(
        "dataset_region",
        sa.Column("dataset_id", sa.Integer(), sa.ForeignKey("dataset.id"), primary_key=True),
        sa.Column("region_code", sa.String(13), sa.ForeignKey("region.code"), primary_key=True, index=True),
    )
    op.create_table(
        "dataset_tag",
        sa.Column("dataset_id", sa.Integer(), sa.ForeignKey("dataset.id"), primary_key=True),
        sa.Column("tag", sa.String(100), primary_key=True, index=True),
    )
    op.create_table(
        "dataset_theme",
        sa.Column("dataset_id", sa.Integer(), sa.ForeignKey("dataset.id"), primary_key=True),
        sa.Column("theme_id", sa.Integer(), sa.ForeignKey("theme.id"), primary_key=True, index=True),
    )
    op.create_table(
        "search_outbox",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("dataset_id", sa.Integer(), sa.ForeignKey("dataset.id"), nullable=False, index=True),
        sa.Column("at", MOMENT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "version",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("dataset_id", sa.Integer(), sa.ForeignKey("dataset.id"), nullable=False, index=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("content_key", sa.String(64), nullable=False, index=True),
        sa.Column("package", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("package_sha256", sa.String(64), sa.ForeignKey("blob.sha256"), nullable=False, index=True),
        sa.Column("notices", sa.JSON(), nullable=False),
        sa.Column("lacking", sa.JSON(), nullable=False),
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("run.id"), index=True),
        sa.Column("change", sa.Text()),
        sa.UniqueConstraint("dataset_id", "number"),
    )
    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("run.id"), nullable=False, index=True),
        sa.Column("source_id", sa.Integer(), sa.ForeignKey("source.id"), nullable=False),
        sa.Column("remote_key", sa.String(500), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False, index=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("dataset_id", sa.Integer(), sa.ForeignKey("dataset.id"), index=True),
        sa.Column("version_id", sa.Integer(), sa.ForeignKey("version.id"), index=True),
        sa.Column("fingerprint", sa.String(200)),
        sa.Column("messages", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Index("ix_item_source_remote", "source_id", "remote_key", "id"),
    )
    op.create_table(
        "resource",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("version_id", sa.Integer(), sa.ForeignKey("version.id"), nullable=False),
        sa.Column("uuid", sa.String(36), nullable=False, index=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("title", sa.String(400), nullable=False),
        sa.Column("format", sa.String(20), nullable=False),
        sa.Column("mediatype", sa.String(120), nullable=False),
        sa.Column("raw_filename", sa.String(300), nullable=False),
        sa.Column("raw_sha256", sa.String(64), sa.ForeignKey("blob.sha256"), nullable=False, index=True),
        sa.Column("raw_size", sa.BigInteger(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), sa.ForeignKey("evidence.id"), nullable=False, index=True),
        sa.Column("csv_sha256", sa.String(64), sa.ForeignKey("blob.sha256"), index=True),
        sa.Column("csv_size", sa.BigInteger()),
        sa.Column("parquet_sha256", sa.String(64), sa.ForeignKey("blob.sha256"), index=True),
        sa.Column("geo_sha256", sa.String(64), sa.ForeignKey("blob.sha256"), index=True),
        sa.Column("rows", sa.BigInteger()),
        sa.Column("sheet", sa.String(200)),
        sa.Column("header_row", sa.Integer()),
        sa.Column("schema", sa.JSON(), nullable=False),
        sa.Column("stats", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("chart", sa.JSON()),
        sa.UniqueConstraint("version_id", "name"),
        sa.Index("ix_resource_version_rows", "version_id", "rows"),
    )
    if not sqlite:
        op.create_foreign_key(
            "fk_dataset_current_version_id_version", "dataset", "version", ["current_version_id"], ["id"]
        )


def downgrade() -> None:
    if op.get_context().dialect.name != "sqlite":
        op.drop_constraint("fk_dataset_current_version_id_version", "dataset", type_="foreignkey")
    for table in TABLES:
        op.drop_table(table)
