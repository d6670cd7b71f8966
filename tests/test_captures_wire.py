"""What outlets answer is kept byte for byte, without secrets; a real server, read by warcio."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
from newsroom import Clock
from outlet import RSS, Asked, Outlet, close, response
from poller import NEW, Poller, kind
from warcio.archiveiterator import ArchiveIterator

from crawler.records import ParseHints, ParseOutcome
from rasid.captures.keeping import CaptureFiles, kept_file
from rasid.models import ParsedFeed, ParsedItem, PollOutcome, PollReason, PollResult, SourceState
from rasid.settings import Auth, Settings

INTERIM = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"


async def parse(body: bytes, hints: ParseHints) -> ParseOutcome:
    """Give one item for a feed, and the address in an index."""
    if body.startswith(b"index "):
        return ParseOutcome(ParsedFeed(), follow=(body.split()[1].decode(),))
    if b"<rss" not in body:
        return ParseOutcome(None, PollReason.NOT_A_FEED, "no feed")
    return ParseOutcome(ParsedFeed((ParsedItem(title=hints.url),)))


@dataclass
class Record:
    """A record as warcio reads it; its digests were right."""

    type: str
    fields: dict[str, str]
    block: bytes  # as it stands in the file


@dataclass
class Taken:
    """A poller whose captures are kept and read."""

    poller: Poller
    files: CaptureFiles
    folder: Path
    settings: Settings = field(default_factory=lambda: Settings(capture=True))

    def __call__(self, url: str, state: SourceState = NEW, **source: Any) -> PollResult:
        return self.poller(url, state, **source)

    def records(self, result: PollResult) -> list[Record]:
        """Return what the one item of a poll rests on, verified by warcio."""
        assert result.feed is not None, result
        (name,) = result.feed.items[0].captures
        kept = self.poller.reactor(lambda: self.files.keep({name}))
        assert kept.keys() == {name}
        data = kept_file(self.folder, name).read_bytes()
        verified = [
            one.raw_stream.read()
            for one in ArchiveIterator(io.BytesIO(data), check_digests="raise")
        ]
        plain = ArchiveIterator(io.BytesIO(data), no_record_parse=True)
        found = [
            Record(one.rec_type, dict(one.rec_headers.headers), one.raw_stream.read())
            for one in plain
        ]
        assert len(found) == len(verified)
        return found

    def spooled(self) -> list[str]:
        return sorted(path.name for path in self.folder.rglob("*-*"))


@pytest.fixture
def taken(reactor: Any, tmp_path: Path) -> Iterator[Taken]:
    files = CaptureFiles(tmp_path, Settings(capture=True), Clock())
    with Poller(reactor, parse=parse, captures=files) as poller:
        yield Taken(poller, files, tmp_path)
    reactor(files.aclose)


def served(outlet: Outlet, raw: bytes, *, path: str = "/feed", closing: bool = False) -> None:
    def behave(sock: Any, asked: Asked) -> None:
        sock.sendall(raw)
        if closing:
            close(sock)

    outlet.on(path, behave)


def chunks(body: bytes, size: int = 50) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%X;ext=1\r\n%s\r\n" % (len(one), one) for one in pieces)


def head(*lines: str, end: str = "\r\n") -> bytes:
    return end.join(["HTTP/1.1 200 OK", *lines, "", ""]).encode()


PACKED = gzip.compress(RSS)
WIRES = {
    "gzip": head("content-ENCODING: gzip", f"Content-Length: {len(PACKED)}") + PACKED,
    "brotli in chunks": head(
        "Transfer-Encoding: chunked", "Content-Encoding: br", "X-Odd:  two  blanks ", "x-b: 1"
    )
    + chunks(brotli.compress(RSS))
    + b"0\r\nX-Trailer: 1\r\n\r\n",
    "plain lines and a folded header": head(
        "Server: old", "X-Long: a", "  b", f"Content-Length: {len(RSS)}", end="\n"
    )
    + RSS,
    "until the connection ends": head("Content-Type: application/rss+xml") + RSS,
}


@pytest.mark.parametrize("name", WIRES)
def test_the_bytes_are_those_that_the_server_sent(taken: Taken, outlet: Outlet, name: str) -> None:
    served(outlet, INTERIM + WIRES[name], closing=name.startswith("until"))
    result = taken(outlet.url())
    info, answer, request = taken.records(result)
    assert (info.type, answer.type, request.type) == ("warcinfo", "response", "request")
    assert answer.block == WIRES[name]
    assert answer.fields["WARC-Target-URI"] == outlet.url()
    assert answer.fields["WARC-IP-Address"] == outlet.host
    assert answer.fields["WARC-Date"] == "2026-09-21T14:13:20.000000Z"
    assert "Rasid-Left-Out" not in answer.fields
    assert "WARC-Truncated" not in answer.fields
    assert request.fields["WARC-Concurrent-To"] == answer.fields["WARC-Record-ID"]


def test_the_request_is_the_one_that_was_sent(taken: Taken, outlet: Outlet) -> None:
    outlet.body("/feed")
    _, _, request = taken.records(taken(outlet.url()))
    line, *headers = request.block.decode().removesuffix("\r\n\r\n").split("\r\n")
    assert line == "GET /feed HTTP/1.1"
    pairs = (one.split(": ", 1) for one in headers)
    assert {name.lower(): value for name, value in pairs} == outlet.asked()[0].headers
    assert not any("wire" in name for name in outlet.asked()[0].headers)


def test_N16_no_secret_is_captured(taken: Taken, outlet: Outlet) -> None:
    served(
        outlet,
        head("Set-Cookie: id=1\rCOOKIE", " COOKIE", "X-A: 1", "Content-Length: 0"),
        path="/x",
    )
    outlet.answer("/a", 302, b"", Location="/b?lang=ar&access_token=QUERY", Set_Cookie="id=COOKIE")
    outlet.body("/b?lang=ar&access_token=QUERY", Www_Authenticate="Basic")
    auth, headers = Auth(username="u", password="PASSWORD"), {"X-Key": "HEADER"}
    result = taken(outlet.url("/a"), auth=auth, headers=headers)
    _, first, asked, second, asked_again = taken.records(result)
    assert outlet.asked("/a")[0].headers["x-key"] == "HEADER"
    assert first.fields["Rasid-Left-Out"] == "credentials, set-cookie"
    assert asked.fields["Rasid-Left-Out"] == "authorization, x-key"
    assert asked_again.fields["Rasid-Left-Out"] == "authorization, credentials, x-key"
    assert b"Location: /b?lang=ar&access_token=removed\r\n" in first.block
    assert second.fields["WARC-Target-URI"] == outlet.url("/b?lang=ar&access_token=removed")
    taken(outlet.url("/x"))
    secrets = (b"COOKIE", b"PASSWORD", b"dTpQQVNTV09SRA", b"HEADER", b"QUERY")
    files = [path for path in taken.folder.rglob("*") if path.is_file()]
    assert len(taken.spooled()) == 3  # two in the spool, one kept
    for path in files:
        assert not [one for one in secrets if one in path.read_bytes()], path


def test_redirects_are_kept_and_secrets_stay_at_their_origin(taken: Taken, outlet: Outlet) -> None:
    with Outlet(host=outlet.host) as other:
        other.body("/feed", PACKED, Content_Encoding="gzip")
        outlet.redirect("/feed", other.url(), 301)
        result = taken(outlet.url(), headers={"X-Key": "HEADER"})
        records = taken.records(result)
    answers = [one for one in records if one.type == "response"]
    assert [one.fields["WARC-Target-URI"] for one in answers] == [outlet.url(), other.url()]
    assert answers[0].block.startswith(b"HTTP/1.1 301 Status\r\nLocation: ")
    assert answers[1].block.endswith(b"\r\n\r\n" + PACKED)
    requests = [one for one in records if one.type == "request"]
    assert ["Rasid-Left-Out" in one.fields for one in requests] == [True, False]


def test_a_304_and_robots_are_not_captured(taken: Taken, outlet: Outlet) -> None:
    outlet.answer("/robots.txt", 200, b"User-agent: *\nDisallow: /no")
    outlet.body("/feed", etag='"1"')
    result = taken(outlet.url())
    assert len(taken.spooled()) == 1
    state = replace(NEW, url=outlet.url(), validators=result.validators, body_hash=result.body_hash)
    assert kind(taken(outlet.url(), state)) == (PollOutcome.NOT_MODIFIED, PollReason.STATUS_304)
    assert len(taken.spooled()) == 1


def test_what_is_no_feed_is_captured_as_well(taken: Taken, outlet: Outlet) -> None:
    outlet.answer("/feed", 503, b"busy")
    taken(outlet.url())
    outlet.answer("/feed", 200, b"<html>log in</html>")
    taken(outlet.url())
    assert len(taken.spooled()) == 2


def test_a_connection_that_had_ended_is_noted_anew(taken: Taken, outlet: Outlet) -> None:
    served(outlet, WIRES["gzip"], closing=True)  # it said nothing of that
    for _ in range(3):
        _, answer, request = taken.records(taken(outlet.url(), robots=False))
        assert answer.block == WIRES["gzip"]
        assert request.block.count(b"GET ") == 1


def test_a_cut_body_says_so(taken: Taken, outlet: Outlet) -> None:
    raw = head(f"Content-Length: {len(RSS) + 10}") + RSS
    served(outlet, raw, closing=True)
    _, answer, _ = taken.records(taken(outlet.url()))
    assert answer.block == raw
    assert answer.fields["WARC-Truncated"] == "disconnect"


def test_N16_a_proxy_is_not_told_of(taken: Taken) -> None:
    with Outlet() as proxy:
        url = "http://outlet.invalid/feed"
        proxy.body(url, Via="1.1 inner.example", X_A="1")
        result = taken(url, proxy=f"http://user:WORD@{proxy.address}", robots=False)
        _, answer, request = taken.records(result)
    assert b"x-a: 1" in answer.block.lower()
    assert "WARC-IP-Address" not in answer.fields
    assert answer.fields["Rasid-Left-Out"] == "via"
    assert request.fields["Rasid-Left-Out"] == "proxy-authorization"
    for path in (one for one in taken.folder.rglob("*") if one.is_file()):
        assert proxy.host.encode() not in path.read_bytes()


def test_items_of_an_index_rest_on_their_own_sitemap(taken: Taken, outlet: Outlet) -> None:
    outlet.body("/feed", b"index " + outlet.url("/part").encode())
    outlet.body("/part")
    _, answer, _ = taken.records(taken(outlet.url()))
    assert answer.fields["WARC-Target-URI"] == outlet.url("/part")
    assert len(taken.spooled()) == 3  # index, part, and the part kept


def test_a_body_in_chunks_without_end_is_not_held(
    taken: Taken, outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.wire.MOST", 100)
    served(outlet, WIRES["brotli in chunks"])
    result = taken(outlet.url())
    assert result.feed is not None
    assert result.feed.items[0].captures == ()


def test_without_the_setting_nothing_is_noted(taken: Taken, outlet: Outlet) -> None:
    outlet.body("/feed")
    taken.files.reload(Settings())
    result = taken(outlet.url())
    assert result.feed is not None
    assert result.feed.items[0].captures == ()
    assert not list(taken.folder.iterdir())
    taken.files.reload(Settings(capture=True))
    assert len(taken.records(taken(outlet.url()))) == 3


def spoilt(folder: Path) -> None:
    (folder / "captures").write_text("no folder")


def filled(folder: Path) -> None:
    (folder / "captures").mkdir()
    (folder / "captures" / "spool").symlink_to("/dev/full")


@pytest.mark.parametrize("harm", [spoilt, filled])
def test_Q06_a_disk_that_takes_no_capture_stops_no_poll(
    taken: Taken, outlet: Outlet, harm: Callable[[Path], None]
) -> None:
    outlet.body("/feed")
    harm(taken.folder)
    for _ in range(3):
        result = taken(outlet.url())
        assert result.outcome is PollOutcome.OK
        assert result.feed is not None
        assert result.feed.items[0].captures == ()
    assert taken.files.missed == 3
    assert taken.files.error


def test_a_response_without_a_body(taken: Taken, outlet: Outlet) -> None:
    raw = head("X-A: 1", "Content-Length: 0")
    served(outlet, raw)
    taken(outlet.url())
    (name,) = taken.spooled()
    taken.poller.reactor(lambda: taken.files.keep({name}))
    data = kept_file(taken.folder, name).read_bytes()
    assert raw in data
    assert response(200, b"", {}) not in data
