from __future__ import annotations

import json
import logging
import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import apprise
import pytest
import requests
import trustme
from alert_sinks import Answer, HttpSink, SmtpSink, http_sink, smtp_sink

from rasid.models import (
    Alert,
    DeliveryOutcome,
    DeliveryReason,
    DeliveryResult,
    Message,
    Notification,
    Target,
)
from rasid.notifiers.apprise import AppriseNotifier, outcome_of, problem_of
from rasid.notifiers.text import render
from rasid.notifiers.verdict import judge
from rasid.notifiers.wire import Wire, retry_after

CANARY = "canary-7f3a9b"
NOW = 1_795_431_900_000_000


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with http_sink() as one:
        yield one


@pytest.fixture
def mail() -> Iterator[SmtpSink]:
    with smtp_sink() as one:
        yield one


def message(**changes: Any) -> Message:
    parts = {
        "title": "SANA: a title",
        "body": "a body",
        "notification": "01JDNOTE",
        "alerts": ("01JDA", "01JDB"),
        "thread": "item:01JDITEM",
    }
    return Message(**(parts | changes))


def send(url: str, *, plain: bool = False, **changes: Any) -> DeliveryResult:
    return AppriseNotifier().send(Target("t/1", "t", url), message(**changes), plain=plain)


def test_a_webhook_gets_text_and_ids(sink: HttpSink) -> None:
    assert send(sink.url).outcome is DeliveryOutcome.SUCCESS
    (request,) = sink.requests
    assert request.json["message"] == "a body"
    assert request.json["title"] == "SANA: a title"
    assert request.json["notification"] == "01JDNOTE"
    assert request.json["alerts"] == ["01JDA", "01JDB"]
    assert request.headers["Idempotency-Key"] == "01JDNOTE"
    assert request.alerts == ["01JDA", "01JDB"]


@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        (200, DeliveryOutcome.SUCCESS, DeliveryReason.ACCEPTED),
        (400, DeliveryOutcome.REJECTED, DeliveryReason.HTTP_4XX),
        (401, DeliveryOutcome.REJECTED, DeliveryReason.REFUSED),
        (403, DeliveryOutcome.REJECTED, DeliveryReason.REFUSED),
        (404, DeliveryOutcome.REJECTED, DeliveryReason.REFUSED),
        (410, DeliveryOutcome.REJECTED, DeliveryReason.REFUSED),
        (408, DeliveryOutcome.RETRY, DeliveryReason.HTTP_5XX),
        (429, DeliveryOutcome.RETRY, DeliveryReason.RATE_LIMITED),
        (500, DeliveryOutcome.RETRY, DeliveryReason.HTTP_5XX),
        (503, DeliveryOutcome.RETRY, DeliveryReason.HTTP_5XX),
    ],
)
def test_N02_N07_a_status_decides(
    sink: HttpSink, status: int, outcome: DeliveryOutcome, reason: DeliveryReason
) -> None:
    sink.answer = lambda _request: Answer(status)
    result = send(sink.url)
    assert (result.outcome, result.reason) == (outcome, reason)
    assert len(sink.requests) == 1


def test_retry_after_is_read(sink: HttpSink) -> None:
    sink.answer = lambda _request: Answer(429, {"Retry-After": "37"})
    assert send(sink.url).retry_after == 37_000_000


def test_retry_after_as_a_date_and_as_nonsense() -> None:
    assert retry_after("Mon, 23 Nov 2026 11:06:00 GMT", NOW) == 60_000_000
    assert retry_after("soon", NOW) is None
    assert retry_after("-5", NOW) == 0
    assert retry_after("1e999", NOW) is None


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_N17_redirects_are_not_followed(sink: HttpSink, status: int) -> None:
    with http_sink() as second:
        elsewhere = f"http://127.0.0.1:{second.port}/"
        sink.answer = lambda _request: Answer(status, {"Location": elsewhere})
        for url in (sink.url, f"{sink.url}?redirect=yes"):
            assert send(url).outcome is DeliveryOutcome.REJECTED
        assert second.requests == []


