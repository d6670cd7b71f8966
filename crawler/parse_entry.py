"""What the elements of one item have said so far, and the item that they make."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from crawler.parse_items import RawItem
from crawler.parse_names import DoubtfulError
from crawler.parse_scope import Scope

DATES: Final = ("published", "created", "updated", "expired")


@dataclass(slots=True)
class Entry:
    """What the elements of one item have said so far; depths count from the item."""

    scope: Scope
    atom: bool = False  # whether the item itself is one of Atom
    guid: str = ""
    guids: int = 0
    permalink: bool = False
    own_link: str | None = None  # the last one; of its format
    atom_link: str | None = None  # the last one of Atom in another format
    deep_link: bool = False  # whether a link of something else was seen
    original: str = ""
    titled: bool = False  # whether one of its own titles has words: the first that has is kept
    title_depth: int = 0  # depth of the element that gave `title`
    title: str = ""
    title_language: str = ""
    summary: str | None = None
    summary_depth: int | None = None
    summary_language: str = ""
    contents: list[str] = field(default_factory=list)
    xhtml: bool = False  # whether one of them is XHTML
    author: str = ""
    tags: list[str] = field(default_factory=list)
    dates: dict[str, str] = field(default_factory=dict)
    language: str = ""
    apart: bool = False

    def raw(self) -> RawItem:
        """Return the item; raise DoubtfulError for one whose title may be elsewhere."""
        if self.apart and not self.title:
            raise DoubtfulError("no title, but perhaps one of an image")
        content = max(self.contents, key=len, default="")
        return RawItem(
            guid=self.guid,
            link=self.original or self._link(),
            title=self.title,
            summary=self.summary or content,
            text=content,
            author=self.author,
            tags=self.tags,
            date=next(filter(None, map(self.dates.get, DATES)), "") or "",
            language=self.title_language or self.summary_language or self.language,
        )

    def _link(self) -> str:
        """Return the link; a guid that is one stands in for it, but `4711` is no address."""
        if self.own_link is None and self.atom_link is None:
            if self.deep_link:
                raise DoubtfulError("no link but one of something else")
            link = self.guid if self.permalink else ""
        elif self.own_link and self.atom_link and not self.own_link.startswith("http"):
            raise DoubtfulError("two links, and the item's own may be none")
        else:
            link = self.own_link or self.atom_link or ""
        return "" if link == self.guid and not any(sign in link for sign in "/.?") else link
