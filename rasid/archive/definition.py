"""What a rule says, as plain values: for its history, and for people to read. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rasid.settings import Around, Condition, Inside, Near, Part, Regex, Rule, Scope, Term, Times
from rasid.settings.gates import NO_GATES

_FILTERS: Final = (
    "outlets",
    "sources",
    "languages",
    "countries",
    "published_within",
    "severity",
    "tags",
    "on",
    "match_all",
)


def definition(rule: Rule) -> dict[str, Any]:
    """Return what a rule says, lists spelt out; what it leaves at its default is left out."""
    plain = Rule(rule.id, rule.condition, rule.notify)
    told = {
        name: _plain(getattr(rule, name))
        for name in _FILTERS
        if getattr(rule, name) != getattr(plain, name)
    }
    return {
        **_condition(rule.condition),
        **_places(rule),
        **told,
        **({"gates": rule.gates.written()} if rule.gates != NO_GATES else {}),
        "notify": list(rule.notify),
    }


def _places(rule: Rule) -> dict[str, Any]:
    if not rule.where:
        return {}
    unwanted = {"not_where": list(map(scope_of, rule.not_where))} if rule.not_where else {}
    return {
        "where": list(map(scope_of, rule.where)),
        **unwanted,
        "together": f"{rule.together} words" if isinstance(rule.together, int) else rule.together,
        **({"demonyms": True} if rule.demonyms else {}),
    }


def scope_of(scope: Scope) -> dict[str, Any]:
    """Return where a rule wants things to happen as a mapping."""
    region = scope.region
    if isinstance(region, Inside):
        found: dict[str, Any] = {"place": region.name, "id": region.id}
    elif isinstance(region, Around):
        found = {"near": region.name, "id": region.id, "km": region.km}
    else:
        corners = sum(len(ring) for polygon in region.polygons for ring in polygon)
        found = {"area": region.name, "corners": corners}
    return {**found, "certainty": "recall" if scope.recall else "precision"}


def part_of(part: Part) -> Any:
    """Return a part of a condition: a word as it stands, anything else as a mapping."""
    if isinstance(part, Term):
        return _term(part)
    if isinstance(part, Regex):
        return {"regex": part.pattern}
    if isinstance(part, Near):
        name = "onear" if part.ordered else "near"
        return {name: [part_of(part.left), part_of(part.right)], "distance": part.distance}
    if isinstance(part, Times):
        return {"times": part.count, "of": part_of(part.part)}
    return _condition(part)


def _term(term: Term) -> str | dict[str, Any]:
    more: Mapping[str, Any] = {
        **({"language": term.language} if term.language else {}),
        **({"exact": True} if term.exact else {}),
        **({} if term.inflect else {"inflect": False}),
    }
    return {"word": term.text, **more} if more else term.text


def _condition(condition: Condition) -> dict[str, Any]:
    parts = {
        name: [part_of(one) for one in entries]
        for name, entries in (
            ("any", condition.any),
            ("all", condition.all),
            ("none", condition.none),
        )
        if entries
    }
    least = {"at_least": condition.at_least} if condition.at_least != 1 else {}
    fields = {"fields": list(condition.fields)} if condition.fields else {}
    return {**parts, **least, **fields}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
