"""The workbench: one place for all who work here, each role with its own."""
