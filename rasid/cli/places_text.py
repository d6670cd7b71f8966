"""`rasid places find --text`: the places that the items of a file name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import click

from rasid.cli.options import Place
from rasid.cli.output import emit, file_name
from rasid.models import Document
from rasid.places.model import Kind, Mention
from rasid.places.shown import Shown, chain

_MEANT = 0.5  # from which on a place is rather meant than not


def find_in(place: Place, items: BinaryIO, *, as_json: bool) -> int:
    """Print the mentions of each item; return how many lines were no item."""
    from rasid.atlas import finder_of
    from rasid.items.lines import BadLine, read_documents
    from rasid.places.hearing import fields_of, located, source_of

    documents: list[Document] = []
    bad = 0
    for line in read_documents(items):
        if isinstance(line, BadLine):
            bad += 1
            click.echo(f"{file_name(items)}:{line.number}: {line.why}", err=True)
        else:
            documents.append(line)
    finder, shown = finder_of(place)
    located(finder, documents)
    found = (
        (document, finder.mentions(fields_of(document), source_of(document)))
        for document in documents
    )
    rows = _as_json(shown, found) if as_json else _as_rows(shown, found)
    emit(rows, ["id", "text", "shown", "within", "confidence", "why"], as_json=as_json)
    return bad


Found = Iterator[tuple[Document, list[Mention]]]


def _as_json(shown: Shown, found: Found) -> Iterator[dict[str, object]]:
    for document, mentions in found:
        told = [mention_row(one, shown) for one in mentions if one.meant >= _MEANT]
        yield {"id": document.id, "mentions": told}


def _as_rows(shown: Shown, found: Found) -> Iterator[dict[str, object]]:
    for document, mentions in found:
        for one in mentions:
            if one.meant >= _MEANT:
                around = ", ".join(shown.within(one.place))
                yield mention_row(one, shown) | {"id": document.id, "within": around}


def mention_row(mention: Mention, shown: Shown) -> dict[str, object]:
    """Return a mention as JSON has it: `shown` and `within` are in the desk's language.

    `others` are who else bears the name.
    """
    place = mention.place
    around = [place, *chain(place, shown.gazetteer)]
    return {
        "field": mention.field,
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "place": place.id,
        "name": place.name,
        "shown": shown.name(place),
        "within": shown.within(place),
        "kind": place.kind.name.lower(),
        "lat": place.lat,
        "lon": place.lon,
        "country": place.country,
        "admin1": next((one.name for one in around if one.kind is Kind.ADMIN1), ""),
        "confidence": mention.confidence,
        "why": ", ".join(mention.why),
        "others": [
            {"place": one.place.id, "name": one.place.name, "country": one.place.country,
             "share": round(one.share, 3)}
            for one in mention.others
        ],
    }  # fmt: skip