@pytest.mark.parametrize(
    "text", ["{{7*7}}", "{0.__class__}", "%(x)s", "$(id)", r"\n\u0041", ":+1:"]
)
def test_N14_feed_text_arrives_verbatim(sink: HttpSink, mail: SmtpSink, text: str) -> None:
    send(f"{sink.url}?emojis=yes", title=text, body=text)
    assert sink.requests[0].json["message"] == text
    assert sink.requests[0].json["title"] == text
    send(mail.url(), title=text, body=text)
    assert mail.mails[0]["Subject"] == text
    assert mail.mails[0].get_content().strip() == text


def test_mail_carries_ids_and_threads(mail: SmtpSink) -> None:
    assert send(mail.url()).outcome is DeliveryOutcome.SUCCESS
    (one,) = mail.mails
    assert one["X-Rasid-Alert"] == "01JDA,01JDB"
    assert one.get_all("Message-ID") == ["<01JDNOTE@rasid>"]
    assert one["References"] == "<item.01JDITEM@rasid>"
    assert one["Subject"] == "SANA: a title"
    assert one.get_content().strip() == "a body"
    assert one.get_content_type() == "text/plain"


@pytest.mark.parametrize("mark", ["\r\n", "\n", "\u2028", "\x85", "\x0b"])
def test_N11_no_header_can_be_added(mail: SmtpSink, mark: str) -> None:
    send(mail.url(), title=f"a{mark}Bcc: victim@example.org{mark}{mark}Subject: b")
    (one,) = mail.mails
    assert one["Bcc"] is None
    assert len(one.get_all("Subject")) == 1
    assert mail.recipients == [["desk@example.org"]]


def test_N11_a_body_cannot_take_the_message_id(mail: SmtpSink) -> None:
    send(mail.url(), title="Message-ID: <x@y>", body="Message-ID: <x@y>\nhello")
    (one,) = mail.mails
    assert one.get_all("Message-ID") == ["<01JDNOTE@rasid>"]
    assert one.get_content().startswith("Message-ID: <x@y>")


def certificates(authority: trustme.CA) -> dict[str, trustme.LeafCert]:
    past = datetime(2020, 1, 1, tzinfo=UTC)
    return {
        "expired": authority.issue_cert("127.0.0.1", not_after=past),
        "of another host": authority.issue_cert("mail.example.org"),
        "of nobody known": trustme.CA().issue_cert("127.0.0.1"),
        "good": authority.issue_cert("127.0.0.1"),
    }


