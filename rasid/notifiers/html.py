"""A list as a page of mail. Everything is escaped here; directions are left to each text."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from rasid.notifiers.frame import Frame
from rasid.notifiers.safe import host_of


class Entry(NamedTuple):
    """One item: its title, outlet and time, link and the ids of its alerts, if it has some."""

    title: str
    about: str
    link: str
    ids: str


class Section(NamedTuple):
    """Items under the name of their rule, "" where it is not told."""

    name: str
    entries: Sequence[Entry]


def page(head: str, sections: Sequence[Section], words: Frame, *, ack: str = "") -> str:
    """Return a whole page, from right to left where its own words are.

    `ack` is where all of it is acknowledged, "" for nowhere.
    """
    direction = "rtl" if words.is_rtl else "ltr"
    body = "\n".join([*map(_section, sections), *_ack(ack, words)])
    return (
        "<!DOCTYPE html>\n"
        f'<html lang="{words.language}" dir="{direction}">\n'
        f'<head><meta charset="utf-8"><title>{escape(head)}</title></head>\n'
        f'<body>\n<h1 dir="auto">{escape(head)}</h1>\n{body}\n</body>\n</html>\n'
    )


def _ack(url: str, words: Frame) -> list[str]:
    text = words.acknowledge_all.rstrip(" :")
    return [f'<p><a href="{escape(url)}">{escape(text)}</a></p>'] if url else []


def _section(section: Section) -> str:
    name = f'<h2 dir="auto">{escape(section.name)}</h2>\n' if section.name else ""
    entries = "\n".join(_entry(one) for one in section.entries)
    return f"{name}<ul>\n{entries}\n</ul>"


def _entry(entry: Entry) -> str:
    """Return an item; the host of its link stands beside it, a title can say anything."""
    title = escape(entry.title)
    if entry.link:
        title = f'<a href="{escape(entry.link)}">{title}</a> <small>{host_of(entry.link)}</small>'
    about = f"<br>{escape(entry.about)}" if entry.about else ""
    ids = f'<br><code dir="ltr">{escape(entry.ids)}</code>' if entry.ids else ""
    return f'<li dir="auto">{title}{about}{ids}</li>'
