"""Questions to tables: one value, its URL, its checks, and the engine that answers within limits."""
