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
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from rasid.items.former_links import former_link_key
from rasid.items.links import link_key
from rasid.models import Alias, AliasKind, Item, ParsedItem

_STRENGTH: Final = {kind: place for place, kind in enumerate(AliasKind)}
_CONTENT_TELLS: Final = 40  # code points; shorter texts ("Live", "Weather") recur


@dataclass(frozen=True, slots=True)
class Identity:
    """The names of an item, strongest first.

    It is looked up by some that are not given to it, those of the time before link keys were
    made otherwise: what is stored is found as it was then. Given to it they would merge what the
    present keys tell apart.
    """

    given: tuple[Alias, ...]
    sought: tuple[Alias, ...]


def identities(items: Sequence[ParsedItem], *, source: str, outlet: str) -> list[Identity]:
    """Return the names of each item of one poll."""
    scopes = _Scopes(source, outlet)
    now = [_Names.of(item) for item in items]
    before = [
        replace(names, link=former_link_key(item.link))
        for names, item in zip(now, items, strict=True)
    ]
    given = _aliases(now, scopes)
    former = _aliases(before, replace(scopes, link=AliasKind.FORMER_LINK))
    return [
        Identity(own, tuple(sorted(dict.fromkeys(older + own), key=_strength)))
        for own, older in zip(given, former, strict=True)
    ]


def _strength(alias: Alias) -> int:
    return _STRENGTH[alias.kind]


def link_aliases(url: str, outlet: str) -> tuple[Alias, ...]:
    """Return the names by which an outlet's item with a link is found; none for no link."""
    found = ((AliasKind.LINK, link_key(url)), (AliasKind.FORMER_LINK, former_link_key(url)))
    return tuple(Alias(kind, outlet, _hash(key)) for kind, key in found if key)


def guid_alias(guid: str, source: str) -> Alias:
    """Return the name that a source's item has by its guid."""
    return Alias(AliasKind.GUID, source, _hash(guid.strip()))


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
        for char in [c for c in set(form) if unicodedata.category(c) == "Cf"]:
            form = form.replace(char, "")
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


def _aliases(names: Sequence[_Names], scopes: _Scopes) -> list[tuple[Alias, ...]]:
    guids = _ambiguous((n.guid, (n.link, n.title)) for n in names)
    named = [n if n.guid not in guids else n.without_guid() for n in names]
    paths = _ambiguous((n.path, n.guid) for n in named)
    links = _shared_links(named)
    contents = _ambiguous((n.content, (n.guid, n.link)) for n in named)
    found = [scopes.aliases(n.usable(paths, links), n.content not in contents) for n in named]
    return [own or scopes.whole(given) for own, given in zip(found, names, strict=True)]


@dataclass(frozen=True, slots=True)
class _Scopes:
    source: str
    outlet: str
    link: AliasKind = AliasKind.LINK

    def aliases(self, names: _Names, content_tells: bool) -> tuple[Alias, ...]:
        nothing_else = not names.guid and not names.link
        if not nothing_else and (names.length < _CONTENT_TELLS or not content_tells):
            content = ""
        else:
            content = names.content
        found = (
            (AliasKind.GUID, self.source, names.guid),
            (AliasKind.GUID_PATH, self.source, names.path),
            (self.link, self.outlet, names.link),
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
