"""From rules to their index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from rasid.places.model import Atlas
from rasid.places.own import with_own
from rasid.rules.bound import BoundRules
from rasid.rules.conditions import FIELDS, USUAL, atoms_of, build, inside, mask
from rasid.rules.filing import filed
from rasid.rules.guards import Guards
from rasid.rules.index import RuleIndex
from rasid.rules.kept import KeptProgram
from rasid.rules.keys import KeyFinder, Keys
from rasid.rules.likelihood import Likelihood
from rasid.rules.program import Head, Plan, Program
from rasid.rules.terms import Terms
from rasid.rules.vocabulary import lexicon
from rasid.settings import Condition, Config, Part, Rule
from rasid.text.dictionary import Dictionaries


def compile_rules(
    config: Config,
    *,
    cache_dir: Path | None = None,
    dictionaries: Dictionaries | None = None,
    atlas: Atlas | None = None,
) -> RuleIndex:
    """Return the index of a configuration's rules.

    `cache_dir`: where compiled rules are kept, and the forms of words, so that dictionaries
    are opened for new words only. `dictionaries`: opened ones to use instead of both. `atlas`:
    what rules about places need; nothing of it is opened where there are none.
    """
    if cache_dir is None or dictionaries is not None:
        return _index(config, program(config, dictionaries or Dictionaries()), atlas)
    return _index(config, kept_program(config, cache_dir), atlas)


def kept_program(config: Config, cache_dir: Path) -> Program:
    """Return a configuration's rules compiled, and keep them if they were not."""
    kept = KeptProgram(cache_dir, config)
    if (known := kept.read()) is None:
        kept.write(known := program(config, Dictionaries(cache_dir)))
    return known


def is_kept(config: Config, cache_dir: Path) -> bool:
    """Whether `kept_program` has only to read."""
    return KeptProgram(cache_dir, config).exists()


def _index(config: Config, known: Program, atlas: Atlas | None) -> RuleIndex:
    if not known.spheres or atlas is None:
        return RuleIndex(known)
    geoparser = atlas.geoparser(with_own(atlas.open(), config.places))
    return RuleIndex(known, geoparser, config.settings.language)


def program(config: Config, dictionaries: Dictionaries) -> Program:
    """Return a configuration's rules compiled."""
    rules = list(config.rules.values())
    terms = Terms((atom for rule in rules for atom in atoms_of(rule.condition)), dictionaries)
    nodes = [build(rule.condition, terms.leaf) for rule in rules]
    uses = Counter(terms.numbers[a] for rule in rules for a in set(atoms_of(rule.condition)))
    likelihood = Likelihood(terms, uses, len(rules))
    guards = list(map(Guards(terms.sought, likelihood).of, nodes))
    keys = list(map(KeyFinder(terms.sought, likelihood).of, nodes, guards))
    countries = _outlets_by_country(config)
    places = BoundRules(rules)
    return Program(
        config.version,
        lexicon(terms.words, terms.globs),
        terms.sought,
        tuple(
            Plan(_head(rule, countries), node, places.beside(rule, found), places.bound(rule))
            if rule.where
            else Plan(_head(rule, countries), node, beside)
            for rule, node, found, (_, beside) in zip(rules, nodes, guards, keys, strict=True)
        ),
        filed(
            Keys() if rule.where else found for rule, (found, _) in zip(rules, keys, strict=True)
        ),
        tuple(
            at
            for at, found in enumerate(guards)
            if not found and rules[at].match_all and not rules[at].where
        ),
        mask(USUAL) | _fields(rule.condition for rule in rules),
        places.spheres,
        places.filed(guards),
        places.wakers(guards),
    )


def _fields(parts: Iterable[Part]) -> int:
    """Return the fields that conditions ask for by name."""
    found, waiting = set[str](), list(parts)
    while waiting:
        part = waiting.pop()
        if isinstance(part, Condition):
            found.update(part.fields)
        waiting.extend(inside(part))
    return mask(field for field in FIELDS if field in found)


def _head(rule: Rule, countries: Mapping[str, frozenset[str]]) -> Head:
    outlets = frozenset(rule.outlets)
    if rule.countries:
        there = frozenset().union(*(countries.get(c.upper(), ()) for c in rule.countries))
        # nothing passes where both are asked for and have none in common
        outlets = (outlets & there if outlets else there) or frozenset([""])
    filtered = bool(outlets or rule.sources or rule.languages) or rule.published_within is not None
    return Head(
        rule.id,
        rule.hash,
        outlets,
        frozenset(rule.sources),
        rule.languages,
        rule.published_within,
        filtered,
    )


def _outlets_by_country(config: Config) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for outlet in config.outlets.values():
        found.setdefault(outlet.country.upper(), set()).add(outlet.id)
    return {country: frozenset(outlets) for country, outlets in found.items() if country}
