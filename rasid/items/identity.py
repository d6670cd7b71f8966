"""By what an item is known again, although outlets change guids, hosts and headlines.

An item has a set of aliases and one shared alias is enough: a new guid on a known link is the
same item, so is a known guid on a new link. Names that cannot tell the items of one poll apart
(one guid for all, the one address of a live blog) are no names and are left out.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from rasid.items.links import link_key
from rasid.models import Alias, AliasKind, Item, ParsedItem

_CONTENT_TELLS: Final = 40  # code points; shorter texts ("Live", "Weather") recur


def aliases(items: Sequence[ParsedItem], *, source: str, outlet: str) -> list[tuple[Alias, ...]]:
    """Return the names of each item of one poll, strongest first."""
    names = [_Names.of(item) for item in items]
    guids = _ambiguous((n.guid, (n.link, n.title)) for n in names)
    named = [n if n.guid not in guids else n.without_guid() for n in names]
    paths = _ambiguous((n.path, n.guid) for n in named)
    links = _shared_links(named)
    contents = _ambiguous((n.content, (n.guid, n.link)) for n in named)
    scopes = _Scopes(source, outlet)
    found = [scopes.aliases(n.usable(paths, links), n.content not in contents) for n in named]
    return [own or scopes.whole(given) for own, given in zip(found, names, strict=True)]


def link_alias(url: str, outlet: str) -> Alias | None:
    """Return the name under which an outlet's item with a link is known; None for no link."""
    key = link_key(url)
    return Alias(AliasKind.LINK, outlet, _hash(key)) if key else None


def content_hash(item: ParsedItem | Item) -> str:
    """Return what changes when a reader would see other words: a revision."""
    return _hash("\0".join(map(fold, (item.title, item.summary, item.text))))


def fold(text: str) -> str:
    """Return text without differences of form, case, white space and invisible characters.

    Not the folding of the rules: that one may learn new spellings, and the hashes of stored
    items have to stay what they are.
    """
    form = unicodedata.normalize("NFKC", text).casefold()
    if not form.isascii():
        form = "".join(c for c in form if unicodedata.category(c) != "Cf")
    return " ".join(form.split())


@dataclass(frozen=True, slots=True)
class _Names:
    """What an item could be known by, before anything is left out."""

    guid: str
    path: str  # of a guid that is an address
    link: str
    title: str
    content: str
    length: int

    @classmethod
    def of(cls, item: ParsedItem) -> _Names:
        title = fold(item.title)
        body = fold(item.summary or item.text)
        guid = item.guid.strip()
        content = f"{title}\0{body}" if title or body else ""
        return cls(guid, _guid_path(guid), item.link_key, title, content, len(title) + len(body))

    def without_guid(self) -> _Names:
        return _Names("", "", self.link, self.title, self.content, self.length)

    def usable(self, paths: set[str], links: set[str]) -> _Names:
        path = "" if self.path in paths else self.path
        link = "" if self.link in links else self.link
        return _Names(self.guid, path, link, self.title, self.content, self.length)


@dataclass(frozen=True, slots=True)
class _Scopes:
    source: str
    outlet: str

    def aliases(self, names: _Names, content_tells: bool) -> tuple[Alias, ...]:
        nothing_else = not names.guid and not names.link
        if not nothing_else and (names.length < _CONTENT_TELLS or not content_tells):
            content = ""
        else:
            content = names.content
        found = (
            (AliasKind.GUID, self.source, names.guid),
            (AliasKind.GUID_PATH, self.source, names.path),
            (AliasKind.LINK, self.outlet, names.link),
            (AliasKind.CONTENT, self.outlet, content),
        )
        return tuple(Alias(kind, scope, _hash(value)) for kind, scope, value in found if value)

    def whole(self, names: _Names) -> tuple[Alias, ...]:
        """Return the one name of an item none of whose own tells it apart: all of them together.

        One without words, under a link or guid that others have too, would else be new at
        every poll.
        """
        value = "\0".join(("", "", names.guid, names.link, names.content))
        return (Alias(AliasKind.CONTENT, self.outlet, _hash(value)),)


def _guid_path(guid: str) -> str:
    """Return a guid without scheme and host, "" where that leaves nothing to tell by."""
    if not guid.lower().startswith(("http://", "https://")):
        return ""
    try:
        parts = urlsplit(guid)
    except ValueError:
        return ""
    rest = parts._replace(scheme="", netloc="").geturl()
    return rest if rest.strip("/") else ""


def _ambiguous(pairs: Iterable[tuple[str, object]]) -> set[str]:
    """Return the names that stand for more than one thing."""
    things: dict[str, set[object]] = defaultdict(set)
    for name, thing in pairs:
        if name:
            things[name].add(thing)
    return {name for name, found in things.items() if len(found) > 1}


def _shared_links(names: Iterable[_Names]) -> set[str]:
    """Return link keys of several items, such as a live blog's or the front page's.

    One guid, or one title, under a link is one item shown twice.
    """
    titles: dict[str, set[str]] = defaultdict(set)
    guids: dict[str, set[str]] = defaultdict(set)
    for n in names:
        if n.link:
            titles[n.link].add(n.title)
            guids[n.link].add(n.guid)
    return {link for link in titles if len(titles[link]) > 1 and guids[link] != _one(guids[link])}


def _one(guids: set[str]) -> set[str] | None:
    """Return the set itself when it is one real guid."""
    return guids if len(guids) == 1 and "" not in guids else None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
