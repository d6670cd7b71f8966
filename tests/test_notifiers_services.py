"""What Apprise sends to real services, as a server of theirs sees it: a real one on loopback."""

from __future__ import annotations

import json
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import trustme
from alert_desk import START
from alert_sinks import Answer, HttpSink, Request, SmtpSink, http_sink, smtp_sink
from outlet import Asked, Outlet, close

from rasid.models import Alert, DeliveryOutcome, DeliveryReason, Message, Notification, Target
from rasid.notifiers import answers
from rasid.notifiers.apprise import AppriseNotifier
from rasid.notifiers.text import render

SLACK = "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
TOKEN = "123456789:abcdefghijklmnopqrstuvwxyzABCDEFGHI"
HOOK = "a" * 32
SLOW = DeliveryReason.RATE_LIMITED


@dataclass(frozen=True)
class Service:
    """A service: its URL in rules.yaml, where its plugin keeps its address, what it answers."""

    url: str  # {port} is that of the sink
    limit: int  # of the service, in the unit of `size`
    texts: Callable[[Mapping[str, Any]], list[str]]  # what people are shown of a payload
    plugin: tuple[str, str, str, str] | None = None  # module, class, attribute, value
    answer: bytes = b"{}"
    size: Callable[[str], int] = len
    is_message: Callable[[Request], bool] = lambda _request: True
    tls: bool = False


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def utf8(text: str) -> int:
    return len(text.encode())


def cards(payload: Mapping[str, Any]) -> list[str]:
    """Return the texts of an adaptive card, whose Markdown is escaped."""
    return [
        re.sub(r"\\([^\w\s])", r"\1", block["text"])
        for attachment in payload["attachments"]
        for block in attachment["content"]["body"]
        if "text" in block
    ]


SERVICES = {
    "slack": Service(
        f"slack://{SLACK}/",
        40_000,
        lambda payload: [
            text for one in payload["attachments"] for text in (one["title"], one["text"])
        ],
        ("slack", "NotifySlack", "webhook_url", "http://127.0.0.1:{port}/services"),
        b"ok",
    ),
    "discord": Service(
        f"discord://123456789012345678/{'a' * 68}/",
        2_000,
        lambda payload: [payload["content"]],
        ("discord", "NotifyDiscord", "notify_url", "http://127.0.0.1:{port}/webhooks"),
    ),
    "telegram": Service(
        f"tgram://{TOKEN}/12345/",
        4_096,
        lambda payload: [payload["text"]],
        ("telegram", "NotifyTelegram", "notify_url", "http://127.0.0.1:{port}/bot"),
        b'{"ok": true, "result": []}',
        utf16,
    ),
    "matrix": Service(
        "matrix://user:password@127.0.0.1:{port}/!room:example.org?e2ee=no",
        65_000,
        lambda payload: [payload["body"]],
        answer=b'{"access_token": "t", "home_server": "h", "user_id": "@u:h", "device_id": "d",'
        b' "room_id": "!room:example.org", "event_id": "$1"}',
        size=utf8,
        is_message=lambda request: "/send/" in request.path,
    ),
    "teams": Service(
        f"workflows://localhost:{{port}}/{HOOK}/{'b' * 43}/",
        28_000,
        cards,
        size=utf8,
        tls=True,
    ),
    "ntfy": Service(
        "ntfy://127.0.0.1:{port}/topic",
        4_096,
        lambda payload: [payload["title"], payload["message"]],
        answer=b'{"id": "x"}',
        size=utf8,
    ),
}


@contextmanager
def serving(
    service: Service, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> Iterator[tuple[HttpSink, str]]:
    """Serve as a service; yield what it got and its URL."""
    context = None
    if service.tls:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(folder / "ca.pem"))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(folder / "ca.pem"))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(context)
    with http_sink(context) as sink:
        sink.answer = lambda _request: Answer(body=service.answer)
        if service.plugin:
            module, name, attribute, value = service.plugin
            plugin = getattr(import_module(f"apprise.plugins.{module}"), name)
            monkeypatch.setattr(plugin, attribute, value.format(port=sink.port))
        yield sink, service.url.format(port=sink.port)


