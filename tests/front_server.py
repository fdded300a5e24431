"""nginx set up as docs/front-server.md says, for tests and benches: by any user, in folders of their own."""

from __future__ import annotations

import os
import re
from pathlib import Path

GUIDE = Path(__file__).parents[1] / "docs/front-server.md"


def configured(home: Path, folder: Path, port: int, upstream: int, *, more: str = "") -> str:
    """The documented configuration for these folders and ports; `more` stands in the server's block."""
    block = re.search(r"```nginx\n(.*?)```", GUIDE.read_text("utf-8"), re.S)
    assert block
    text = block[1].replace("/var/cache/nginx/lumbung", f"{folder}/cache").replace("/var/lib/lumbung/", f"{home}/")
    text = text.replace("/var/log/nginx/", f"{folder}/")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{port}; {more}")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{upstream}")
    user = "user root root;" if os.geteuid() == 0 else ""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    kept = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    return (
        f"{user} daemon off; worker_processes 2; pid {folder}/pid; error_log {folder}/error.log; "
        f"events {{ worker_connections 256; }} http {{ access_log off; {kept} {text} }}"
    )
