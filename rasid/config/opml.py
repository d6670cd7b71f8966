"""Subscriptions of other readers: OPML 2.0 (http://opml.org/spec2.opml) read and written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from lxml import etree

_DEEPEST: Final = 20  # folders in one another
_MOST: Final = 50_000


class OpmlError(Exception):
    """A file that is no OPML; the message says why."""


class Subscription(NamedTuple):
    """A feed as a reader has it; `folders` from the outermost in."""

    title: str
    url: str
    folders: tuple[str, ...] = ()
    site: str = ""


def read_opml(content: bytes) -> list[Subscription]:
    """Return the feeds of a file, each address once, in the order of the file.

    Raises `OpmlError` when it is no OPML. Nothing that it names is opened.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise OpmlError(f"is no XML: {error}") from error
    body = root.find("body") if root is not None and _name(root) == "opml" else None
    if body is None:
        raise OpmlError("is no OPML: it has no <opml> with a <body>")
    found: dict[str, Subscription] = {}
    for one in _outlines(body, ()):
        found.setdefault(one.url, one)
        if len(found) > _MOST:
            raise OpmlError(f"has more than {_MOST:,} feeds")
    return list(found.values())


def _outlines(parent: etree._Element, folders: tuple[str, ...]) -> Iterator[Subscription]:
    for one in parent.iterchildren("outline"):
        given = {str(name).lower(): str(value).strip() for name, value in one.attrib.items()}
        title = given.get("text") or given.get("title") or ""
        if url := given.get("xmlurl"):
            yield Subscription(title, url, folders, given.get("htmlurl", ""))
        elif len(folders) < _DEEPEST:
            yield from _outlines(one, (*folders, title) if title else folders)


def write_opml(found: Iterable[Subscription], title: str) -> str:
    """Return OPML 2.0 with the feeds under their folders."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    folders: dict[Sequence[str], etree._Element] = {(): body}
    for one in found:
        at: tuple[str, ...] = ()
        for name in one.folders:
            outer, at = folders[at], (*at, name)
            if at not in folders:
                folders[at] = etree.SubElement(outer, "outline", text=name)
        outline = etree.SubElement(folders[at], "outline", type="rss", text=one.title)
        outline.set("xmlUrl", one.url)
        if one.site:
            outline.set("htmlUrl", one.site)
    text = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return bytes(text).decode()


def _name(element: etree._Element) -> str:
    return str(element.tag).lower()
