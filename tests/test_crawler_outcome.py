"""What statuses, headers and cut bodies mean."""

from __future__ import annotations

import pytest
from outlet import RSS
from scrapy.http import Headers

from crawler import outcome
from crawler.robots import rules_from
from rasid.models import PollOutcome, PollReason, Validators
from rasid.settings import DAY, HOUR, SECOND

NOW = 1_782_000_000 * SECOND  # Sun, 21 Jun 2026 00:00:00 GMT


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", 0),
        ("3600", HOUR),
        ("99999999999999999999", DAY),
        ("Sun, 21 Jun 2026 00:01:00 GMT", 60 * SECOND),
        ("Sun, 21 Jun 2026 00:01:00", 60 * SECOND),
        ("Fri, 21 Jun 2030 00:00:00 GMT", DAY),
        ("Mon, 01 Jan 2024 00:00:00 GMT", 0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("١٢", None),
    ],
)
def test_S21_retry_after_in_seconds_or_as_a_date(value: str, expected: int | None) -> None:
    assert outcome.retry_after(Headers({"Retry-After": value.encode()}), NOW) == expected


@pytest.mark.parametrize(
    ("status", "result", "reason"),
    [
        (304, PollOutcome.NOT_MODIFIED, PollReason.STATUS_304),
        (410, PollOutcome.GONE, PollReason.STATUS_410),
        (429, PollOutcome.RATE_LIMITED, PollReason.RETRY_AFTER),
        (503, PollOutcome.FAILED, PollReason.HTTP_STATUS),
        (404, PollOutcome.FAILED, PollReason.HTTP_STATUS),
        (302, PollOutcome.FAILED, PollReason.HTTP_STATUS),
        (599, PollOutcome.FAILED, PollReason.HTTP_STATUS),
    ],
)
def test_statuses_without_a_feed(status: int, result: PollOutcome, reason: PollReason) -> None:
    found = outcome.from_status(status, Headers(), NOW)
    assert found is not None
    assert (found.outcome, found.reason, found.status) == (result, reason, status)


def test_a_status_with_a_body_is_not_judged_yet() -> None:
    assert outcome.from_status(200, Headers(), NOW) is None


def test_a_failure_says_what_can_be_done() -> None:
    assert outcome.status_words(401).endswith("it asks for a login: set `auth` on the source")
    assert "404 Not Found" in outcome.status_words(404)


def test_validators_are_kept_as_given_and_odd_ones_dropped() -> None:
    given = Headers({"ETag": 'W/"a b"', "Last-Modified": "yesterday"})
    assert outcome.validators(given) == Validators('W/"a b"', "yesterday")
    assert outcome.validators(Headers({"ETag": "x" * 5000})) == Validators()
    assert outcome.validators(Headers({"ETag": b'"a\x01"'})) == Validators()


def test_S20_no_cut_of_a_feed_looks_complete() -> None:
    whole = RSS.rstrip()
    assert outcome.looks_complete(whole)
    assert not [cut for cut in range(len(whole)) if outcome.looks_complete(whole[:cut])]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"<?xml version='1.0'?><!-- <x> --><feed><a/></feed>\n<!-- end -->\n", True),
        (b"<feed><entry></entry>", False),
        (b"<rdf:RDF><item></item></rdf:RDF >", True),
        ("<rss><channel></channel></rss>".encode("utf-16"), True),
        (b'{"items": []}', True),
        (b'{"items": [', False),
        (b"[" * 100_000, False),
        (b"", False),
        (b"</rss>", False),
    ],
)
def test_S20_a_whole_body_ends_with_its_root(body: bytes, expected: bool) -> None:
    assert outcome.looks_complete(body) is expected


@pytest.mark.parametrize(
    ("status", "body", "url", "allowed"),
    [
        (200, b"User-agent: *\nDisallow: /private", "http://a/private/x", False),
        (200, b"User-agent: *\nDisallow: /private", "http://a/feed", True),
        (200, b"User-agent: rasid\nDisallow: /", "http://a/feed", False),
        (200, b"\xff\xfe\x00garbage", "http://a/feed", True),
        (404, b"User-agent: *\nDisallow: /", "http://a/feed", True),
        (403, b"", "http://a/feed", True),
        (503, b"", "http://a/feed", False),
    ],
)
def test_S29_robots_answers(status: int, body: bytes, url: str, allowed: bool) -> None:
    rules = rules_from(status, body, now=0.0)
    said = not rules.refusal and (rules.rules is None or rules.rules.can_fetch(url, "Rasid"))
    assert said is allowed
    assert rules.until == (600.0 if rules.refusal else 86_400.0)
