"""List pages without a feed, read by the CSS selectors of their source.

`item` finds what is repeated, the others look inside each item. Without one of their own, the
link is the item's first, the title its heading or the words of its link, the date its `<time>`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from crawler.parse_html import Element, first, read_html, select, text_of
from crawler.parse_items import RawFeed, RawItem, clean_feed, left_out
from crawler.records import ParseHints, ParseOutcome
from rasid.models import PollReason
from rasid.settings import Select

_HEADING: Final = "h1, h2, h3, h4, h5, h6"
_NEEDED: Final = ("link", "title")  # without them nothing can be told
_LOST: Final = ("date", "summary")  # without them the news can still be told


def read_page(body: bytes, hints: ParseHints) -> ParseOutcome:
    """Return the items of a list page; NOTHING_FOUND names the selector that finds nothing."""
    chosen = hints.select
    if chosen is None:
        return _nothing("no selectors are given for this page")
    page = read_html(body, hints)
    found = [] if page is None else select(page, chosen.item)
    if page is None or not found:
        return _nothing(f'selector finds nothing: item: "{chosen.item}"')
    rows = [row_of(item, chosen) for item in found]
    if missing := _missing(rows, chosen, _NEEDED):
        return _nothing(f"{missing}, in none of {len(rows)} items")
    raw = RawFeed(_once(rows), title=_title(page), base=_base(page))
    raw.skipped = sum(not row["link"] for row in rows)
    feed = clean_feed(raw, hints)
    detail = "; ".join(filter(None, (_missing(rows, chosen, _LOST, given=True), left_out(feed))))
    return ParseOutcome(feed, detail=detail)


def _nothing(detail: str) -> ParseOutcome:
    return ParseOutcome(None, PollReason.NOTHING_FOUND, detail)


Row = Mapping[str, str]


def row_of(item: Element, chosen: Select) -> Row:
    """Return what stands in an item as plain texts; "" for what does not."""
    link = _link(item, chosen.link)
    heading = first(item, chosen.title or _HEADING)
    title = heading if heading is not None or chosen.title else link
    time = first(item, chosen.date or "time")
    summary = first(item, chosen.summary) if chosen.summary else None
    return {
        "link": link.get("href", "").strip() if link is not None else "",
        "title": text_of(title),
        "date": _date(time),
        "summary": text_of(summary),
    }


def _link(item: Element, selector: str) -> Element | None:
    """Return the element with the address: the one selected, or the first link in or at it."""
    start = first(item, selector) if selector else item
    if start is None or start.get("href"):
        return start
    return first(start, "a[href]")


def _date(time: Element | None) -> str:
    if time is None:
        return ""
    return time.get("datetime") or time.get("content") or text_of(time)


def _missing(
    rows: Sequence[Row], chosen: Select, names: Sequence[str], *, given: bool = False
) -> str:
    """Name the first selector that finds nothing in any item, "" when there is none.

    `given`: of those only that the source has.
    """
    for name in names:
        selector = getattr(chosen, name)
        if (selector or not given) and not any(row[name] for row in rows):
            return f"selector finds nothing: {name}" + (f': "{selector}"' if selector else "")
    return ""


def _once(rows: Sequence[Row]) -> list[RawItem]:
    """Return one item for each link: pictures often link where the title links."""
    best: dict[str, Row] = {}
    for row in rows:
        if row["link"] and len(row["title"]) >= len(best.get(row["link"], row)["title"]):
            best[row["link"]] = row
    return [_item(row) for row in best.values()]


def _item(row: Row) -> RawItem:
    summary = escape(row["summary"]).replace("\n", "<br>")
    return RawItem(
        link=escape(row["link"]), title=escape(row["title"]), summary=summary, date=row["date"]
    )


def _title(page: Element) -> str:
    return escape(text_of(first(page, "title")))


def _base(page: Element) -> str:
    base = first(page, "base[href]")
    return base.get("href", "") if base is not None else ""
