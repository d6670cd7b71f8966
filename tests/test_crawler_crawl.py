"""Polling a real server: validators, redirects, statuses, credentials, TLS."""

from __future__ import annotations

import gzip
import ipaddress
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from outlet import RSS, Outlet
from poller import NEW, Poller, kind

from crawler import crawl, guard
from rasid.errors import GuardError
from rasid.models import (
    Cause,
    PollOutcome,
    PollReason,
    PollResult,
    SourceState,
    Validators,
)
from rasid.settings import HOUR, Auth


def after(result: PollResult, url: str) -> SourceState:
    return replace(NEW, url=url, validators=result.validators, body_hash=result.body_hash)


FAILED = PollOutcome.FAILED


# --- conditional requests ------------------------------------------------------------------


def test_validators_are_echoed_exactly_and_304_is_not_modified(
    poll: Poller, outlet: Outlet
) -> None:
    outlet.body("/feed", etag='W/"x y"', modified="Tue, 01 Jan 2030 00:00:00 GMT")
    first = poll(outlet.url())
    assert kind(first) == (PollOutcome.OK, PollReason.PARSED)
    assert first.feed is not None
    second = poll(outlet.url(), after(first, outlet.url()))
    assert kind(second) == (PollOutcome.NOT_MODIFIED, PollReason.STATUS_304)
    assert second.validators == first.validators
    assert second.body_hash == first.body_hash
    asked = outlet.asked()
    assert "if-none-match" not in asked[0].headers
    assert asked[1].headers["if-none-match"] == 'W/"x y"'
    assert asked[1].headers["if-modified-since"] == "Tue, 01 Jan 2030 00:00:00 GMT"
    assert len(outlet.asked("/robots.txt")) == 1


def test_S24_an_unconditional_poll_sends_no_validators(poll: Poller, outlet: Outlet) -> None:
    outlet.body("/feed", etag='"1"')
    state = after(poll(outlet.url()), outlet.url())
    result = poll(outlet.url(), state, unconditional=True)
    assert kind(result) == (PollOutcome.OK, PollReason.PARSED)
    assert result.unconditional
    assert "if-none-match" not in outlet.asked()[-1].headers


def test_S24_a_304_that_was_not_asked_for_is_a_failure(poll: Poller, outlet: Outlet) -> None:
    outlet.answer("/feed", 304)
    unasked = (PollOutcome.FAILED, PollReason.UNASKED_304)
    assert kind(poll(outlet.url())) == unasked
    known = SourceState("s", url=outlet.url(), validators=Validators('"1"'), body_hash="x")
    assert kind(poll(outlet.url(), known)) == (PollOutcome.NOT_MODIFIED, PollReason.STATUS_304)
    assert kind(poll(outlet.url(), known, unconditional=True)) == unasked
    without = replace(known, validators=Validators())
    assert kind(poll(outlet.url(), without)) == unasked


def test_validators_of_another_address_are_not_sent(poll: Poller, outlet: Outlet) -> None:
    outlet.body("/feed")
    state = replace(NEW, url=outlet.url("/old"), validators=Validators('"1"', ""))
    poll(outlet.url(), state)
    assert "if-none-match" not in outlet.asked()[-1].headers


def test_S25_an_unchanged_body_brings_its_new_validators(poll: Poller, outlet: Outlet) -> None:
    outlet.body("/feed", etag='"1"')
    state = after(poll(outlet.url()), outlet.url())
    outlet.body("/feed", etag='"2"')
    result = poll(outlet.url(), state)
    assert kind(result) == (PollOutcome.NOT_MODIFIED, PollReason.SAME_BODY)
    assert result.validators == Validators('"2"', "")


def test_S23_validators_of_what_is_no_feed_are_not_returned(poll: Poller, outlet: Outlet) -> None:
    outlet.body("/feed", b"<html>please log in</html>", etag='"1"')
    result = poll(outlet.url())
    assert kind(result) == (FAILED, PollReason.NOT_A_FEED)
    assert result.validators == Validators()
    assert result.body_hash == ""


# --- statuses ------------------------------------------------------------------------------


