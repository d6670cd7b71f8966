"""`rasid why-not-sent`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import click

from rasid.archive.fate import Fate, Stage, Trace, fates, orphans, trace
from rasid.cli.fate_words import why_of
from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import emit, rfc3339, show
from rasid.cli.rule_names import rule_named
from rasid.cli.session import with_archive
from rasid.models import Match, SourceState, Target
from rasid.progress import progress
from rasid.protocols import Reading
from rasid.rules import RuleIndex
from rasid.settings import Config, Rule, Source

_MISSES: Final = 20  # rules that do not match and are told of without being named


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the database has about what was asked for."""

    traces: Sequence[Trace]
    salt: str
    bringers: Sequence[Source]  # of a link that is not stored
    states: Mapping[str, SourceState]


@click.command("why-not-sent")
@click.argument("item", metavar="ITEM|URL")
@click.option("--receiver", default="", help="Only what concerns this receiver.")
@click.option("--rule", default="", help="Only this rule.")
@with_json
@with_place
def command(place: Place, *, item: str, receiver: str, rule: str, as_json: bool) -> None:
    """Say for each rule and receiver how far an item came, and why no further.

    ITEM is the id of a stored item or its beginning, URL the link of one. Of a link that is
    not stored it says which sources would have brought it, and how they do.
    """
    from rasid.atlas import atlas_of
    from rasid.loading import compiled

    with progress("compiling rules"):
        config, index = compiled(place, atlas_of(place))
    rules = _chosen(config, rule, receiver)
    seen = with_archive(place, lambda storage: storage.read(lambda view: _look(view, item, config)))
    if not seen.traces:
        _echo_unknown(item, seen, config, as_json=as_json)
        return
    for found in seen.traces:
        desk = _Desk(config, index, rules, receiver, bool(rule), _targets(config, seen.salt))
        rows, more = desk.rows(found)
        if not as_json:
            _echo_head(found)
        emit(rows, ["rule", "target", "event", "stage", "why"], as_json=as_json)
        if more:
            click.echo(f"{more} more rules do not match; --rule tells why one does not", err=True)


def _chosen(config: Config, rule: str, receiver: str) -> list[Rule]:
    if receiver and receiver not in config.receivers:
        raise click.UsageError(f'there is no receiver "{receiver}" in rules.yaml')
    rules = [rule_named(config, rule)] if rule else list(config.rules.values())
    return [one for one in rules if not receiver or receiver in one.notify]


def _look(view: Reading, name: str, config: Config) -> _Seen:
    from rasid.archive.bringers import bringers
    from rasid.archive.replay import TARGET_SALT
    from rasid.archive.subjects import stored

    found, is_link = stored(view, name, config), name.startswith(("http://", "https://"))
    if len(found) > 1 and not is_link:
        raise click.ClickException(f"several items have an id that begins with {name}")
    if not found and not is_link:
        said = f"no stored item has this id: {name}; `rasid items` lists them"
        raise click.ClickException(said)
    near = [] if found else bringers(view, name, config.sources.values())
    states = {} if found else view.source_states()
    return _Seen([trace(view, one) for one in found], view.meta(TARGET_SALT), near, states)


def _targets(config: Config, salt: str) -> list[Target]:
    from rasid.alerts.targets import targets

    return list(targets(config, salt).values())


