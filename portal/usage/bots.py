"""Who is a machine that looks at everything: search engines, previews of links, watchers; none of them is a reader."""

from __future__ import annotations

import re

from flask import Request

_NAMES = re.compile(
    r"bot\b|bot[/;_ -]|crawl|spider|slurp|archiver|facebookexternalhit|embedly|preview|pingdom|uptime|monitor"
    r"|lighthouse|headless|phantom|validator|feedfetcher|feedly|mediapartners|ia_archiver|wayback|scrap|fetcher"
    r"|whatsapp|telegram|skypeuripreview|yandex|baidu|semrush|ahrefs|dataprovider|netcraft|censys|zgrab|nmap|nikto",
    re.IGNORECASE,
)
_PROGRAMS = re.compile(
    r"^(curl|wget|python|libwww|java|go-http|okhttp|httpx|aiohttp|ruby|perl|lua|node|axios|r/)", re.IGNORECASE
)


def is_machine(request: Request, *, of_a_download: bool) -> bool:
    """Whether a request is no reader's.

    A program that a person runs to take a file (`curl`, R, Python) counts for a download and not for a view: nobody
    looks at a page with it.
    """
    name = request.headers.get("User-Agent", "").strip()
    if not name or _NAMES.search(name):
        return True
    if "prefetch" in (request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")).lower():
        return True
    return not of_a_download and _PROGRAMS.search(name) is not None
