"""`rasid why`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from rasid.alerts.gates.keeping import gates_about
from rasid.alerts.gates.notes import COUNTED, gate_text
from rasid.archive.verdict import Verdict
from rasid.cli.evidence import echo_evidence, evidence_in_context
from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import emit, show
from rasid.cli.rule_names import rule_named
from rasid.cli.session import with_archive
from rasid.items.lines import BadLine
from rasid.models import Alert, Decision, Document, Gate, GateState, Item, Match
from rasid.progress import progress
from rasid.protocols import Reading, Storage
from rasid.settings import Config, Rule

_SILENT = {
    Decision.SEEDED: "seeded: the first poll of its source found it, which alerts on nothing",
    Decision.TOO_OLD: "too_old: it was published too long before it was seen",
}
_ASKED_FOR = "which alerts only on what is asked for (backfill_alerts, backtest --send)"


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the database has about an item and a rule."""

    item: Item
    recorded: Match | None
    alerts: list[Alert]
    gate: Gate | None
    is_counted: bool  # and not told singly


@click.command
@click.argument("rule")
@click.argument("item", metavar="ITEM|URL|FILE")
@with_json
@with_place
def command(place: Place, *, rule: str, item: str, as_json: bool) -> None:
    """Say why RULE matches an item or not: the words, or the first clause that fails.

    ITEM is the id of a stored item or its beginning, URL the link of one, FILE items as JSON
    lines or a plain text whose first sentence is the title.
    """
    from rasid.archive.verdict import judge
    from rasid.atlas import atlas_of
    from rasid.clock import wall_clock
    from rasid.items.documents import document
    from rasid.loading import compiled

    with progress("compiling rules"):
        config, index = compiled(place, atlas_of(place))
    chosen = rule_named(config, rule)
    rows: list[dict[str, Any]] = []
    bad = 0
    if Path(item).is_file():
        for read in _from_file(Path(item)):
            if isinstance(read, BadLine):
                bad += 1
                click.echo(f"{item}:{read.number}: {read.why}", err=True)
            else:
                rows.append(_row(judge(index, chosen, read, wall_clock()), read))
    else:
        for one in _from_store(place, config, chosen, item):
            read = document(one.item)
            verdict = judge(index, chosen, read, one.item.first_seen)
            rows.append(_row(verdict, read) | _stored_row(one))
    if as_json:
        emit(rows, [], as_json=True)
    else:
        for row in rows:
            _echo(row)
    sys.exit(1 if bad else 0)


def _from_file(path: Path) -> list[Document | BadLine]:
    from rasid.archive.subjects import from_file

    try:
        return from_file(path, path.read_bytes())
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from error


def _from_store(place: Place, config: Config, rule: Rule, name: str) -> list[_Stored]:
    from rasid.archive.subjects import stored

    def look(view: Reading) -> list[_Stored]:
        return [_about(view, one, rule) for one in stored(view, name, config)]

    async def read(storage: Storage) -> list[_Stored]:
        return await storage.read(look)

    found = with_archive(place, read)
    is_link = name.startswith(("http://", "https://"))
    if not found:
        what = "no stored item has this link" if is_link else "no stored item has this id, no file"
        raise click.ClickException(f"{what}: {name}; `rasid items` lists them")
    if len(found) > 1 and not is_link:
        raise click.ClickException(f"several items have an id that begins with {name}")
    return found


def _about(view: Reading, item: Item, rule: Rule) -> _Stored:
    recorded = [match for match in view.matches(item.id) if match.rule == rule.id]
    alerts = [one for one in view.alerts_on(item.id) if one.rule == rule.id]
    gate = gates_about(view, item.id).get(rule.id)
    return _Stored(item, next(iter(recorded), None), alerts, gate, rule.gates.spike is not None)


def _gate_row(stored: _Stored) -> dict[str, Any] | None:
    if stored.is_counted:
        return {"state": GateState.COUNTING, "text": COUNTED}
    if (gate := stored.gate) is None:
        return None
    items = [one[0] for one in gate.facts["reports"]]
    return {"state": gate.state, "story": gate.subject, "text": gate_text(gate), "items": items}


def _row(verdict: Verdict, document: Document) -> dict[str, Any]:
    evidence = verdict.match.evidence if verdict.match else ()
    return {
        "id": document.id,
        "title": document.title,
        "rule": verdict.rule,
        "rule_hash": verdict.rule_hash,
        "matches": verdict.matches,
        "excluded": verdict.excluded,
        "clause": verdict.miss.clause if verdict.miss else "",
        "nearest": verdict.miss.nearest if verdict.miss else "",
        "veto": verdict.miss.veto if verdict.miss else False,
        "evidence": evidence_in_context(evidence, document),
    }


def _stored_row(stored: _Stored) -> dict[str, Any]:
    recorded = stored.recorded
    return {
        "decision": stored.item.decision,
        "only_seeded": stored.item.only_seeded,
        "revision": stored.item.revision,
        "pruned": not (stored.item.title or stored.item.summary or stored.item.text),
        "recorded": recorded.rule_hash if recorded else "",
        "alerts": [
            {"id": one.id, "target": one.target, "state": one.state} for one in stored.alerts
        ],
        "gate": _gate_row(stored),
    }


def _echo(row: Mapping[str, Any]) -> None:
    click.echo(f"{show(row['title']) or '(no title)'} [{show(row['id'])}]")
    if row["matches"]:
        click.echo(f"Rule {show(row['rule'])} matches.")
    else:
        click.echo(f"Rule {show(row['rule'])} does not match.")
    if row["excluded"]:
        click.echo(f"  kept out by {show(row['excluded'])}")
    if row["clause"]:
        click.echo(f"  first clause that fails: {show(row['clause'])}")
        if not row["veto"]:
            click.echo(f"  nearest: {show(row['nearest']) or 'nothing like it'}")
    echo_evidence(row["evidence"])
    if "decision" in row:
        _echo_stored(row)


def _echo_stored(row: Mapping[str, Any]) -> None:
    if row["pruned"]:
        click.echo("  its texts were deleted (settings.retention)")
    shown_later = row["decision"] is Decision.SEEDED and not row["only_seeded"]
    if (why := _SILENT.get(row["decision"])) and not shown_later:
        asked_for = why.replace("which alerts on nothing", _ASKED_FOR)
        click.echo(f"  {asked_for if row['alerts'] else why}")
    if row["recorded"] and row["recorded"] != row["rule_hash"]:
        click.echo(f"  matched when it came, by another version of the rule: {row['recorded']}")
    elif row["recorded"]:
        click.echo("  matched when it came, by this version of the rule")
    else:
        click.echo("  did not match when it came, or the rule was not in force then")
    if row["gate"]:
        click.echo(f"  gate: {row['gate']['text']}")
    for alert in row["alerts"]:
        click.echo(f"  alert {alert['id']} to {show(alert['target'])}: {alert['state']}")
