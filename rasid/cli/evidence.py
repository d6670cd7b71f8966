"""How commands show why a rule matched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import click

from rasid.alerts.excerpts import excerpts
from rasid.alerts.gates.notes import GATE
from rasid.alerts.pins import name_of, pin_text, place_text
from rasid.cli.output import show
from rasid.counted import counted
from rasid.models import Document, Evidence

_SHOWN = 5  # in a cell of a table


def evidence_rows(evidence: Iterable[Evidence]) -> list[dict[str, Any]]:
    """Return evidence for JSON: the keys that apply."""
    return [_row(one) for one in evidence]


def evidence_in_context(
    evidence: Iterable[Evidence], document: Document | None
) -> list[dict[str, Any]]:
    """Return evidence for JSON, each with what stands around it as far as the text is known."""
    return [
        _row(one) | ({} if one.kind == GATE else {"context": _context(one, document)})
        for one in evidence
    ]


def _row(one: Evidence) -> dict[str, Any]:
    if one.kind == GATE:  # it stands nowhere in the text
        return {"kind": GATE, "why": one.why}
    return {key: value for key, value in asdict(one).items() if value not in ("", None)}


def _context(one: Evidence, document: Document | None) -> Mapping[str, Any]:
    whole = {"field": one.field, "text": one.text, "spans": [[0, len(one.text)]]}
    found = excerpts(document, [one]) if document else []
    return found[0] if found else {**whole, "before": False, "after": False}


def found(evidence: Iterable[Evidence]) -> str:
    """Return the words that matched for a table: each once, with the rule's word it came from."""
    words = dict.fromkeys(map(_found, evidence))
    more = len(words) - _SHOWN
    return ", ".join([*words][:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _found(one: Evidence) -> str:
    if one.place:
        return f"{one.text} ({place_text(one.place)})"
    return one.text if one.text == one.word else f"{one.text} ({one.word})"


def echo_evidence(rows: Iterable[Mapping[str, Any]]) -> None:
    """Print evidence with its context for people, a line each."""
    for row in rows:
        if row["kind"] == GATE:
            click.echo(f"  gate: {show(row['why'])}")
            continue
        if place := row.get("place"):
            click.echo(f"  {row['field']}: {_marked(row['context'])}")
            _echo_place(row, place)
            continue
        form = f", form {show(row['form'])}" if row.get("form", row["word"]) != row["word"] else ""
        click.echo(f"  {row['field']}: {_marked(row['context'])}")
        click.echo(f"    {show(row['text'])} <- {show(row['word'])}{form}")


def _echo_place(row: Mapping[str, Any], place: Mapping[str, Any]) -> None:
    """Print which place a mention means, why this one, and who else bears the name."""
    click.echo(f"    {show(row['text'])} <- {show(place_text(place))} [{place['id']}]")
    about = []
    if place.get("lat") is not None:
        about.append(f"{place['lat']:.4f}, {place['lon']:.4f} ({show(pin_text(place['kind']))})")
    if "km" in place:
        about.append(f"{place['km']:g} km away")
    if "words" in place:
        about.append(f"{counted(place['words'], 'word')} between it and the nearest word")
    about.append(f"confidence {place['confidence']:.2f}")
    click.echo(f"    {'; '.join(about)}")
    if row.get("why"):
        click.echo(f"    because: {show(row['why'])}")
    if others := place.get("others"):
        names = ", ".join(f"{name_of(one)} [{one['id']}] {one['share']:.2f}" for one in others)
        click.echo(f"    and not: {show(names)}")


def _marked(excerpt: Mapping[str, Any]) -> str:
    text, at, parts = excerpt["text"], 0, []
    for start, end in excerpt["spans"]:
        parts += [text[at:start], f"‹{text[start:end]}›"]
        at = end
    inside = show("".join([*parts, text[at:]]))
    return f"{'…' if excerpt['before'] else ''}{inside}{'…' if excerpt['after'] else ''}"
