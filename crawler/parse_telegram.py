"""Public channels of Telegram through their web preview, https://t.me/s/NAME: a page of messages.

One item a message. The preview shows about the newest twenty; one that was deleted is not told
apart from one that moved out of the page.
"""

from __future__ import annotations

from html import escape
from typing import Final

from crawler.parse_html import Element, first, read_html, select, text_of
from crawler.parse_items import RawFeed, RawItem, clean_feed, left_out
from crawler.records import ParseHints, ParseOutcome
from rasid.models import PollReason

MESSAGE: Final = "tgme_widget_message"
_POST: Final = f".{MESSAGE}[data-post]"
_SERVICE: Final = "service_message"  # "Channel photo updated" and the like
_REPLY: Final = f".{MESSAGE}_reply"
# where a message without a text has words of its own
_WORDS: Final = tuple(
    f".{MESSAGE}_{part}" for part in ("poll_question", "document_title", "audio_title")
)
_NO_MESSAGES: Final = (
    "the page shows no messages: the channel is private, has no preview, or is a person or group"
)


def read_telegram(body: bytes, hints: ParseHints) -> ParseOutcome:
    """Return the messages of a channel's preview, or why there are none."""
    page = read_html(body, hints)
    if page is None or not (posts := select(page, _POST)):
        return ParseOutcome(None, PollReason.NOTHING_FOUND, _NO_MESSAGES)
    title = text_of(first(page, ".tgme_channel_info_header_title"))
    # the newest message is the last on the page
    said = [post for post in reversed(posts) if _SERVICE not in post.get("class", "").split()]
    raw = RawFeed([_item(post) for post in said], title=escape(title))
    feed = clean_feed(raw, hints)
    return ParseOutcome(feed, detail=left_out(feed))


def _item(post: Element) -> RawItem:
    name = post.get("data-post", "")  # NAME/ID
    text = _text(post)
    time = first(post, f".{MESSAGE}_date time[datetime]")
    return RawItem(
        guid=f"https://t.me/{name}",
        link=f"https://t.me/{name}",
        title=escape(text.partition("\n")[0]),
        summary=escape(text).replace("\n", "<br>"),
        author=escape(_author(post)),
        date=time.get("datetime") if time is not None else "",
    )


def _text(post: Element) -> str:
    """Return what a message says itself, not what it replies to."""
    for reply in select(post, _REPLY):
        reply.drop_tree()
    said = [text_of(part) for part in select(post, f".{MESSAGE}_text")]
    words = said or [text_of(first(post, selector)) for selector in _WORDS]
    return "\n".join(dict.fromkeys(filter(None, words)))


def _author(post: Element) -> str:
    """Return who signed a message, else the channel, and from where it was forwarded."""
    signed = text_of(first(post, f".{MESSAGE}_from_author"))
    name = signed or text_of(first(post, f".{MESSAGE}_owner_name"))
    origin = text_of(first(post, f".{MESSAGE}_forwarded_from_name"))
    return f"{name} (forwarded from {origin})" if origin else name