@dataclass(frozen=True, slots=True)
class _Desk:
    """Rules and receivers in force, as far as they are asked about."""

    config: Config
    index: RuleIndex
    rules: Sequence[Rule]
    receiver: str
    named: bool  # one rule was
    targets: Sequence[Target]

    def rows(self, found: Trace) -> tuple[list[dict[str, Any]], int]:
        """Return a row for each rule and target, and how many rules are left out."""
        from rasid.items.documents import document

        now = set(self.index.rules_of(document(found.item), found.item.first_seen))
        rows, missed = list[dict[str, Any]](), 0
        for rule in self.rules:
            came = fates(
                found, rule, matches=rule.id in now, config=self.config, targets=self.targets
            )
            missed += came[:1] != [] and came[0].stage == Stage.NO_MATCH
            if missed <= _MISSES or came[0].stage != Stage.NO_MATCH:
                rows += [self._row(found, rule, one) for one in came if self._concerns(one)]
        if not self.named:
            gone = [one for one in orphans(found, self.config.rules) if self._concerns(one)]
            rows += [self._row(found, None, one) for one in gone]
        return rows, max(0, missed - _MISSES)

    def _concerns(self, fate: Fate) -> bool:
        receiver = fate.target.partition("/")[0]
        return not self.receiver or not receiver or receiver == self.receiver

    def _row(self, found: Trace, rule: Rule | None, fate: Fate) -> dict[str, Any]:
        from rasid.archive.verdict import judge
        from rasid.items.documents import document

        verdict = None
        if rule is not None and fate.stage == Stage.NO_MATCH:
            verdict = judge(self.index, rule, document(found.item), found.item.first_seen)
        recorded: Match | None = found.matches.get(fate.rule)
        return {
            "id": found.item.id,
            "title": found.item.title,
            "known": True,
            "decision": found.item.decision,
            "first_seen": rfc3339(found.item.first_seen),
            "sources": list(found.sources),
            "page": found.page,
            "rule": fate.rule,
            "receiver": fate.target.partition("/")[0],
            "target": fate.target,
            "event": fate.event,
            "stage": fate.stage,
            "why": why_of(fate, self.config, verdict),
            "matched": recorded.rule_hash if recorded else "",
            "alert": fate.alert.id if fate.alert else "",
            "created_at": rfc3339(fate.alert.created_at) if fate.alert else None,
            "attempts": fate.attempts,
            "last_attempt_at": rfc3339(fate.at),
            "next_attempt_at": rfc3339(fate.next_at),
        }


def _echo_head(found: Trace) -> None:
    item = found.item
    click.echo(f"{show(item.title) or '(no title, or deleted since)'} [{item.id}]")
    others = [one for one in found.sources if one != item.source]
    known = f"; known, and not new, when {', '.join(others)} showed it" if others else ""
    first = "first seen by the first poll of" if item.only_seeded else "first seen by"
    click.echo(f"  {first} {item.source}, {rfc3339(item.first_seen)}{known}")
    if found.page:
        click.echo(f"  page of the item: {show(found.page)}")


def _echo_unknown(url: str, seen: _Seen, config: Config, *, as_json: bool) -> None:
    rows = [_source_row(url, one, seen.states.get(one.id), config) for one in seen.bringers]
    if not as_json:
        click.echo(f"No stored item has this link: {show(url)}")
    if not rows:
        none = "no source lies on its host, and no item of late links there"
        rows = [{"url": url, "known": False, "source": "", "why": none}]
    columns = ["source", "why", "last_poll", "outcome", "next_poll", "possible_gaps"]
    emit(rows, columns if rows[0]["source"] else ["why"], as_json=as_json)


def _source_row(
    url: str, source: Source, state: SourceState | None, config: Config
) -> dict[str, Any]:
    return {
        "url": url,
        "known": False,
        "source": source.id,
        "why": _how(source, state, config),
        "last_poll": rfc3339(state.last_poll_at) if state else None,
        "last_success": rfc3339(state.last_success_at) if state else None,
        "outcome": f"{state.outcome}: {state.reason}" if state and state.outcome else "",
        "next_poll": rfc3339(state.next_poll_at) if state and _is_polled(source, state) else None,
        "possible_gaps": state.possible_gaps if state else 0,
    }


def _is_polled(source: Source, state: SourceState) -> bool:
    return source.enabled and not state.paused and not state.gone


def _how(source: Source, state: SourceState | None, config: Config) -> str:
    """Return how a source does that would have brought a link."""
    from rasid.clock import wall_clock
    from rasid.health import words

    if not source.enabled:
        return "it is not enabled in rules.yaml"
    if state is None or state.last_poll_at is None:
        return "it was never polled"
    if state.paused:
        return "it is paused (rasid sources enable)"
    if trouble := words(state, wall_clock(), config.settings.failing_after):
        return trouble
    if state.failures:
        return f"its last poll failed: {state.detail or state.reason}"
    gaps = "; it may have come and gone between two polls" if state.possible_gaps else ""
    return f"it is polled well and did not show this link{gaps}"
