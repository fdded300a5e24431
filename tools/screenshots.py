"""Photographs pages of a running portal, wide and narrow, light and dark: `screenshots.py ADDRESS FOLDER PATH...`."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"


def main(address: str, folder: str, *paths: str) -> None:
    """One PNG for each page, width and colour scheme; says which pages are wider than the window."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for path in paths or ("/",):
            name = path.strip("/").replace("/", "_").replace("?", "_")[:80] or "home"
            for width in (1280, 360):
                for scheme in ("light", "dark"):
                    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
                    page = context.new_page()
                    page.goto(address + path, wait_until="networkidle")
                    page.screenshot(path=f"{folder}/{name}-{width}-{scheme}.png", full_page=True)
                    wide = page.evaluate("document.documentElement.scrollWidth") > width
                    print(f"{path} {width} {scheme}{' TOO WIDE' if wide else ''}")
                    context.close()
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
