"""How gunicorn serves the portal. Behind nginx in production; each value can be overruled on its command line."""

import os

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
preload_app = True  # shares the code between workers; databases and engines are opened after the fork
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 20_000  # a slow leak in any library ends with its worker
max_requests_jitter = 2_000
limit_request_line = 8190  # a filtered table's address may be long
limit_request_fields = 60
forwarded_allow_ips = "127.0.0.1,::1"
control_socket_disable = True  # nothing here manages workers through a socket
errorlog = "-"
loglevel = "warning"