def told(limit: int, **facts: Any) -> Message:
    """Return the message of an alert on an item."""
    item = {
        "kind": "item", "title": "غارة", "outlet": "SANA", "link": "https://sana.example/1",
        "published": START, "excerpts": [],
    }  # fmt: skip
    alert = Alert("01JDALERT0123456", "strike", "h", "t/1", "t", "item:1", START, item | facts)
    shown = Notification("01JDNOTE", "t/1", (alert,), START, 0, "x")
    return render(shown, time_zone="UTC", limit=limit, show="full")


def sent(
    name: str, monkeypatch: pytest.MonkeyPatch, folder: Path, **facts: Any
) -> list[dict[str, Any]]:
    """Send an alert to a service; return the messages that it got."""
    service, notifier = SERVICES[name], AppriseNotifier()
    with serving(service, monkeypatch, folder) as (sink, url):
        target = Target("t/1", "t", url)
        result = notifier.send(target, told(notifier.body_limit(target), **facts))
        assert result.outcome is DeliveryOutcome.SUCCESS, result
        return [one.json for one in sink.requests if service.is_message(one)]


EVIL = (
    "@everyone @here @all @channel @room <!channel> <!here> <@U1> <@&1> <#C1> <at>Bob</at>"
    " [bbc](https://evil.example) <https://evil.example|bbc.com> @user غارة\u202e"
)
LIVE = re.compile(r"[@＠](?=\w|&)|<(?=[!@#a-z/h])|\](?=[(\[])", re.IGNORECASE)


