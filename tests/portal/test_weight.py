"""What a reader on a slow line has to load."""

from __future__ import annotations

import gzip
import re

import pytest
from flask.testing import FlaskClient
from small_catalogue import stock

from datasets.installation import Installation
from portal.app import create_app
from portal.web.assets import STATIC, style_sheet

BUDGET = 100_000


def test_our_own_style_sheet_stays_small() -> None:
    assert len(gzip.compress(style_sheet().encode(), 9)) <= 14 * 1024


def test_the_typeface_is_one_file_of_under_20_kilobytes() -> None:
    (font,) = (STATIC / "fonts").iterdir()
    assert font.stat().st_size < 20_000


@pytest.mark.parametrize("path", ["/", "/dataset", "/dataset?q=sekolah", "/organization", "/tentang"])
def test_a_page_with_all_it_loads_is_under_100_kilobytes(installation: Installation, path: str) -> None:
    stock(installation, copies=8)
    public: FlaskClient = create_app(installation.settings, installation).test_client()
    packed = {"Accept-Encoding": "gzip"}
    page = public.get(path, headers=packed)
    text = gzip.decompress(page.data).decode()
    loaded = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', text))
    loaded |= {
        f"/static/js/{name}" for name in re.findall(r'from "\./([^"]+)"', (STATIC / "js" / "main.js").read_text())
    }
    loaded |= {f"/static/{name}" for name in re.findall(r'url\("([^"]+)"\)', style_sheet())}
    sizes = {name: len(public.get(name, headers=packed).data) for name in loaded} | {path: len(page.data)}
    assert sum(sizes.values()) < BUDGET, sizes
