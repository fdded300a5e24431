"""gunicorn's settings for the portal; a buffering front server (nginx) belongs before it, see docs/operations.md."""

from __future__ import annotations

import os
import sys

from portal.logs import logging_config

# Processes for the cores, threads for readers that wait; WEB_CONCURRENCY overrules.
workers = int(os.environ.get("WEB_CONCURRENCY", str(min(max(os.cpu_count() or 2, 2), 8))))
worker_class = "gthread"
threads = 8

# The code is shared by the workers; database, blobs and index are opened by each of them after the fork.
preload_app = True

timeout = 60
graceful_timeout = 20
keepalive = 5

# A worker is renewed now and then, so that no leak lives long.
max_requests = 20_000
max_requests_jitter = 2_000

# Long filters of the API come in the first line; nothing else of a request needs to be large.
limit_request_line = 8190
limit_request_fields = 60
limit_request_field_size = 8190

# Only a front server on this machine says under which scheme it was asked; paths are never taken from headers.
forwarded_allow_ips = "127.0.0.1,::1"
forwarder_headers = ""

# No door that nobody asked for (gunicorn 25 and later open a socket in the home folder otherwise).
control_socket_disable = True

# Lines for machines, except where a person is watching.
if not sys.stderr.isatty():
    logconfig_dict = logging_config()
