"""What must hold of everything that reads what strangers wrote: no exception, and invariants.

A target takes bytes and raises where something does not hold. The readers of `crawler.kinds`
turn their own exceptions into PARSE_ERROR, since one feed must not end a poll; here they are
faults all the same, but for texts nested so deep that they are refused with that reason.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from crawler.clean import (
    LINK_LIMIT,
    NAME_LIMIT,
    SUMMARY_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    link,
    one_line,
    plain,
    without_controls,
)
from crawler.dates import clamp_date, parse_date
from crawler.kinds import parse
from crawler.parse_items import MOST_ITEMS
from crawler.records import SITEMAP_PART, SUGGESTION, ParseHints, ParseOutcome
from rasid.items.identity import content_hash, identities
from rasid.items.links import link_key
from rasid.models import ParsedFeed, ParsedItem, PollReason
from rasid.settings import DAY, Select
from rasid.text.fold import fold, fold_text, spelling
from rasid.text.sentences import sentence_ends
from rasid.text.tokens import tokenize

Target = Callable[[bytes], None]
NOW = 1_770_200_000_000_000
EARLIEST = 631_152_000_000_000  # 1990
URL = "https://outlet.example/news/feed.xml"
SELECT = Select("article", title="h2", link="h2 a", date="time, .when", summary=".lead")
REFUSED = ("RecursionError", "MemoryError")


# --- readers of bodies -----------------------------------------------------------------------


def read(body: bytes, kind: str, url: str = URL, language: str = "") -> ParseOutcome:
    """Read a body twice, with everything checked that holds of any; return the outcome."""
    hints = ParseHints(url=url, now=NOW, kind=kind, select=SELECT, language=language)
    outcome = parse(body, hints)
    assert outcome == parse(body, hints), "read twice, two things"
    if outcome.feed is None:
        assert outcome.reason is not PollReason.PARSED, outcome
        _no_bug(outcome)
    else:
        check_feed(outcome.feed)
    without_lone_surrogates(outcome.detail, *outcome.follow)
    return outcome


def _no_bug(outcome: ParseOutcome) -> None:
    name = outcome.detail.partition(":")[0]
    broke = outcome.reason is PollReason.PARSE_ERROR and name.endswith("Error")
    assert not broke or name in REFUSED, f"a reader raised {outcome.detail}"


def check_feed(feed: ParsedFeed) -> None:
    """Check what is promised of every feed."""
    assert len(feed.items) <= MOST_ITEMS
    assert min(feed.skipped, feed.dropped, feed.held_back) >= 0
    assert feed.title == without_controls(feed.title)
    for item in feed.items:
        check_item(item)
    names = [one.given for one in identities(feed.items, source="s", outlet="o")]
    assert all(names), "an item without a name would be new at every poll"


def check_item(item: ParsedItem) -> None:
    """Check what is promised of every item."""
    assert item.title or item.summary or item.text or item.link, "an empty item"
    limits = (
        (item.title, TITLE_LIMIT),
        (item.summary, SUMMARY_LIMIT),
        (item.text, TEXT_LIMIT),
        (item.author, NAME_LIMIT),
        (item.link, LINK_LIMIT),
    )
    for text, limit in limits:
        assert len(text) <= limit
        assert text == without_controls(text) == text.strip()
    without_lone_surrogates(item.guid, item.language, *item.tags)
    assert "\n" not in item.title + item.author + item.link
    assert item.link == "" or item.link.startswith(("http://", "https://")), item.link
    assert item.link_key == link_key(item.link)
    assert item.published is None or EARLIEST <= item.published <= NOW + DAY
    assert len(content_hash(item)) >= 32


def without_lone_surrogates(*texts: str) -> None:
    """Check that texts can be written to a file, a database and a socket."""
    for text in texts:
        text.encode()


def feed(body: bytes) -> None:
    """A feed; and that no cut of a plain one shows what the whole one does not (P-07)."""
    whole = read(body, "auto").feed
    read(body, "feed", language="ar")
    if whole is None or whole.reader != "strict" or whole.repaired or not whole.items:
        return
    known = {(item.guid, item.title, item.summary) for item in whole.items}
    cut = read(body[: len(body) * (body[-1] + 1) // 257], "feed").feed
    shown = cut.items if cut is not None else ()
    ghosts = [one for one in shown if (one.guid, one.title, one.summary) not in known]
    assert not ghosts, f"a cut shows {ghosts[0]}"


def sitemap(body: bytes) -> None:
    """A sitemap, an index of them, and one that an index led to."""
    read(body, "sitemap")
    read(body, SITEMAP_PART)


def page(body: bytes) -> None:
    """A list page, by selectors and when selectors are proposed for it."""
    read(body, "page")
    read(body, SUGGESTION)


def telegram(body: bytes) -> None:
    """The preview page of a channel."""
    read(body, "telegram", url="https://t.me/s/outlet")


# --- parts of an item ------------------------------------------------------------------------


def date(body: bytes) -> None:
    """A date: none, or a time that comes back from how it is written by the standard."""
    micros, whole_day = parse_date(body.decode("utf-8", "replace"))
    assert micros is not None or not whole_day
    kept = clamp_date(micros, NOW)
    assert kept is None or EARLIEST <= kept <= NOW + DAY
    if kept is None:
        return
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=kept)
    second = kept - kept % 1_000_000
    assert parse_date(moment.isoformat()) == (second, False)
    assert parse_date(f"{moment:%a, %d %b %Y %H:%M:%S +0000}") == (second, False)


_BEGUN_BY_A_SCHEME = re.compile(r"/|https?:(?!\d)")  # a host may be called so: //https:1/


def links(body: bytes) -> None:
    """An address: none or a web address, which stays what it is, and so does its key."""
    text = body.decode("utf-8", "replace")
    absolute = link(text, URL)
    assert absolute == "" or absolute.startswith(("http://", "https://"))
    assert link(absolute, URL) in ("", absolute), "read again it is another"
    assert link_key(text) == link_key(text)
    if key := link_key(absolute):
        assert key == without_controls(key)
        assert not _BEGUN_BY_A_SCHEME.match(key), key
        rest = absolute.partition("://")[2]
        assert link_key(f"http://{rest}") == link_key(f"https://{rest}") == key


def text(body: bytes) -> None:
    """A text: plain when cleaned; folded alike however composed; spans within it."""
    raw = body.decode("utf-8", "surrogateescape")  # bytes that are none become lone surrogates
    title, summary = one_line(raw), plain(raw)
    assert title == title.strip() == without_controls(title)
    assert "\n" not in title
    assert not any(line != line.strip(" ") or not line for line in summary.split("\n") if summary)
    _folded(without_controls(raw))


def _folded(written: str) -> None:
    folded = fold(written)
    assert folded.text == fold_text(written)
    for form in ("NFC", "NFD"):
        assert fold_text(unicodedata.normalize(form, written)) == folded.text, form
    spans = [folded.span(at, at + 1) for at in range(len(folded.text))]
    assert all(0 <= start < end <= len(written) for start, end in spans)
    assert spans == sorted(spans)
    tokens = tokenize(folded)
    assert all(token.word for token in tokens)
    places = [(token.start, token.end) for token in tokens]
    assert all(0 <= start < end <= len(written) for start, end in places)
    assert places == sorted(places)  # those of one character, as of a fraction, are equal
    assert len(spelling(written)) == len(fold_text(written))
    assert all(0 <= end <= len(written) for end in sentence_ends(written))


TARGETS: Mapping[str, Target] = {
    "feed": feed,
    "sitemap": sitemap,
    "page": page,
    "telegram": telegram,
    "date": date,
    "link": links,
    "text": text,
}
