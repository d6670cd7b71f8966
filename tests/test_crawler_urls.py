"""Which URLs are fetched at all."""

from __future__ import annotations

import pytest

from crawler.refused import Refused
from crawler.urls import check_url, origin, redirected
from rasid.models import PollReason


@pytest.mark.parametrize(
    "url",
    [
        "http://in\\@out.example/",
        "http://out.example\\@in/",
        "http://out.example/\tx",
        "http://out.\nexample/",
        "http://out.example /",
        "http://user@out.example/",
        "http://user:password@out.example/",
        "http://out.example:99999/",
        "http://out.example:port/",
        "http://[::1/",
        "http:///path",
        "http://",
        "http://%31%32%37.0.0.1/",
        "http://a#@b/..",
        "//out.example/",
        "out.example/feed",
        "file:///etc/passwd",
        "data:text/xml,<rss/>",
        "ftp://out.example/feed",
        "s3://bucket/feed",
        "gopher://out.example/",
        "javascript:alert(1)",
        "http://out.example/" + "a" * 2100,
    ],
)
def test_S06_S07_a_url_that_can_be_read_in_two_ways_is_refused(url: str) -> None:
    if url == "http://a#@b/..":  # not odd to us: the host is `a`, and so it is to Scrapy
        check_url(url)
        assert origin(url) == ("http", "a", 80)
        return
    with pytest.raises(Refused) as refused:
        check_url(url)
    assert refused.value.reason is PollReason.BAD_URL


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/",
        "https://a.example:8443/x?y=z&w=@",
        "http://[::1]:80/",
        "http://مثال.إختبار/",
    ],
)
def test_plain_urls_pass(url: str) -> None:
    check_url(url)


def test_origin_knows_default_ports() -> None:
    assert origin("https://A.example/x") == ("https", "a.example", 443)
    assert origin("http://a.example") != origin("https://a.example")


@pytest.mark.parametrize(
    ("location", "target"),
    [
        (b"/new", "http://a.example/new"),
        (b"//b.example/x", "http://b.example/x"),
        (b"new feed.xml", "http://a.example/dir/new%20feed.xml"),
        (b"https://b.example/#part", "https://b.example/"),
        ("/خبر".encode(), "http://a.example/خبر"),
    ],
)
def test_where_a_redirect_leads(location: bytes, target: str) -> None:
    assert redirected("http://a.example/dir/feed", location) == target


@pytest.mark.parametrize(
    "location",
    [b"file:///etc/passwd", b"data:,x", b"ftp://a/", b"s3://b/k", b"gopher://a/", b"http://a\\@b/",
     b"http://u:p@b/", b"http://[::1", b"/x\x00"],
)  # fmt: skip
def test_S06_a_redirect_to_another_scheme_is_refused(location: bytes) -> None:
    with pytest.raises(Refused) as refused:
        redirected("http://a.example/", location)
    assert refused.value.reason is PollReason.BAD_URL
