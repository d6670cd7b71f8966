"""Other views of a page: AMP, print and mobile forms of one article have one key.

What only looks like a view stays: `/tag/amp` is about amplifiers, `/mobile/5` may be the fifth
page on telephones.
"""

from __future__ import annotations

import re
from typing import Final

_INDEX: Final = re.compile(r"(?:index|default)\.(?:s?html?|php\d?|aspx?|jsp|cfm|do)", re.IGNORECASE)
_AMP: Final = frozenset({"amp", "amp.html", "amphtml"})
_PRINT: Final = frozenset({"print", "print.html", "printview", "printable"})
_VIEWS: Final = _AMP | _PRINT
_MOBILE: Final = frozenset({"m", "mobile", "mob", "wap", "print"})
# After these a segment is a subject, whatever it says.
_SUBJECTS: Final = frozenset(
    {
        "tag", "tags", "topic", "topics", "category", "categories", "author", "authors", "search",
        "section", "sections", "label", "keyword", "keywords", "hashtag", "wiki", "explore",
    }
)  # fmt: skip
# `story.amp.html`, `a-1234-amp.html`, `slug_amp.shtml`, not `guitar-amp.html`; `amp_articleshow`.
_AMP_IN_NAME: Final = re.compile(r"(?:[._~]amp|(?<=\d)-amp)+(?=$|\.s?html?$)")
_AMP_IN_SECTION: Final = re.compile(r"amp_(?=article|story|news)")
_NUMBER: Final = re.compile(r"\d{5}")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")

_FLAGS: Final = frozenset(
    {
        "amp", "isamp", "is_amp", "_amp", "amphtml", "noamp", "nonamp", "print", "printable",
        "printview", "printerfriendly", "printer_friendly", "print-friendly", "mobile", "ismobile",
        "is_mobile", "reduced", "singlepage", "noredirect", "rss",
    }
)  # fmt: skip
_YES_NO: Final = frozenset(
    {"", "0", "1", "true", "false", "yes", "no", "y", "n", "on", "off", "amp", "mobile", "print"}
)
_AMP_VALUES: Final = frozenset({"amp", "validamp", "amptype", "amphtml", "googleamp"})
_VIEW_VALUES: Final = _AMP_VALUES | frozenset(
    {"print", "printable", "printer", "printview", "printpreview", "printerfriendly", "mobile"}
)
_CHOICES: Final = {
    **dict.fromkeys(("outputtype", "output_type", "type", "mode"), _AMP_VALUES),
    **dict.fromkeys(
        (
            "view",
            "output",
            "format",
            "service",
            "layout",
            "template",
            "display",
            "version",
            "device",
            "renderer",
        ),
        _VIEW_VALUES,
    ),
    "pagewanted": frozenset({"print", "all"}),
    "page": frozenset({"all"}),
    "tmpl": frozenset({"component", "print"}),
}


def tells(segments: list[str]) -> bool:
    """Say whether a path by itself names one article: by a number, a date, words of a headline."""
    if not segments:
        return False
    last = segments[-1]
    if max(last.count("-"), last.count("_")) > 1 or last.count("%") > 5 or _NUMBER.search(last):
        return True
    return not last.isdecimal() and any(_YEAR.fullmatch(one) for one in segments[:-1])


def plain_path(segments: list[str]) -> list[str]:
    """Return the segments of the plain page."""
    while (shorter := _plainer(segments)) != segments:
        segments = shorter
    return segments


def is_view(name: str, value: str, *, told: bool) -> bool:
    """Say whether a parameter chooses a form of the page and not another page.

    `told`: the path alone names one article.
    """
    name, value = name.casefold(), value.casefold()
    if name in _FLAGS:
        return value in _YES_NO
    if name == "m":  # Blogger's mobile form; else perhaps a month
        return told and value in ("0", "1")
    return name in _CHOICES and re.sub("[-_]|%20", "", value) in _CHOICES[name]


def _plainer(segments: list[str]) -> list[str]:
    """Return the path one step plainer, or as it is."""
    if not segments:
        return segments
    first, last = segments[0].casefold(), segments[-1]
    if _INDEX.fullmatch(last):
        return segments[:-1]
    if first == "index.php":
        return segments[1:]
    if segments[:2] == ["google", "amp"] and len(segments) > 2:  # as Globo does
        return segments[2:]
    if len(segments) > 1 and (first in _AMP or (first in _MOBILE and tells(segments))):
        return segments[1:]
    path = "/".join(segments).casefold()
    if "amp" not in path and "print" not in path:  # nor any of what follows
        return segments
    kept = [one for at, one in enumerate(segments) if not at or not _names_a_view(segments, at)]
    if len(kept) < len(segments):
        return kept
    names = [_AMP_IN_SECTION.sub("", one) if one.startswith("amp_") else one for one in segments]
    if "amp" in last:
        name = _AMP_IN_NAME.sub("", names[-1])
        names[-1] = name if name.strip(".") else last
    return names


def _names_a_view(segments: list[str], place: int) -> bool:
    if segments[place - 1].casefold() in _SUBJECTS:
        return False
    known = _VIEWS if place == len(segments) - 1 else ("amp",)
    return segments[place].casefold() in known
