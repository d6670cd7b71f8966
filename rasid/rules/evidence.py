"""What a match is shown by: the words and places that it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from rasid.models import Evidence
from rasid.places.distance import km_between
from rasid.places.model import Place
from rasid.rules.conditions import FIELDS, Node
from rasid.rules.evaluate import Evaluation
from rasid.rules.field import Hit
from rasid.rules.ground import Ground, Grounds
from rasid.rules.nearness import Nearness, free_terms, is_in
from rasid.rules.program import Sought
from rasid.rules.whereabouts import Seen
from rasid.settings import Around

_OTHERS: Final = 3  # places that a mention may mean beside the one that counts

Key = tuple[int, int, int, str]  # field, start, end, word


_Word = tuple[str, int, Hit]  # a field, and where it has which term


def evidence(
    node: Node,
    nearness: Nearness,
    terms: Sequence[Sought],
    grounds: Sequence[Grounds] = (),
    ground: Ground | None = None,
) -> Iterator[Evidence]:
    """Yield what speaks for a match, in the order of the text.

    Of a rule about places: the mentions that it rests on, of the words that are bound to them
    those near them, and those of parts that look elsewhere.
    """
    evaluation = nearness.evaluation
    words = list(evaluation.evidence(node))
    free = free_terms(node) if grounds else frozenset[int]()
    spots: dict[Key, Evidence] = {}
    for word in words:
        _, term, _ = word
        if not grounds or term in free or _is_near(word, evaluation, grounds):
            key, found = _word(word, evaluation, terms)
            spots.setdefault(key, found)
    for one in grounds if ground else ():
        assert ground is not None
        mention = one.seen.mention
        gap = _gap(one, words, nearness)
        key = (FIELDS.index(mention.field), mention.start, mention.end, "")
        spots[key] = place_evidence(one.seen, ground, {} if gap is None else {"words": gap})
    yield from (spots[key] for key in sorted(spots))


def place_evidence(seen: Seen, ground: Ground, more: Mapping[str, Any]) -> Evidence:
    """Return a mention as evidence for the place that counts."""
    mention, place = seen.mention, seen.place
    others = [(mention.place, mention.confidence), *mention.others]
    return Evidence(
        "place",
        mention.field,
        mention.start,
        mention.end,
        mention.text,
        place={
            **_told(place, ground),
            "within": ground.shown.within(place),
            "confidence": round(mention.confidence, 2),
            "others": [
                {**_told(one, ground), "share": round(share, 2)}
                for one, share in others
                if one != place
            ][:_OTHERS],
            **_distance(seen, ground),
            **more,
        },
        why="; ".join(mention.why),
    )


def _told(place: Place, ground: Ground) -> dict[str, Any]:
    return {
        "id": place.id,
        "name": place.name,
        "shown": ground.shown.name(place),
        "kind": place.kind.name.lower(),
        "lat": place.lat,
        "lon": place.lon,
        "country": place.country,
    }


def _distance(seen: Seen, ground: Ground) -> dict[str, Any]:
    region, place = ground.spheres[seen.sphere].region, seen.place
    if not isinstance(region, Around) or place.lat is None or place.lon is None:
        return {}
    far = round(km_between(place.lat, place.lon, region.lat, region.lon), 1)
    return {"km": far, "from": region.name}


def _word(word: _Word, evaluation: Evaluation, terms: Sequence[Sought]) -> tuple[Key, Evidence]:
    name, term, hit = word
    field, said = evaluation.reading.fields[name], terms[term].text
    start, end = field.span(hit)
    found = Evidence("word", name, start, end, field.text[start:end], said, hit.form)
    return (FIELDS.index(name), start, end, said), found


def _is_near(word: _Word, evaluation: Evaluation, grounds: Iterable[Grounds]) -> bool:
    name, _, found = word
    hit = evaluation.reading.fields[name].placed(found)
    windows = (one.window[name] for one in grounds if name in one.window)
    return any(is_in((hit.first, hit.last), window) for window in windows)


def _gap(one: Grounds, words: Iterable[_Word], nearness: Nearness) -> int | None:
    """Return how many words stand between a place and the nearest word; None: there is none."""
    fields = nearness.evaluation.reading.fields
    near = ((name, hit) for name, _, hit in words if name in one.window)
    hits = ((name, fields[name].placed(hit)) for name, hit in near)
    mention = one.seen.mention
    return min(
        (nearness.gap(mention, name, (hit.first, hit.last)) for name, hit in hits), default=None
    )
