"""The portal for any WSGI server: `gunicorn -c gunicorn.conf.py wsgi:app`."""

from __future__ import annotations

from datasets.settings import load
from portal.app import create_app

app = create_app(load())
