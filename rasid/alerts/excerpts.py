"""The words that matched, with a little of the text around them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from rasid.models import Document, Evidence

MOST: Final = 3  # excerpts of one alert
AROUND: Final = 60  # code points before the first word and after the last
JOIN: Final = 40  # words closer than this share an excerpt

Span = tuple[int, int]
Group = tuple[str, list[Span]]  # of one field
Words = dict[tuple[str, Span], set[str]]  # of the rule, by the place where they matched

_FIELDS: Final = ("title", "summary", "text")


def excerpts(document: Document, evidence: Iterable[Evidence]) -> list[dict[str, Any]]:
    """Return at most `MOST` of {field, text, spans, before, after}.

    Those that show another word of the rule than the ones before stand first, then title first.
    `spans` are offsets into `text`; `before` and `after` say whether something was left out.
    """
    spans: dict[str, list[Span]] = {name: [] for name in _FIELDS}
    words: Words = {}
    for one in evidence:
        if one.field in spans:
            spans[one.field].append((one.start, one.end))
            said = one.word or str((one.place or {}).get("id", ""))
            words.setdefault((one.field, (one.start, one.end)), set()).add(said)
    groups = [
        (name, group)
        for name in _FIELDS
        for group in _groups(_within(spans[name], len(getattr(document, name))))
    ]
    chosen = _varied(groups, words)[:MOST]
    return [_excerpt(name, getattr(document, name), group) for name, group in chosen]


def _varied(groups: Iterable[Group], words: Words) -> list[Group]:
    """Return groups in their order, but those without a new word of the rule last."""
    seen: set[str] = set()
    first: list[Group] = []
    rest: list[Group] = []
    for name, group in groups:
        here = {word for span in group for word in words[name, span]}
        (rest if here <= seen else first).append((name, group))
        seen |= here
    return [*first, *rest]


def _within(spans: list[Span], length: int) -> list[Span]:
    """Return spans inside the text, in order, none overlapping another."""
    kept: list[Span] = []
    for start, end in sorted(set(spans)):
        if 0 <= start < end <= length and (not kept or start >= kept[-1][1]):
            kept.append((start, end))
    return kept


def _groups(spans: list[Span]) -> list[list[Span]]:
    groups: list[list[Span]] = []
    for span in spans:
        if groups and span[0] - groups[-1][-1][1] <= JOIN:
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def _excerpt(name: str, text: str, spans: list[Span]) -> dict[str, Any]:
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
