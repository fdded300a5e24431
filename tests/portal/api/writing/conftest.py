"""The portal to which programs write."""

from written_portal import pengelola, portal, public, table, walidata

__all__ = ["pengelola", "portal", "public", "table", "walidata"]
