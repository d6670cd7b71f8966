"""Takes secrets out of what is shown of a send."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from rasid.errors import SecretError
from rasid.secret import fill, placeholders

_STARS: Final = "***"
_SHORTEST: Final = 4  # shorter values would blank out ordinary words
_SHORTEST_PART: Final = 8


class Redactor:
    """Replaces a filled-in URL, its secrets, and whatever in it looks like one, by `***`."""

    def __init__(self, template: str, url: str) -> None:
        values = {url, *_filled(template), *_parts(url)}
        forms = {form for value in values for form in (value, unquote(value), quote(value, ""))}
        ordered = sorted((form for form in forms if form), key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, ordered)) or r"(?!)")

    def __call__(self, text: str) -> str:
        """Return the text without them."""
        return self._secrets.sub(_STARS, text)


def _filled(template: str) -> set[str]:
    values = set()
    for placeholder in placeholders(template):
        try:
            value = fill(placeholder).reveal()
        except SecretError:
            continue  # it went away since; the URL as a whole is still known
        if len(value) >= _SHORTEST:
            values.add(value)
    return values


def _parts(url: str) -> set[str]:
    """Return the user, the password and every long piece of path and query."""
    try:
        parts = urlsplit(url)
        named = {parts.username or "", parts.password or ""}
    except ValueError:
        return set()
    pieces = set(re.split(r"[/&=?#]", f"{parts.path}&{parts.query}"))
    if parts.scheme not in {"http", "https", "json", "jsons", "mailto", "mailtos"}:
        pieces.add(parts.netloc.rpartition("@")[2])  # many services keep a token there
    long = {piece for piece in pieces if len(piece) >= _SHORTEST_PART}
    return long | {name for name in named if len(name) >= _SHORTEST}
