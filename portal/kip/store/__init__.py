"""The desk's cases in the database: events appended under the law, identities sealed, numbers, calendar, settings."""
