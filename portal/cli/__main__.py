"""`python -m portal.cli` is `lumbung`."""

from portal.cli import main

main()
