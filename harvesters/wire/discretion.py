"""Logs of HTTP libraries without the secrets that some sources want in the query of an address."""

from __future__ import annotations

import logging

from harvesters.wire.addresses import clean_url


class _Discreet(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, its addresses cleaned."""
        if isinstance(record.args, tuple):
            record.args = tuple(clean_url(one) if isinstance(one, str) and "?" in one else one for one in record.args)
        return True


_DISCREET = _Discreet()


def be_discreet() -> None:
    """From now on the lines that urllib3 writes of each request show `key=***`. Safe to call again."""
    logging.getLogger("urllib3.connectionpool").addFilter(_DISCREET)