def test_gone_and_missing(poll: Poller, outlet: Outlet) -> None:
    outlet.answer("/gone", 410)
    assert kind(poll(outlet.url("/gone"))) == (PollOutcome.GONE, PollReason.STATUS_410)
    missing = poll(outlet.url("/nothing"))
    assert kind(missing) == (FAILED, PollReason.HTTP_STATUS)
    assert "404" in missing.detail


def test_S21_retry_after_is_honoured_for_the_host_with_one_request(
    poll: Poller, outlet: Outlet
) -> None:
    outlet.answer("/feed", 429, b"", Retry_After="3600")
    result = poll(outlet.url())
    assert kind(result) == (PollOutcome.RATE_LIMITED, PollReason.RETRY_AFTER)
    assert result.retry_after == HOUR
    again = poll(outlet.url("/other"))
    assert kind(again) == (PollOutcome.RATE_LIMITED, PollReason.RETRY_AFTER)
    assert again.retry_after is not None
    assert HOUR - 60_000_000 < again.retry_after <= HOUR
    assert len(outlet.asked()) == 1
    assert not outlet.asked("/other")


# --- redirects -----------------------------------------------------------------------------


def test_a_move_for_good_is_reported_only_with_a_feed(poll: Poller, outlet: Outlet) -> None:
    outlet.body("/feed")
    outlet.redirect("/a", "/b", 301)
    outlet.redirect("/b", "/feed", 308)
    outlet.redirect("/c", "/feed", 302)
    outlet.redirect("/d", "/closed", 301)
    outlet.answer("/closed", 200, b"<html>we move</html>")
    assert poll(outlet.url("/a")).moved_to == outlet.url("/feed")
    assert poll(outlet.url("/c")).moved_to == ""
    closed = poll(outlet.url("/d"))
    assert (closed.reason, closed.moved_to) == (PollReason.NOT_A_FEED, "")


def test_S22_a_loop_and_a_long_chain_end(poll: Poller, outlet: Outlet) -> None:
    outlet.redirect("/a", "/b")
    outlet.redirect("/b", "/a")
    assert kind(poll(outlet.url("/a"))) == (FAILED, PollReason.REDIRECTS)
    assert len(outlet.requests) == 3  # robots.txt, /a, /b
    for number in range(9):
        outlet.redirect(f"/{number}", f"/{number + 1}")
    assert kind(poll(outlet.url("/0"))) == (FAILED, PollReason.REDIRECTS)
    assert not outlet.asked("/6")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_S05_a_redirect_inward_is_refused(
    poll: Poller, outlet: Outlet, inner: Outlet, status: int
) -> None:
    outlet.redirect("/feed", inner.url(), status)
    assert kind(poll(outlet.url())) == (FAILED, PollReason.BLOCKED_ADDRESS)


def test_S05_a_meta_refresh_is_not_followed(poll: Poller, outlet: Outlet, inner: Outlet) -> None:
    page = f'<html><meta http-equiv="refresh" content="0;url={inner.url()}"></html>'
    outlet.body("/feed", page.encode(), Content_Type="text/html")
    assert kind(poll(outlet.url())) == (FAILED, PollReason.NOT_A_FEED)


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "data:text/xml,<rss/>", "ftp://a/", "s3://b/k"]
)
def test_S06_a_redirect_to_another_scheme(poll: Poller, outlet: Outlet, target: str) -> None:
    outlet.redirect("/feed", target)
    assert kind(poll(outlet.url())) == (FAILED, PollReason.BAD_URL)


# --- credentials, proxies ------------------------------------------------------------------


