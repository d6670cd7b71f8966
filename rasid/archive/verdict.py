"""What a rule makes of an item: a match with its evidence, or why not."""

from __future__ import annotations

from dataclasses import dataclass

from rasid.archive.miss import Miss
from rasid.archive.misses import explain_miss
from rasid.models import Document, Match
from rasid.rules import RuleIndex
from rasid.rules.index import excluded_by
from rasid.settings import DAY, HOUR, Rule


@dataclass(frozen=True, slots=True)
class Verdict:
    """`match`: its words are there, filters left aside; `excluded`: a filter keeps it out."""

    rule: str
    rule_hash: str
    match: Match | None
    miss: Miss | None
    excluded: str

    @property
    def matches(self) -> bool:
        """Whether the rule matches, filters and all."""
        return self.match is not None and not self.excluded


def judge(index: RuleIndex, rule: Rule, document: Document, now: int) -> Verdict:
    """Try one rule on one document; its age is counted from `now`."""
    match = index.match_rule(rule.id, document)
    return Verdict(
        rule.id,
        rule.hash,
        match,
        None if match else explain_miss(index, rule.id, document),
        _excluded(excluded_by(index.plan(rule.id).head, document, now), rule, document, now),
    )


def _excluded(name: str, rule: Rule, document: Document, now: int) -> str:
    """Return a filter that keeps a document out, in words."""
    if not name:
        return ""
    if name == "published_within":
        published = now if document.published is None else document.published
        within, age = rule.published_within or 0, now - published
        return f"published {_span(age)} ago; the rule asks for {_span(within)} at most"
    if name == "outlet" and not (rule.outlets and document.outlet not in rule.outlets):
        countries = ", ".join(rule.countries)
        return f"outlet {document.outlet or 'unknown'} is not of the countries {countries}"
    asked = {"outlet": rule.outlets, "source": rule.sources, "language": rule.languages}[name]
    has = getattr(document, name) or "unknown"
    return f"{name} {has}; the rule asks for {', '.join(asked)}"


def _span(micros: int) -> str:
    return f"{micros // DAY} days" if micros >= 2 * DAY else f"{micros / HOUR:.0f} h"