@pytest.mark.parametrize("name", SERVICES)
def test_N09_N10_a_headline_mentions_nobody_and_links_nowhere(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    excerpt = {"field": "title", "text": EVIL, "spans": [[0, 9]], "before": False, "after": True}
    (payload,) = sent(name, monkeypatch, tmp_path, title=EVIL, outlet=EVIL, excerpts=[excerpt])
    texts = SERVICES[name].texts(payload)
    assert "everyone" in " ".join(texts), "it is there, and dead"
    for text in texts:
        assert LIVE.search(text.replace("&lt;", "<").replace("&amp;", "&")) is None, text
        assert "\u202e" not in text


@pytest.mark.parametrize("name", SERVICES)
def test_N10_a_link_shows_the_host_that_it_leads_to(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    link = "https://bbc.com@evil.example/a_b_c*d*?x=1"
    (payload,) = sent(name, monkeypatch, tmp_path, link=link)
    shown = " ".join(SERVICES[name].texts(payload))
    assert "https://evil.example/" in shown
    assert "bbc.com" not in shown


@pytest.mark.parametrize("filling", ["ق", "字", "👩🏽‍🚀", "&", "a"])
@pytest.mark.parametrize("name", SERVICES)
def test_N08_the_longest_text_is_within_what_the_service_takes(
    name: str, filling: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    long = filling * 100_000
    excerpts = [
        {
            "field": "text",
            "text": filling * 300,
            "spans": [[n, n + 1]],
            "before": True,
            "after": True,
        }
        for n in range(40)
    ]
    (payload,) = sent(name, monkeypatch, tmp_path, title=long, outlet=long, excerpts=excerpts)
    service = SERVICES[name]
    texts = service.texts(payload)
    assert max(map(service.size, texts)) <= service.limit
    assert any("https://sana.example/1" in text for text in texts), "the link is kept"
    assert any("ERT0123456" in text for text in texts), "and the id"


@pytest.mark.parametrize("name", SERVICES)
def test_N16_no_picture_of_another_host_is_shown(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whoever reads the message would ask that host for it, and tell that he does."""
    (payload,) = sent(name, monkeypatch, tmp_path)
    text = json.dumps(payload).replace("\\\\", "")
    hosts = set(re.findall(r"https?://([\w.-]+)", text))
    assert hosts - {"adaptivecards.io"} == {"sana.example"}, "a schema is not asked for"


@pytest.mark.parametrize(
    ("status", "headers", "body", "reason", "wait"),
    [
        (429, {"Retry-After": "9"}, b"{}", SLOW, 9_000_000),
        (429, {}, b'{"ok":false,"parameters":{"retry_after":7}}', SLOW, 7_000_000),
        (429, {}, b'{"retry_after": 0.65, "global": false}', SLOW, 650_000),
        (429, {}, b'{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":2000}', SLOW, 2_000_000),
        (429, {}, b"slow down", SLOW, None),
        (503, {"Retry-After": "9"}, b"{}", DeliveryReason.HTTP_5XX, 9_000_000),
        (403, {}, b"{}", DeliveryReason.REFUSED, None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", SERVICES)
def test_N05_N07_what_a_service_refuses_is_asked_once_and_not_waited_for(
    name: str, status: int, headers: dict[str, str], body: bytes,
    reason: DeliveryReason, wait: int | None,
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    """Plugins that sleep and send again would hold a thread, and forget it with the process."""
    service = SERVICES[name]
    with serving(service, monkeypatch, tmp_path) as (sink, url):
        well = sink.answer

        def refuse(request: Request) -> Answer:
            refused = Answer(status, headers, body)
            return refused if service.is_message(request) else well(request)

        sink.answer = refuse
        before = time.monotonic()
        result = AppriseNotifier().send(Target("t/1", "t", url), told(1_000))
        assert (result.reason, result.retry_after) == (reason, wait)
        assert sum(map(service.is_message, sink.requests)) == 1
        assert time.monotonic() - before < 8


def test_N21_every_message_to_a_room_of_matrix_is_one_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A server drops what has the transaction of before: with a token two would be one."""
    service = SERVICES["matrix"]
    with serving(service, monkeypatch, tmp_path) as (sink, _url):
        url = f"matrix://token@127.0.0.1:{sink.port}/!room:example.org?e2ee=no"
        notifier, target = AppriseNotifier(), Target("t/1", "t", url)
        for _ in range(3):
            assert notifier.send(target, told(1_000)).outcome is DeliveryOutcome.SUCCESS
        paths = [one.path for one in sink.requests if service.is_message(one)]
    assert len(set(paths)) == len(paths) == 3


# --- mail ----------------------------------------------------------------------------------


@pytest.fixture
def mail() -> Iterator[SmtpSink]:
    with smtp_sink() as opened:
        yield opened


def story(title: str, number: int, lane: str = "", language: str = "en") -> Message:
    """Return the message of an item of a story, or of an update of it."""
    facts = {
        "kind": "item", "title": title, "outlet": "سانا", "link": f"https://sana.example/{number}",
        "published": START, "excerpts": [], "story": "01JDSTORY",
    }  # fmt: skip
    alert = Alert(f"01JDALERT{number}", "strike", "h", "t/1", "t", f"item:{number}", START, facts)
    shown = Notification(f"01JDNOTE{number}", "t/1", (alert,), START, 0, "x", lane=lane)
    return render(shown, time_zone="UTC", limit=5_000, show="full", language=language)


def test_mails_about_one_story_are_one_thread(mail: SmtpSink) -> None:
    notifier, target = AppriseNotifier(), Target("t/1", "t", mail.url())
    first, update = story("غارة", 1), story("غارة ثانية", 2, lane="6 story 01JDSTORY")
    for message in (first, update):
        assert notifier.send(target, message).outcome is DeliveryOutcome.SUCCESS
    one, two = mail.mails
    assert one["References"] == two["References"] == "<story.01JDSTORY@rasid>"
    assert one["Message-ID"] != two["Message-ID"]
    assert one["X-Rasid-Alert"] == "01JDALERT1"


def test_an_arabic_digest_is_a_mail_of_text_and_of_html_from_right_to_left(
    mail: SmtpSink,
) -> None:
    digest = story("غارة <b>على</b> الميادين", 1, lane="3 digest 2026-11-27T07:00", language="ar")
    assert AppriseNotifier().send(Target("t/1", "t", mail.url()), digest).outcome is (
        DeliveryOutcome.SUCCESS
    )
    (one,) = mail.mails
    assert one.get_content_type() == "multipart/alternative"
    plain, page = one.get_body(("plain",)).get_content(), one.get_body(("html",)).get_content()
    assert "ملخص 2026-11-27 07:00" in str(one["Subject"])
    assert "غارة" in plain
    assert "https://sana.example/1" in plain
    assert '<html lang="ar" dir="rtl">' in page
    assert "<b>" not in page
    assert "&lt;" in page
    assert '<a href="https://sana.example/1">' in page


# --- webhooks that fail --------------------------------------------------------------------

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def send(url: str) -> tuple[DeliveryOutcome, DeliveryReason, float]:
    """Send to a webhook; return what came of it and the seconds that it took."""
    before = time.monotonic()
    result = AppriseNotifier().send(Target("t/1", "t", url), told(1_000))
    return result.outcome, result.reason, time.monotonic() - before


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Outlet]:
    monkeypatch.setattr("rasid.notifiers.apprise._READ", 0.5)
    monkeypatch.setattr(answers, "_SECONDS", 0.5)
    with Outlet() as outlet:
        yield outlet


def url_of(outlet: Outlet) -> str:
    return f"json://{outlet.host}:{outlet.port}/hook"


def reset(sock: socket.socket) -> None:
    """Break a connection off without a goodbye."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    sock.close()


def drip(head: bytes, each: bytes, times: int = 100) -> Callable[[socket.socket, Asked], None]:
    def behave(sock: socket.socket, _asked: Asked) -> None:
        sock.sendall(head)
        for _ in range(times):
            sock.sendall(each)
            time.sleep(0.1)

    return behave


FAILURES: dict[str, tuple[Callable[[socket.socket, Asked], None], DeliveryReason]] = {
    "hangs": (lambda sock, _: time.sleep(2), DeliveryReason.TIMEOUT),
    "closes": (lambda sock, _: close(sock), DeliveryReason.CONNECT),
    "resets": (lambda sock, _: reset(sock), DeliveryReason.CONNECT),
    "answers no HTTP": (lambda sock, _: sock.sendall(b"SSH-2.0-x\r\n\r\n"), DeliveryReason.CONNECT),
}  # fmt: skip


@pytest.mark.parametrize("how", FAILURES)
def test_N02_N03_a_webhook_that_breaks_off_is_tried_again(hook: Outlet, how: str) -> None:
    behave, reason = FAILURES[how]
    hook.on("/hook", behave)
    outcome, why, seconds = send(url_of(hook))
    assert (outcome, why) == (DeliveryOutcome.RETRY, reason)
    assert len(hook.asked("/hook")) == 1
    assert seconds < 5


@pytest.mark.parametrize(
    ("head", "each"),
    [
        (OK + b"Content-Length: 100000\r\n\r\n", b"x"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (OK + b"Connection: close\r\n\r\n", b"x"),
    ],
)
def test_N18_an_answer_that_drips_has_an_end_and_was_an_answer(
    hook: Outlet, head: bytes, each: bytes
) -> None:
    hook.on("/hook", drip(head, each))
    outcome, _reason, seconds = send(url_of(hook))
    assert outcome is DeliveryOutcome.SUCCESS, "what counts is the status, and it had come"
    assert seconds < 4


def test_N18_an_answer_without_end_does_not_fill_the_memory(hook: Outlet) -> None:
    written: list[int] = []

    def behave(sock: socket.socket, _asked: Asked) -> None:
        sock.sendall(OK + b"Connection: close\r\n\r\n")
        for _ in range(1_000):
            sock.sendall(b"x" * 65_536)
            written.append(1)

    hook.on("/hook", behave)
    assert send(url_of(hook))[0] is DeliveryOutcome.SUCCESS
    assert len(written) < 500, "it was hung up on"


def test_N07_the_answer_to_a_refusal_is_told_however_it_ends(hook: Outlet) -> None:
    head = b"HTTP/1.1 400 Bad\r\nContent-Length: 1000\r\n\r\nno such room"

    def behave(sock: socket.socket, _asked: Asked) -> None:
        sock.sendall(head)
        close(sock)

    hook.on("/hook", behave)
    result = AppriseNotifier().send(Target("t/1", "t", url_of(hook)), told(1_000))
    assert (result.outcome, result.reason) == (DeliveryOutcome.REJECTED, DeliveryReason.HTTP_4XX)
    assert result.detail == "HTTP 400: no such room"


@pytest.mark.parametrize("kind", ["of nobody known", "of another host", "no TLS at all"])
def test_N12_a_webhook_has_to_prove_who_it_is(
    kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued = {
        "of nobody known": (trustme.CA(), "127.0.0.1"),
        "of another host": (authority, "x.org"),
    }
    if kind in issued:
        issued[kind][0].issue_cert(issued[kind][1]).configure_cert(context)
    with http_sink(context if kind in issued else None) as sink:
        outcome, reason, _ = send(f"jsons://127.0.0.1:{sink.port}/hook")
        assert (outcome, reason) == (DeliveryOutcome.RETRY, DeliveryReason.CONNECT)
        assert sink.requests == []
