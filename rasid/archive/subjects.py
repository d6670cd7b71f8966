"""Which item a person means: an id, a link, or a text in a file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from rasid.items.identity import link_aliases
from rasid.items.lines import BadLine, read_documents
from rasid.models import Document, Item
from rasid.protocols import Reading
from rasid.settings import Config

_SENTENCE: Final = re.compile(r"(?<=[.!?؟。！？])\s+|\n+|(?<=[。！？])")


def from_file(path: Path, data: bytes) -> list[Document | BadLine]:
    """Return the items of JSON lines, or one item of plain text.

    The first sentence, or line, of a plain text is its title.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return list(read_documents(data.splitlines()))
    text = data.decode("utf-8-sig", "replace").strip()
    title, *rest = _SENTENCE.split(text, maxsplit=1)
    return [Document(path.name, title=title, text=rest[0].strip() if rest else "")]


def stored(view: Reading, named: str, config: Config) -> list[Item]:
    """Return the stored items that an id, the beginning of one, or a link names."""
    if named.startswith(("http://", "https://")):
        names = [name for outlet in _outlets(config) for name in link_aliases(named, outlet)]
        ids = view.find_items(names)
        return sorted(view.items_by_id(set(ids.values())).values(), key=lambda item: item.id)
    exact = view.items_by_id([named])
    return [*exact.values()] or view.items_named(named) or view.items_named(named.upper())


def _outlets(config: Config) -> Iterable[str]:
    shown = (config.outlet_of(source).id for source in config.sources.values())
    return dict.fromkeys([*config.outlets, *shown])
