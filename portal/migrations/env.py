"""What Alembic runs: the models of every floor, over the connection that `portal.migrations` hands in."""

from __future__ import annotations

from alembic import context

import portal.accounts.models
import portal.kip.models  # noqa: F401 - both register their tables
from datasets.db import Record

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Record.metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
