"""The words that matched, with a little of the text around them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from rasid.models import Document, Evidence

MOST: Final = 3  # excerpts of one alert
AROUND: Final = 60  # code points before the first word and after the last
JOIN: Final = 40  # words closer than this share an excerpt

_FIELDS: Final = ("title", "summary", "text")


def excerpts(document: Document, evidence: Iterable[Evidence]) -> list[dict[str, Any]]:
    """Return at most `MOST` of {field, text, spans, before, after}, title first.

    `spans` are offsets into `text`; `before` and `after` say whether something was left out.
    """
    spans: dict[str, list[tuple[int, int]]] = {name: [] for name in _FIELDS}
    for one in evidence:
        if one.field in spans:
            spans[one.field].append((one.start, one.end))
    cuts = [
        _excerpt(name, getattr(document, name), group)
        for name in _FIELDS
        for group in _groups(_within(spans[name], len(getattr(document, name))))
    ]
    return cuts[:MOST]


def _within(spans: list[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """Return spans inside the text, in order, none overlapping another."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(set(spans)):
        if 0 <= start < end <= length and (not kept or start >= kept[-1][1]):
            kept.append((start, end))
    return kept


def _groups(spans: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    groups: list[list[tuple[int, int]]] = []
    for span in spans:
        if groups and span[0] - groups[-1][-1][1] <= JOIN:
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def _excerpt(name: str, text: str, spans: list[tuple[int, int]]) -> dict[str, Any]:
    first = _word_after(text, max(0, spans[0][0] - AROUND), spans[0][0])
    last = _word_before(text, min(len(text), spans[-1][1] + AROUND), spans[-1][1])
    return {
        "field": name,
        "text": text[first:last],
        "spans": [[start - first, end - first] for start, end in spans],
        "before": first > 0,
        "after": last < len(text),
    }


def _word_after(text: str, at: int, limit: int) -> int:
    """Return where the first whole word from `at` on begins, `limit` at most."""
    if at == 0:
        return 0
    while at < limit and not text[at - 1].isspace():
        at += 1
    return at


def _word_before(text: str, at: int, limit: int) -> int:
    """Return where the last whole word up to `at` ends, `limit` at least."""
    if at == len(text):
        return at
    while at > limit and not text[at].isspace():
        at -= 1
    return at
