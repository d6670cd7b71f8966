"""From the bytes of a feed to its items. Pure, and never raises for what a server sent.

A feed that is well-formed and plain is read by `crawler.parse_strict`, every other by feedparser.
The only module that knows feedparser, which is given a BytesIO and nothing else: text that
looks like a path or an address it would open. What it cannot survive (characters and entities
that are not allowed, a cut end, 50,000 items) is taken out before; what hangs it is ended by
the worker process that this runs in (`crawler.workers`).
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any, Final

import feedparser

from crawler.clean import one_line
from crawler.parse_bytes import allowed, allowed_references, decode
from crawler.parse_items import RawFeed, RawItem, clean_feed, left_out
from crawler.parse_json import CutJsonError, NotJsonFeedError, read_json
from crawler.parse_rhythm import offer_of, schedule_of, surroundings
from crawler.parse_strict import read_strict
from crawler.parse_xml import Feed, prepare
from crawler.records import ParseHints, ParseOutcome
from rasid.models import PollReason

_HEADERS: Final = {"content-type": "application/xml; charset=utf-8"}
_DOCTYPE: Final = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_PACKED: Final = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04")  # gzip, zstd, zip
_ENTITY: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)")
_NAMESPACE: Final = re.compile(r"""(\bxmlns(?::[\w.-]+)?\s*=\s*)("[^"<]*"|'[^'<]*')""")
_ENDS_IN_LINK: Final = re.compile(r"(<link\b[^<>]*>[^<>]*)(?:</(?:item|entry)>)+([^<>]*</link>)")


def parse(body: bytes, hints: ParseHints, *, strict: bool = True) -> ParseOutcome:
    """Return the items of a feed, or why there are none.

    With `strict=False` XML goes to feedparser at once: what the strict reader is measured by.
    """
    if not body.strip(b"\0 \t\r\n"):
        return ParseOutcome(None, PollReason.EMPTY_RESPONSE, "the answer has no content")
    if body.startswith(_PACKED):
        return ParseOutcome(None, PollReason.NOT_A_FEED, "packed, and the server does not say so")
    try:
        return _parse(body, hints, strict)
    except Exception as error:  # noqa: BLE001 - whatever a hostile feed breaks is its own fault
        return ParseOutcome(None, PollReason.PARSE_ERROR, f"{type(error).__name__}: {error}"[:300])


def _parse(body: bytes, hints: ParseHints, strict: bool) -> ParseOutcome:
    found = decode(body, hints.content_type, hints.language)
    text = found.text.lstrip("\ufeff\0 \t\r\n")
    if text.startswith(("{", "[")):
        return _json(text, found.mended, hints)
    if strict and not found.mended:
        as_sent = body if found.utf8 and len(text) == len(found.text) else None
        outcome = _strictly(text, as_sent, hints)
        if outcome is not None:
            return outcome
    return _loosely(text, found.mended, hints, strict)


def _strictly(text: str, as_sent: bytes | None, hints: ParseHints) -> ParseOutcome | None:
    """Return what the strict reader makes of a feed, None where it is not for it.

    Characters that XML forbids are not searched for: the reader refuses them.
    """
    legal = allowed_references(text)
    feed = prepare(legal)
    if feed is None or feed.repaired:
        return None
    raw = read_strict(feed.text, as_sent if feed.text == text else None, hints)
    return _whole(raw, feed, legal, hints) if raw is not None else None


def _loosely(text: str, mended: str, hints: ParseHints, strict: bool) -> ParseOutcome:
    """Return what feedparser makes of a feed; the strict reader where a few characters go."""
    legal = allowed(text)
    if strict and not mended and legal != text:
        outcome = _strictly(legal, None, hints)
        if outcome is not None:
            return outcome
    feed = prepare(legal)
    raw = _xml(feed, hints) if feed is not None else None
    if feed is None or raw is None:
        return ParseOutcome(None, PollReason.NOT_A_FEED, _what(legal))
    if "cut_off" in feed.repaired and not raw.items:
        return ParseOutcome(None, PollReason.CUT_OFF, "the feed ends before its first whole item")
    raw.repaired = [name for name in (mended, *feed.repaired, *raw.repaired) if name]
    return _whole(raw, feed, legal, hints)


def _whole(raw: RawFeed, feed: Feed, legal: str, hints: ParseHints) -> ParseOutcome:
    """Return the outcome of a read feed, with what it says of itself."""
    raw.held_back, raw.dropped = feed.held_back, feed.dropped
    around = surroundings(legal)
    raw.schedule, raw.offer = schedule_of(around), offer_of(around, hints.url)
    return _outcome(raw, hints)


def _json(text: str, mended: str, hints: ParseHints) -> ParseOutcome:
    try:
        raw = read_json(text, hints)
    except NotJsonFeedError as error:
        return ParseOutcome(None, PollReason.NOT_A_FEED, str(error))
    except CutJsonError as error:
        return ParseOutcome(None, PollReason.PARSE_ERROR, str(error))
    raw.repaired = [mended] if mended else []
    return _outcome(raw, hints)


def _outcome(raw: RawFeed, hints: ParseHints) -> ParseOutcome:
    feed = clean_feed(raw, hints)
    return ParseOutcome(feed, detail=left_out(feed))


