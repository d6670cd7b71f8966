"""Gates as written to gates as used; what of them contradicts the rest of a rule."""

from __future__ import annotations

from collections.abc import Iterator

from rasid.config.lists import Where
from rasid.config.problems import Problems
from rasid.config.schema_rules import RuleIn
from rasid.config.tree import spot_of
from rasid.errors import Problem
from rasid.settings import CORROBORATED, NEW, Config, Rule, Source
from rasid.settings.gates import Gates, Outlets, Spike


def build_gates(written: RuleIn) -> Gates:
    """Return the gates of a rule; one that is told of what is corroborated has one at least."""
    spike = Spike(**written.spike.model_dump()) if written.spike else None
    return Gates(_outlets(written), spike, written.silent)


def events(written: RuleIn) -> tuple[str, ...]:
    """Return what a rule alerts on: with a count of outlets, on its being reached too."""
    more = [CORROBORATED] if written.outlets and NEW in written.on else []
    return tuple(dict.fromkeys([*written.on, *more]))


def _outlets(written: RuleIn) -> Outlets | None:
    gate = written.outlets
    if gate is None:
        if CORROBORATED not in written.on:
            return None
        return Outlets(holds=NEW not in written.on)
    holds = gate.until_then == "hold" or NEW not in written.on
    return Outlets(gate.at_least, gate.within or 0, holds)


def check_gates(written: RuleIn, where: Where, problems: Problems) -> None:
    """Note gates that could never open or change nothing."""
    for key, message, hint in _contradictions(written):
        spot = spot_of(where.tree, (key,))
        problems.add(where.file, spot, f"{where.label}: {message}", hint)


def _contradictions(written: RuleIn) -> Iterator[tuple[str, str, str]]:
    gate, on = written.outlets, written.on
    if gate and NEW not in on and CORROBORATED not in on:
        yield (
            "outlets",
            "outlets: counts what is new, and on: asks for neither new nor corroborated",
            "add corroborated to on:",
        )
    elif gate and gate.until_then == "unconfirmed" and NEW not in on:
        yield (
            "outlets",
            "until_then: unconfirmed tells what is new, and on: does not ask for it",
            "add new to on:, or write until_then: hold",
        )
    if written.spike and NEW not in on:
        yield "spike", "spike: counts what is new, and on: does not ask for it", "add new to on:"
    if written.spike and (gate or CORROBORATED in on):
        message = "spike: tells many at once, and outlets: each by how many say it"
        yield "spike", message, "make them two rules"


def gate_warnings(config: Config) -> list[Problem]:
    """Return which gates ask for more outlets, or for more of the past, than there is."""
    found = []
    kept = config.settings.retention
    for rule in config.rules.values():
        if rule.gates.spike and rule.gates.spike.against > kept:
            message = f'rule "{rule.id}": spike: against is longer than settings.retention'
            found.append(Problem(rule.file, rule.line, message, "what was deleted is not counted"))
        gate = rule.gates.outlets
        if gate and len(owners := owners_of(rule, config)) < gate.at_least:
            message = f'rule "{rule.id}": outlets: asks for {gate.at_least} independent ones'
            there = f"its sources have {len(owners)}: it can never open"
            hint = "one ownership group (group: of an outlet) counts once"
            found.append(Problem(rule.file, rule.line, f"{message}, and {there}", hint))
    return found


def owners_of(rule: Rule, config: Config) -> set[str]:
    """Return the ownership groups, or outlets that are in none, whose items a rule sees."""
    seen = (config.outlet_of(one) for one in sources_of(rule, config))
    return {f"group:{one.group}" if one.group else one.id for one in seen}


def sources_of(rule: Rule, config: Config) -> list[Source]:
    """Return the enabled sources whose items a rule may match."""
    return [one for one in config.sources.values() if one.enabled and _sees(rule, one, config)]


def _sees(rule: Rule, source: Source, config: Config) -> bool:
    outlet = config.outlet_of(source)
    return (
        (not rule.sources or source.id in rule.sources)
        and (not rule.outlets or outlet.id in rule.outlets)
        and (not rule.countries or outlet.country in rule.countries)
    )