@pytest.mark.parametrize("mode", ["ssl", "starttls"])
def test_N12_a_mail_server_has_to_prove_who_it_is(
    mode: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    sent = {}
    for name, certificate in certificates(authority).items():
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        with smtp_sink(tls=context, mode=mode) as mail:
            result = send(mail.url(mode=mode))
            sent[name] = (result.outcome, len(mail.mails))
    assert sent.pop("good") == (DeliveryOutcome.SUCCESS, 1)
    assert set(sent.values()) == {(DeliveryOutcome.RETRY, 0)}, sent


def test_N13_a_refused_recipient_is_rejected_for_itself(mail: SmtpSink) -> None:
    mail.refused = {"b@example.org"}
    good, bad = send(mail.url("a@example.org")), send(mail.url("b@example.org"))
    assert good.outcome is DeliveryOutcome.SUCCESS
    assert (bad.outcome, bad.reason) == (DeliveryOutcome.REJECTED, DeliveryReason.REFUSED)
    assert mail.recipients == [["a@example.org"]]


def test_N13_two_destinations_in_one_url_are_refused(mail: SmtpSink) -> None:
    url = f"mailto://127.0.0.1:{mail.port}/a@example.org/b@example.org?mode=insecure&from=r@x.org"
    assert "2 destinations" in (problem_of(url) or "")
    assert send(url).reason is DeliveryReason.BAD_URL
    assert mail.mails == []


def test_a_busy_mail_server_is_tried_again(mail: SmtpSink) -> None:
    mail.busy = True
    assert send(mail.url()).outcome is DeliveryOutcome.RETRY


def test_N03_an_answer_that_never_comes_is_a_timeout(
    sink: HttpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rasid.notifiers.apprise._READ", 0.2)
    sink.answer = lambda _request: Answer(hang=5)
    result = send(sink.url)
    assert (result.outcome, result.reason) == (DeliveryOutcome.RETRY, DeliveryReason.TIMEOUT)
    assert len(sink.requests) == 1


def test_a_closed_port_is_tried_again() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for url in (
        f"json://127.0.0.1:{port}/",
        f"mailto://127.0.0.1:{port}/?mode=insecure&from=a@x.org&to=b@x.org",
    ):
        assert send(url).reason is DeliveryReason.CONNECT


class _Answer:
    def __init__(self, status: object, successes: int = 0) -> None:
        self.status = status
        self.success_count = successes


def test_N02_only_success_with_a_result_is_sent() -> None:
    status = apprise.AppriseResultStatus
    assert outcome_of(_Answer(status.SUCCESS, 1)).outcome is DeliveryOutcome.SUCCESS
    for one in (None, _Answer(status.NOMATCH)):
        assert outcome_of(one).reason is DeliveryReason.BAD_URL
    assert outcome_of(_Answer(status.TIMEOUT)).reason is DeliveryReason.TIMEOUT
    for one in (
        _Answer(status.SUCCESS),
        _Answer(status.FAILURE),
        _Answer(status.PARTIAL, 1),
    ):
        assert outcome_of(one) is None
        assert judge(Wire(), NOW).outcome is DeliveryOutcome.RETRY


def test_N02_an_exception_is_an_outcome(sink: HttpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*_args: object, **_options: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(apprise.Apprise, "notify", explode)
    result = send(sink.url)
    assert (result.outcome, result.detail) == (DeliveryOutcome.RETRY, "RuntimeError")


class _BlockedError(OSError):
    blocked_address = "10.0.0.1"


def test_a_blocked_address_is_tried_again(sink: HttpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    """A captive portal leads every name to an inner address, for a while."""

    def refuse(*_args: object, **_options: object) -> None:
        raise _BlockedError("10.0.0.1 is not allowed")

    monkeypatch.setattr("urllib3.util.connection.create_connection", refuse)
    monkeypatch.setattr("socket.create_connection", refuse)
    for url in (sink.url, "mailto://127.0.0.1:9/?mode=insecure&from=a@x.org&to=b@x.org"):
        result = send(url)
        assert result.outcome is DeliveryOutcome.RETRY
        assert result.reason is DeliveryReason.BLOCKED_ADDRESS


@pytest.mark.parametrize(
    "url",
    [
        "file:///tmp/x",
        "exec://rm",
        "syslog://",
        "dbus://",
        "gnome://",
        "windows://",
        "macosx://",
        "rsyslog://127.0.0.1",
        "/etc/plugins/evil.py",
        "json://",
        "mailto://a:b@example.org?pgppub=/etc/passwd",
        "discord://123456789/abcdefghij?template=file:///etc/passwd",
        "nonsense",
    ],
)
def test_N15_what_is_no_network_service_is_refused(url: str) -> None:
    assert problem_of(url)


@pytest.mark.parametrize(
    "url",
    [
        "console://",
        "json://127.0.0.1:8080/hook",
        "mailto://u:${RASID_TEST_UNSET}@example.org",
        "${RASID_TEST_UNSET}",
        "slack://${RASID_TEST_UNSET}",
    ],
)
def test_good_urls_have_no_problem(url: str) -> None:
    assert problem_of(url) is None


def test_N15_a_secret_cannot_smuggle_a_scheme_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASID_TEST_URL", "syslog://")
    assert problem_of("${RASID_TEST_URL}")
    assert send("${RASID_TEST_URL}").reason is DeliveryReason.BAD_URL


def test_a_missing_secret_is_named_and_tried_again() -> None:
    result = send("json://127.0.0.1:9/${RASID_TEST_UNSET}")
    assert (result.outcome, result.reason) == (
        DeliveryOutcome.RETRY,
        DeliveryReason.SECRET_MISSING,
    )
    assert "RASID_TEST_UNSET" in result.detail


@pytest.mark.parametrize("status", [0, 200, 400, 404, 500])
@pytest.mark.parametrize("slot", ["user:{}@", "path", "query"])
def test_N16_a_secret_is_never_shown(
    sink: HttpSink,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    slot: str,
) -> None:
    monkeypatch.setenv("RASID_TEST_TOKEN", CANARY)
    caplog.set_level(logging.DEBUG)
    sink.answer = lambda request: Answer(
        status, {}, f"{request.path} {request.headers.get('Authorization')} {CANARY}".encode()
    )
    port = sink.port if status else 9
    url = {
        "user:{}@": f"json://user:${{RASID_TEST_TOKEN}}@127.0.0.1:{port}/x",
        "path": f"json://127.0.0.1:{port}/${{RASID_TEST_TOKEN}}",
        "query": f"json://127.0.0.1:{port}/x?-key=${{RASID_TEST_TOKEN}}",
    }[slot]
    result = send(url)
    assert CANARY not in repr(result)
    assert CANARY not in caplog.text


def test_N16_a_secret_written_into_the_url_is_not_shown_either(sink: HttpSink) -> None:
    sink.answer = lambda request: Answer(400, {}, request.path.encode())
    result = send(f"json://127.0.0.1:{sink.port}/services/{CANARY}")
    assert result.detail.startswith("HTTP 400: ")
    assert CANARY not in result.detail


def _posted(service: str, monkeypatch: pytest.MonkeyPatch, title: str, body: str) -> list[Any]:
    """Send to a real service's plugin; return what it would have posted to its server."""
    posted: list[Any] = []

    def keep(_adapter: Any, request: Any, **_options: Any) -> requests.Response:
        posted.append(json.loads(request.body))
        response = requests.Response()
        response.status_code = 200
        response._content = b"ok" if service == "slack" else b'{"ok": true, "result": []}'
        return response

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", keep)
    result = send(SERVICES[service], title=title, body=body)
    assert result.outcome is DeliveryOutcome.SUCCESS
    return posted


SERVICES = {
    "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/",
    "discord": "discord://123456789012345678/" + "a" * 68 + "/",
    "telegram": "tgram://123456789:abcdefghijklmnopqrstuvwxyzABCDEFGHI/12345/",
    "matrix": "matrix://user:token@matrix.example/?mode=slack",
    "teams": "workflows://prod.example:443/" + "a" * 32 + "/" + "b" * 43 + "/",
}
NO_WEB = ("javascript:alert(7)", "JaVa\tScript:alert(7)", "data:text/html,7", "vbscript:7",
          "file:///etc/passwd", "\x01javascript:alert(7)", "ftp://e.example/7")  # fmt: skip


def linking(link: str) -> Message:
    """Return what is sent of an item, and of a summary, whose link is this."""
    item = {"kind": "item", "title": "t", "outlet": "o", "link": link, "excerpts": []}
    notice = {"kind": "notice", "text": "n", "titles": [item | {"link": link}]}
    alerts = tuple(
        Alert(name, "r", "h", "t", "desk", f"{name}:1", NOW, facts)
        for name, facts in (("item", item), ("notice", notice))
    )
    return render(
        Notification("n", "t", alerts, NOW, 0, "x"), time_zone="UTC", limit=4_000, show="full"
    )


@pytest.mark.parametrize("link", NO_WEB)
@pytest.mark.parametrize("service", SERVICES)
def test_P18_no_chat_is_given_a_link_that_is_no_web_address(
    service: str, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = linking(link)
    sent = json.dumps(_posted(service, monkeypatch, told.title, told.body)).lower()
    assert not [one for one in (*NO_WEB, "script:", "alert(7)") if one.lower() in sent]


def test_P18_webhooks_and_mails_are_not_given_one_either(sink: HttpSink, mail: SmtpSink) -> None:
    for link in NO_WEB:
        told = linking(link)
        for url in (sink.url, mail.url()):
            assert send(url, title=told.title, body=told.body).outcome is DeliveryOutcome.SUCCESS
    texts = [request.body.decode().lower() for request in sink.requests]
    texts += [(one["Subject"] + one.get_content()).lower() for one in mail.mails]
    assert len(texts) == 2 * len(NO_WEB)
    assert not [text for text in texts if "script:" in text or "passwd" in text or ",7" in text]
    assert "https://e.example/7" in linking("https://e.example/7").body


def test_a_plugin_that_waits_for_its_rate_limit_is_cut_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def slow_down(_adapter: Any, request: Any, **_options: Any) -> requests.Response:
        asked.append(request.url)
        response = requests.Response()
        response.status_code = 429
        response.headers.update({"Retry-After": "9", "X-RateLimit-Remaining": "0"})
        response._content = b"{}"
        return response

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", slow_down)
    before = time.monotonic()
    result = send(SERVICES["discord"])
    assert (result.reason, result.retry_after) == (DeliveryReason.RATE_LIMITED, 9_000_000)
    assert len(asked) == 1
    assert time.monotonic() - before < 2
