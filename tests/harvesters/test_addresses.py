"""What may be opened and what is written down of an address."""

from __future__ import annotations

import ipaddress

import pytest

from harvesters.faults import AddressForbidden
from harvesters.wire.addresses import clean_url, is_public, origin


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.1.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "198.18.0.1", "192.0.0.192", "::1", "::", "fe80::1", "fc00::1", "fec0::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
        "2001:db8::1",
    ],
)  # fmt: skip
def test_inner_addresses_are_never_public_however_they_are_written(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["103.121.19.4", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_addresses_of_the_open_internet_are_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a.go.id/x", "gopher://a", "http:///x", "http://a:99999/", "x", "http://[::1/"]
)
def test_only_http_and_https_have_an_origin(url: str) -> None:
    with pytest.raises(AddressForbidden):
        origin(url)


def test_an_origin_is_compared_by_scheme_host_and_port() -> None:
    assert origin("HTTPS://Data.Go.ID/a?b") == origin("https://data.go.id:443") == "https://data.go.id:443"
    assert origin("http://10.0.0.5:80/") != origin("http://10.0.0.5:8080/")
    assert origin("http://10.0.0.5:8080@evil.example/") == "http://evil.example:80"


def test_no_secret_is_written_down_with_an_address() -> None:
    shown = clean_url("https://user:rahasia@webapi.bps.go.id/v1/api/list?model=var&key=abc123&page=2#atas")
    assert shown == "https://webapi.bps.go.id/v1/api/list?model=var&key=***&page=2"
    assert clean_url("https://a.go.id/x?token=1&X-Amz-Signature=2") == "https://a.go.id/x?token=***&X-Amz-Signature=***"
    assert clean_url("https://a.go.id/x?q=a%20b&c=%26") == "https://a.go.id/x?q=a%20b&c=%26"
