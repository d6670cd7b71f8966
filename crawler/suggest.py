"""Selectors for a list page, proposed from what its structure repeats. Pure.

News lists repeat an element that holds one link with the words of a title. Of the elements that
do, those with the most such words are taken, and the outermost that still has one link each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Final

from crawler.parse_html import Element, read_html, select, text_of
from crawler.parse_page import read_page, row_of
from crawler.records import ParseHints, ParseOutcome
from rasid.models import PollReason
from rasid.settings import Select

_FEWEST: Final = 3  # items that make a list
_SHORTEST: Final = 15  # characters of a title; menus have shorter words
_LONGEST: Final = 100  # characters that count: one long text is no list
_MOST_LINKS: Final = 2_000
_LEVELS: Final = 6  # from a link outwards
_MOSTLY: Final = 0.8
_CLASS: Final = re.compile(r"[A-Za-z_][A-Za-z_-]*")  # with digits they are often an item's own
_TAG: Final = re.compile(r"[a-z][a-z0-9-]*")
_OUTER: Final = frozenset({"body", "html", "main"})
_MENUS: Final = frozenset({"nav", "header", "footer"})

Group = dict[Element, dict[str, Element]]  # items, each with its addresses and their links


def read_suggestion(body: bytes, hints: ParseHints) -> ParseOutcome:
    """Return the items of a page by proposed selectors, which are the detail, as JSON."""
    page = read_html(body, hints)
    chosen = None if page is None else _propose(page)
    if chosen is None:
        detail = "the page repeats nothing that looks like news; if scripts fill it, it has none"
        return ParseOutcome(None, PollReason.NOTHING_FOUND, detail)
    outcome = read_page(body, replace(hints, select=chosen))
    if outcome.feed is None:
        return outcome
    written = {key: value for key, value in asdict(chosen).items() if value}
    return ParseOutcome(outcome.feed, detail=json.dumps(written))


def _propose(page: Element) -> Select | None:
    groups: dict[str, Group] = {}
    levels: dict[str, int] = {}
    for link in select(page, "a[href]")[:_MOST_LINKS]:
        if len(text_of(link)) >= _SHORTEST:
            _climb(link, groups, levels)
    lists = {name: group for name, group in groups.items() if _is_list(group)}
    if not lists:
        return None
    best = max(lists, key=lambda name: (_words(lists[name]), levels[name]))
    return _selectors(best, lists[best])


def _climb(link: Element, groups: dict[str, Group], levels: dict[str, int]) -> None:
    """File a link under each element around it that could be an item."""
    if any(element.tag in _MENUS for element in link.iterancestors()):
        return
    around = [link, *link.iterancestors()][:_LEVELS]
    for level, element in enumerate(around):
        if element.tag in _OUTER:
            return
        name = _css(element)
        levels[name] = max(level, levels.get(name, 0))
        groups.setdefault(name, {}).setdefault(element, {})[link.get("href")] = link


def _css(element: Element) -> str:
    """Return a selector of an element and those like it."""
    own, parent = _with_classes(element), element.getparent()
    if "." in own or parent is None or parent.tag in _OUTER:
        return own
    return f"{_with_classes(parent)} > {own}"


def _with_classes(element: Element) -> str:
    classes = [name for name in element.get("class", "").split() if _CLASS.fullmatch(name)]
    tag = str(element.tag) if _TAG.fullmatch(str(element.tag)) else "*"  # `<a<b>` is one to lxml
    return ".".join([tag, *classes[:2]])


def _is_list(group: Group) -> bool:
    single = sum(len(links) == 1 for links in group.values())
    return single >= _FEWEST and single >= _MOSTLY * len(group)


def _words(group: Group) -> int:
    """Return how many characters of titles a list has, each address once."""
    titles: Mapping[str, int] = {
        address: min(len(text_of(link)), _LONGEST)
        for links in group.values()
        for address, link in links.items()
    }
    return sum(titles.values())


def _selectors(item: str, group: Group) -> Select:
    """Return the selectors of a list; those for title and link only where the defaults fail."""
    plain = Select(item)
    mains = [(element, next(iter(links))) for element, links in group.items()]
    right = sum(row_of(element, plain)["link"] == address for element, address in mains)
    if right >= _MOSTLY * len(mains):
        return plain
    link = _css(next(iter(next(iter(group.values())).values())))
    return Select(item, title=link, link=link)
