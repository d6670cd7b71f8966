"""The page behind the link of a list: what is on it, and who has taken up what. Pure."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import Final

from rasid.models import Ack, Alert
from rasid.web.ack_page import Shown, Words, done, form, text, whole, words_of

_SHORT_ID: Final = 10


def list_page(shown: Shown) -> str:
    """Return the page of a list: with a button as long as something of it waits for somebody."""
    words, count = words_of(shown), len(shown.alerts)
    waiting = count - len(shown.acks)
    parts = [f"<h1>{words.list_head.format(count=count)}</h1>", *_done(shown, words)]
    if waiting:
        parts.append(f"<p>{words.list_open.format(count=waiting)}</p>")
        parts.append(form(words, words.list_button.format(count=waiting)))
    lines = "\n".join(_line(one, shown) for one in shown.alerts)
    return whole(words, [*parts, f"<ul>\n{lines}\n</ul>"])


def _done(shown: Shown, words: Words) -> list[str]:
    """Return a line for each who took something up: how much of the list."""
    together: dict[tuple[str, int], Ack] = {}
    times: Counter[tuple[str, int]] = Counter()
    for ack in shown.acks.values():
        together[ack.author, ack.at] = ack
        times[ack.author, ack.at] += 1
    return [done(together[one], words, f" ({times[one]})") for one in together]


def _line(alert: Alert, shown: Shown) -> str:
    ids = f'<code dir="ltr">{escape(alert.id[-_SHORT_ID:])}</code>'
    if shown.show == "discreet":
        return f"<li>{ids}</li>"
    facts = alert.facts
    told = [facts.get("title") or facts.get("text"), facts.get("outlet"), alert.rule]
    parts = [f"<bdi>{text(one)}</bdi>" for one in told if one]
    return f'<li dir="auto">{"<br>".join(parts)}<br>{ids}</li>'
