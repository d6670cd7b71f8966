"""Sources as the text of a file that rules.yaml includes."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Container, Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

from rasid.config.channels import channel_of
from rasid.config.letters import readable
from rasid.config.opml import Subscription

_LONGEST: Final = 40  # letters of an id
_OTHERS: Final = re.compile(r"[^a-z0-9]+")
_SERVICE: Final = re.compile(r"^(?:www\d*|feeds?|rss|m|amp)\.")


def as_yaml(found: Iterable[tuple[str, Subscription]], origin: str) -> str:
    """Return sources, each with its id, as YAML; `origin` is what they were read from."""
    rows = "".join(map(_row, found))
    return f"# {origin}\nversion: 1\nsources:\n{rows}"


def _row(entry: tuple[str, Subscription]) -> str:
    identity, one = entry
    tags = f", tags: {_written(list(one.folders))}" if one.folders else ""
    outlet = _written(outlet_of(one))
    return f"  - {{id: {identity}, outlet: {outlet}, url: {_written(one.url)}{tags}}}\n"


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def named(
    found: Iterable[Subscription], taken: Container[str]
) -> Iterator[tuple[str, Subscription]]:
    """Yield subscriptions with ids of their own, made of outlet and title."""
    given: set[str] = set()
    for one in found:
        base = slug(f"{outlet_of(one)} {one.title}") or "source"
        number, identity = 1, base
        while identity in taken or identity in given:
            number += 1
            identity = f"{base}-{number}"
        given.add(identity)
        yield identity, one


def outlet_of(one: Subscription) -> str:
    """Return the id of a feed's outlet: its site's name, as far as the address tells."""
    address = one.site or one.url
    if channel := channel_of(address):
        return slug(channel) or "unknown"
    return slug(_SERVICE.sub("", readable(urlsplit(address).hostname or ""))) or "unknown"


def slug(text: str) -> str:
    """Return the Latin letters and digits of a text as an id, "" where it has none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = dict.fromkeys(_OTHERS.sub("-", plain).strip("-").split("-"))
    return "-".join(filter(None, words))[:_LONGEST].strip("-")