def _what(text: str) -> str:
    """Return what a body is that is no feed, for people."""
    title = re.search(r"<title[^<>]*>([^<]{1,100})", text[:20_000], re.IGNORECASE)
    kind = "a web page" if re.search(r"<(?:html|body|!doctype html)", text[:20_000], re.I) else ""
    said = f' titled "{one_line(title[1])}"' if title else ""
    return f"not a feed but {kind}{said}" if kind else "neither RSS, Atom, RDF nor JSON Feed"


# --- feedparser --------------------------------------------------------------------------


def _xml(feed: Feed, hints: ParseHints) -> RawFeed | None:
    repaired = []
    try:
        found = _feedparser(feed.text)
    except Exception:  # noqa: BLE001 - it raises many kinds; a plainer text is tried once
        plainer, changed = _plainer(feed.text)
        found = _feedparser(plainer)
        repaired += changed
    if not found.get("version") and not found.get("entries"):
        return None
    if found.get("bozo"):
        repaired.append("not_well_formed")
    channel: Mapping[str, Any] = found["feed"]
    items = [_item(entry) for entry in found["entries"]]
    return RawFeed(
        items=items,
        title=_get(channel, "title"),
        language=_get(channel, "language"),
        base=_get(channel, "link") or hints.url,
        repaired=repaired,
        reader="feedparser",
    )


def _plainer(text: str) -> tuple[str, list[str]]:
    """Return a text without what makes feedparser raise, and what that was.

    Python's reader takes what a blank (one of Unicode's) parts in a namespace's address for
    names; feedparser has nowhere to put the link of an item that ends inside it.
    """
    changed = []
    without = _ENTITY.sub("&amp;", _DOCTYPE.sub("", text))
    if without != text:
        changed.append("entities")
    plainer = _NAMESPACE.sub(lambda found: found[1] + "".join(found[2].split()), without)
    if plainer != without:
        changed.append("namespaces")
    linked = _ENDS_IN_LINK.sub(r"\1\2", plainer)
    if linked != plainer:
        changed.append("links")
    return linked, changed


def _feedparser(text: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")),
        response_headers=_HEADERS,
        # Both are work on markup that is thrown away here.
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    return found


def _item(entry: dict[str, Any]) -> RawItem:
    content = _content(entry)
    summary = _get(entry, "summary")
    guid = _get(entry, "id")
    return RawItem(
        guid=guid,
        link=_get(entry, "feedburner_origlink") or _link(entry, guid),
        title=_get(entry, "title"),
        summary=summary or content,
        text=content,
        author=_get(entry, "author"),
        tags=[str(tag.get("term") or tag.get("label") or "") for tag in entry.get("tags") or ()],
        date=next(filter(None, (_get(entry, key) for key in _DATES)), ""),
        language=_language(entry),
    )


_DATES: Final = ("published", "created", "updated", "expired")


def _get(entry: Mapping[str, Any], key: str) -> str:
    """Return what is really there: feedparser's own look-up answers for other keys, warning."""
    value = dict.get(entry, key) if isinstance(entry, dict) else None
    return value if isinstance(value, str) else ""


def _link(entry: Mapping[str, Any], guid: str) -> str:
    """Return the item's link, which feedparser takes from a guid that is not said to be none.

    One like `4711` is no address all the same.
    """
    link = _get(entry, "link")
    return "" if link == guid and not any(sign in link for sign in "/.?") else link


def _content(entry: dict[str, Any]) -> str:
    parts = dict.get(entry, "content") or ()
    return max((_get(part, "value") for part in parts), key=len, default="")


def _language(entry: dict[str, Any]) -> str:
    """Return the language of the item's own words; xml:lang is inherited from the root."""
    for part in ("title_detail", "summary_detail"):
        detail = dict.get(entry, part)
        if detail and (language := _get(detail, "language")):
            return language
    return _get(entry, "language")


def _own_link_only(parser: Any) -> None:
    """Make a `<link>` count only as a child of its item, and by its text.

    One nested deeper (in `<source>`, `<media:group>`) would replace the item's own, and so would
    an attribute like `uri="at://..."` that is no web address.
    """
    start = parser._start_link

    def _start_link(self: Any, attributes: dict[str, str]) -> None:
        for name in ("uri", "url"):
            if not attributes.get(name, "http").startswith("http"):
                del attributes[name]
        inside = self.elementstack[-1][0] if self.elementstack else ""
        if self.inentry and inside not in ("item", "entry") and "href" not in attributes:
            self.push("link", 0)
        else:
            start(self, attributes)

    parser._start_link = _start_link


def _no_search_in_authors(parser: Any) -> None:
    """Leave out the search for an address in an author's text; no item has a use for it.

    Its expression takes minutes over a long author (feedparser issue 562).
    """
    sync = parser._sync_author_detail

    def _sync_author_detail(self: Any, key: str = "author") -> None:
        people = dict.get(self._get_context(), f"{key}s")
        if people and people[-1]:  # named by elements of its own: nothing is searched
            sync(self, key)

    parser._sync_author_detail = _sync_author_detail


# The loose parser leaves unclosed tags open, so there the depth says nothing.
_own_link_only(feedparser.api.StrictFeedParser)
for _parser in (feedparser.api.StrictFeedParser, feedparser.api.LooseFeedParser):
    _no_search_in_authors(_parser)
# Dates are read by `crawler.dates` from the text; these readers cost time and raise.
feedparser.datetimes._date_handlers.clear()