def test_S13_credentials_go_to_their_own_origin_only(
    poll: Poller, outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTLET_PASSWORD", "p:w")
    auth = Auth(username="u", password="${OUTLET_PASSWORD}")
    headers = {"X-Key": "${OUTLET_PASSWORD}"}
    with Outlet(host=outlet.host) as other:  # the same host, another port
        other.body("/feed")
        outlet.redirect("/feed", "/own")
        outlet.redirect("/own", other.url())
        result = poll(outlet.url(), auth=auth, headers=headers)
    assert result.outcome is PollOutcome.OK
    for path in ("/feed", "/own"):
        assert outlet.asked(path)[0].headers["authorization"] == "Basic dTpwOnc="
        assert outlet.asked(path)[0].headers["x-key"] == "p:w"
    for stranger in (other.asked()[0], outlet.asked("/robots.txt")[0]):
        assert "authorization" not in stranger.headers
        assert "x-key" not in stranger.headers


def test_a_bearer_token_and_a_missing_secret(poll: Poller, outlet: Outlet) -> None:
    outlet.body("/feed")
    poll(outlet.url(), auth=Auth(bearer="abc"))
    assert outlet.asked()[-1].headers["authorization"] == "Bearer abc"
    missing = poll(outlet.url(), auth=Auth(bearer="${RASID_TEST_NOT_SET}"))
    assert kind(missing) == (FAILED, PollReason.SECRET)
    assert "RASID_TEST_NOT_SET" in missing.detail


def test_S13_cookies_are_not_kept(poll: Poller, outlet: Outlet) -> None:
    outlet.body("/feed", Set_Cookie="id=1; Path=/")
    poll(outlet.url())
    poll(outlet.url())
    assert all("cookie" not in asked.headers for asked in outlet.requests)
    assert all("referer" not in asked.headers for asked in outlet.requests)


def test_S12_proxies_of_the_environment_are_ignored(
    reactor: Any, outlet: Outlet, inner: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://{inner.address}")
    outlet.body("/feed")
    with Poller(reactor) as poller:
        assert poller(outlet.url()).outcome is PollOutcome.OK


def test_a_proxy_of_the_source_is_used_and_judged(poll: Poller, inner: Outlet) -> None:
    with Outlet() as proxy:
        url = "http://outlet.invalid/feed"
        proxy.body(url)
        result = poll(url, proxy=f"http://user:word@{proxy.address}", robots=False)
        assert result.outcome is PollOutcome.OK
        assert proxy.asked(url)[0].headers["proxy-authorization"] == "Basic dXNlcjp3b3Jk"
    result = poll(url, proxy=f"http://{inner.address}", robots=False)
    assert kind(result) == (FAILED, PollReason.BLOCKED_ADDRESS)


# --- robots --------------------------------------------------------------------------------


def test_robots_are_obeyed_unless_the_source_says_otherwise(poll: Poller, outlet: Outlet) -> None:
    outlet.answer("/robots.txt", 200, b"User-agent: *\nDisallow: /")
    outlet.body("/feed")
    assert kind(poll(outlet.url())) == (FAILED, PollReason.ROBOTS)
    assert not outlet.asked()
    assert poll(outlet.url(), robots=False).outcome is PollOutcome.OK


def test_S29_robots_that_lead_inward_or_are_huge(poll: Poller, inner: Outlet) -> None:
    with Outlet() as one:
        one.redirect("/robots.txt", inner.url("/robots.txt"))
        assert kind(poll(one.url())) == (FAILED, PollReason.BLOCKED_ADDRESS)
    with Outlet() as two:
        two.answer("/robots.txt", 200, b"#" * 600_000)
        assert kind(poll(two.url())) == (FAILED, PollReason.ROBOTS)
    with Outlet() as packed:
        bomb = gzip.compress(b"#" * 5_000_000)
        packed.answer("/robots.txt", 200, bomb, Content_Encoding="gzip")
        assert kind(poll(packed.url())) == (FAILED, PollReason.ROBOTS)
    with Outlet() as three:
        three.answer("/robots.txt", 503)
        assert kind(poll(three.url())) == (FAILED, PollReason.ROBOTS)
        three.body("/feed")
        assert not three.asked()
    with Outlet() as four:
        four.answer("/robots.txt", 403)
        four.body("/feed")
        assert poll(four.url()).outcome is PollOutcome.OK


# --- TLS -----------------------------------------------------------------------------------


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> trustme.CA:
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return made


def tls(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def test_S15_certificates_are_verified_unless_the_source_says_otherwise(
    poll: Poller, authority: trustme.CA
) -> None:
    with Outlet() as good:
        good.tls = tls(authority.issue_cert(good.host))
        good.body("/feed")
        read = poll(good.url())
        assert kind(read) == (PollOutcome.OK, PollReason.PARSED)
        assert read.certificate.since < read.certificate.until
    past = datetime(2020, 1, 1, tzinfo=UTC)
    expired = authority.issue_cert("127.0.0.1", not_after=past)
    for certificate in (
        trustme.CA().issue_cert("127.0.0.1"),
        authority.issue_cert("127.66.66.66"),
        expired,
    ):
        with Outlet(tls=tls(certificate)) as bad:
            bad.body("/feed")
            result = poll(bad.url())
            assert kind(result) == (FAILED, PollReason.TLS), result
            assert not bad.requests
            assert poll(bad.url(), tls_verify=False).outcome is PollOutcome.OK
            assert kind(poll(bad.url())) == (FAILED, PollReason.TLS)  # no shared connection


def test_S15_what_is_wrong_with_a_certificate_is_told(poll: Poller, authority: trustme.CA) -> None:
    past, future = (datetime(year, 5, 3, tzinfo=UTC) for year in (2020, 2090))
    wrong: list[tuple[dict[str, datetime], Cause, str]] = [
        ({"not_after": past}, Cause.CERTIFICATE_EXPIRED, "the certificate expired on 2020-05-03"),
        (
            {"not_before": future, "not_after": datetime(2091, 1, 1, tzinfo=UTC)},
            Cause.CERTIFICATE_NOT_YET_VALID,
            "the certificate is not valid yet, but from 2090-05-03 on",
        ),
    ]
    for holds, cause, words in wrong:
        with Outlet() as bad:
            bad.tls = tls(authority.issue_cert(bad.host, **holds))  # type: ignore[arg-type]
            result = poll(bad.url())
            assert (result.cause, result.detail) == (cause, words)
    with Outlet(tls=tls(authority.issue_cert("127.66.66.66"))) as bad:
        assert poll(bad.url()).cause is Cause.CERTIFICATE_WRONG_HOST
    with Outlet() as bad:
        bad.tls = tls(trustme.CA().issue_cert(bad.host))
        assert poll(bad.url()).cause is Cause.CERTIFICATE_UNKNOWN_ISSUER
    with Outlet() as bad:
        bad.tls = tls(self_signed(bad.host))
        assert poll(bad.url()).cause is Cause.CERTIFICATE_SELF_SIGNED


def self_signed(host: str) -> trustme.LeafCert:
    """Return a certificate that is its own authority."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))])
    later = now + timedelta(days=1)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, later)
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    written = key.private_bytes(
        pem, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return trustme.LeafCert(written, signed.public_bytes(pem), [])


def test_S23_a_bot_wall_is_named_whatever_it_answers(poll: Poller, outlet: Outlet) -> None:
    page = b"<!doctype html><title>Just a moment...</title>"
    outlet.answer("/feed", 403, page, Server="cloudflare", Cf_Mitigated="challenge")
    result = poll(outlet.url())
    assert (kind(result), result.cause) == ((FAILED, PollReason.HTTP_STATUS), Cause.BOT_WALL)
    assert result.detail == "Cloudflare keeps programs out of it (status 403)"
    outlet.answer("/feed", 202, b"", X_Amzn_Waf_Action="challenge")
    assert poll(outlet.url()).detail == "AWS WAF keeps programs out of it (status 202)"
    outlet.answer("/feed", 200, page + b"<input type=password>")
    assert poll(outlet.url()).cause is Cause.LOGIN_PAGE


# --- callers -------------------------------------------------------------------------------


def test_a_parser_that_raises_fails_its_own_poll_only(poll: Poller, outlet: Outlet) -> None:
    outlet.body("/feed", RSS + b"<!-- boom -->")
    assert kind(poll(outlet.url())) == (FAILED, PollReason.INTERNAL)
    outlet.body("/feed")
    assert poll(outlet.url()).outcome is PollOutcome.OK


def test_polling_without_a_guard_is_refused(poll: Poller, outlet: Outlet) -> None:
    before = guard.policy()
    assert before is not None
    guard.reset()
    try:
        with pytest.raises(GuardError):
            poll(outlet.url())
    finally:
        guard.install(before)
    assert outlet.connections == 0


def test_S10_a_guard_that_is_not_in_force_stops_the_start(
    reactor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "_judge", lambda *_: None)
    monkeypatch.setattr(crawl, "SELF_TEST_SECONDS", 0.5)
    with pytest.raises(GuardError):
        Poller(reactor)
    monkeypatch.setattr(guard, "check_sockets", lambda: None)
    with pytest.raises(GuardError, match="did not keep the crawler"):
        Poller(reactor)
