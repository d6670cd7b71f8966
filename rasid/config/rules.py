"""Rules as written to rules as used: references checked, meaning hashed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from rasid.config.adapted import adapted
from rasid.config.conditions import build, check_places
from rasid.config.gates import build_gates, check_gates, events
from rasid.config.lists import Lists, Where
from rasid.config.problems import Problems
from rasid.config.schema_rules import ExampleIn, ExamplesIn, RuleIn
from rasid.config.scopes import Scopes
from rasid.config.sections import Found
from rasid.config.tree import spot_of
from rasid.settings import TOGETHER, Condition, Example, Examples, Part, Rule, Scope, Term
from rasid.settings.gates import NO_GATES


def build_rules(
    found: Mapping[str, Found[RuleIn]], lists: Lists, scopes: Scopes | None = None
) -> dict[str, Rule]:
    """Return the enabled rules by id; those that are not enabled are checked all the same.

    `scopes` looks up where they want things to happen; without it they stay without place.
    """
    rules = {}
    for written in found.values():
        if written.value is not None:
            rule = _rule(written, written.value, lists, scopes)
            if written.value.enabled:
                rules[rule.id] = rule
    return rules


def _rule(found: Found[RuleIn], written: RuleIn, lists: Lists, scopes: Scopes | None) -> Rule:
    where = Where(f'rule "{written.id}"', found.file, found.tree)
    condition = adapted(build(written, lists, where), written.inflect, written.language)
    check_places(written, condition, where, lists.problems)
    check_gates(written, where, lists.problems)
    wanted, unwanted = (
        scopes.of(written, key, where) if scopes else () for key in ("where", "not_where")
    )
    if scopes:
        scopes.compare(written, wanted, unwanted, where)
    return Rule(
        id=written.id,
        condition=condition,
        notify=tuple(dict.fromkeys(written.notify)),
        outlets=tuple(written.outlet),
        sources=tuple(written.source),
        languages=tuple(written.language),
        countries=tuple(written.country),
        published_within=written.published_within,
        cooldown=written.cooldown,
        gates=build_gates(written),
        severity=written.severity,
        tags=tuple(written.tags),
        where=wanted,
        not_where=unwanted,
        together=TOGETHER if written.together is None else written.together,
        demonyms=written.demonyms,
        on=events(written),
        examples=_examples(found, written.examples),
        match_all=written.allow_match_all,
        file=found.file,
        line=found.spot.line,
        hash=rule_hash(written, condition, (wanted, unwanted)),
    )


def _examples(found: Found[RuleIn], written: ExamplesIn) -> Examples:
    spots = (
        spot_of(found.tree, ("examples", key, at))
        for key in ("match", "no_match")
        for at in range(len(getattr(written, key)))
    )
    places = tuple((spot.line, spot.column) for spot in spots)
    return Examples(
        tuple(map(_example, written.match)), tuple(map(_example, written.no_match)), places
    )


def _example(written: str | ExampleIn) -> str | Example:
    if isinstance(written, str):
        return written
    return Example(**{**written.model_dump(), "tags": tuple(written.tags)})


def check_references(
    found: Mapping[str, Found[RuleIn]],
    receivers: Iterable[str],
    sources: Iterable[str],
    outlets: Iterable[str],
    countries: Iterable[str],
    problems: Problems,
) -> None:
    """Note receivers and sources that do not exist; warn of outlets and countries of none."""
    known = {
        "notify": ("unknown receiver", frozenset(receivers)),
        "source": ("unknown source", frozenset(sources)),
        "outlet": ("unknown outlet", frozenset(outlets)),
        "country": ("no outlet is declared in", frozenset(countries)),
    }
    for rule in found.values():
        for key, (said, names) in known.items():
            for at, name in enumerate(getattr(rule.value, key, ())):
                if name not in names:
                    _add_unknown(rule, key, at, f'{said} "{name}"', name, names, problems)
        if rule.value is not None and not rule.value.notify:
            message = f'rule "{rule.value.id}" tells nobody'
            problems.warn(rule.file, rule.spot, message, "name receivers: notify: [desk]")


def _add_unknown(
    rule: Found[RuleIn],
    key: str,
    at: int,
    message: str,
    name: str,
    known: frozenset[str],
    problems: Problems,
) -> None:
    assert rule.value is not None
    open_ended = key in ("outlet", "country")  # outlets need not be declared
    note = problems.warn if open_ended else problems.add
    hint = problems.known(name, known)
    if key == "country":
        hint = "declared are " + ", ".join(sorted(known)) if known else "outlets: have country:"
        hint = f"the United Kingdom is GB; {hint}" if name == "UK" else hint
    spot = spot_of(rule.tree, (key, at))
    note(rule.file, spot, f'rule "{rule.value.id}": {key}: {message}', hint)


def rule_hash(
    written: RuleIn, condition: Condition, scopes: tuple[tuple[Scope, ...], ...] = ()
) -> str:
    """Return a hash of all that decides whether and whom a rule tells."""
    parts = [written.id, *_spelled(condition)]
    for key in ("notify", "outlet", "source", "language", "country", "tags", "on"):
        if values := getattr(written, key):
            parts += [f"\x1e{key}", *sorted(set(values))]
    if any(scopes):
        parts.append(f"\x1ewhere{scopes!r}{written.together}{written.demonyms}")
    if (gates := build_gates(written)) != NO_GATES:
        parts.append(f"\x1egates{gates.written()!r}")
    parts.append(f"\x1e{written.severity}\x1d{written.published_within}")
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def version_of(rules: Mapping[str, Rule], gazetteer: str = "") -> str:
    """Return a hash of all rules, in whatever order they stand, and of the places they know."""
    total = "\n".join([*sorted(rule.hash for rule in rules.values()), *gazetteer.split()])
    return hashlib.sha256(total.encode()).hexdigest()[:32]


def _spelled(part: Part) -> Iterator[str]:
    """Return a part so that two of different meaning are never spelt alike."""
    if isinstance(part, Term):
        yield f"{part.language}\x1d{part.text}\x1d{part.exact:d}{part.inflect:d}"
        return
    if not isinstance(part, Condition):
        yield repr(part)
        return
    yield f"\x1e{part.at_least} of {','.join(part.fields)}("
    for key in ("any", "all", "none"):
        entries: tuple[Part, ...] = getattr(part, key)
        if entries:
            yield f"\x1e{key}("
            for entry in entries:
                yield from _spelled(entry)
            yield ")"
    yield ")"
