"""`rasid check`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import click

from rasid.cli.check_gates import echo_gates, gate_rows
from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import emit
from rasid.counted import counted
from rasid.errors import ConfigError, Problem, SecretError
from rasid.notifiers.schemes import hidden
from rasid.progress import progress
from rasid.secret import fill
from rasid.settings import Config

if TYPE_CHECKING:
    from rasid.archive.coverage import Coverage
    from rasid.models import Document
    from rasid.rules import RuleIndex

_MOST_COVERED: Final = 50  # entries that are shown


@click.command
@with_json
@with_place
def command(place: Place, *, as_json: bool) -> None:
    """Check rules.yaml and run the examples of its rules.

    Exit 0 well, 1 an example fails, 2 the configuration is invalid. With --json a line for each
    mistake, warning, failed example, entry of where: and rule with gates; the last one sums up.
    """
    from rasid.atlas import atlas_of
    from rasid.loading import compiled
    from rasid.rules import run_examples

    try:
        with progress("compiling rules"):
            config, index = compiled(place, atlas_of(place))
        wrong, doubtful = _receivers(config)
        if wrong:
            raise ConfigError(wrong)
    except ConfigError as error:
        if not as_json:
            raise
        emit(_invalid(place, error.problems), [], as_json=True)
        sys.exit(2)
    warnings = [*config.warnings, *doubtful]
    with progress("running examples"):
        failed = run_examples(config, index, lambda rule, text: _clause(index, rule, text))
    covered = _coverage(place, config)
    if as_json:
        emit(_valid(place, config, warnings, failed, covered), [], as_json=True)
    else:
        _show(place, config, warnings, failed)
        _show_coverage(covered)
        echo_gates(config)
    sys.exit(1 if failed else 0)


def _receivers(config: Config) -> tuple[list[Problem], list[Problem]]:
    """Return what is wrong with the URLs of receivers: for certain, and by what is written."""
    from rasid.notifiers.apprise import problem_of

    wrong: list[Problem] = []
    doubtful: list[Problem] = []
    for receiver in config.receivers.values():
        for url in receiver.urls:
            if text := problem_of(url.template):
                message = f'receiver "{receiver.id}": {hidden(url.template)} {text}'
                found = Problem(url.file, url.line, message, "", url.column)
                (wrong if _is_whole(url.template) else doubtful).append(found)
    return wrong, doubtful


def _clause(index: RuleIndex, rule: str, document: Document) -> str:
    """Return which clause of a rule fails first."""
    from rasid.archive.misses import explain_miss

    found = explain_miss(index, rule, document)
    return f"first clause that fails: {found.clause}" if found else ""


def _coverage(place: Place, config: Config) -> list[Coverage]:
    """Return how many places rules cover; nothing is opened where no rule names any."""
    if not config.gazetteer:
        return []
    from rasid.archive.coverage import coverage
    from rasid.atlas import atlas_of
    from rasid.places.own import with_own

    return list(coverage(config, with_own(atlas_of(place).open(), config.places)))


def _show_coverage(covered: Sequence[Coverage]) -> None:
    for one in covered[:_MOST_COVERED]:
        note = f" ({one.note})" if one.note else ""
        click.echo(f"  {one.rule}: {one.place}: {counted(one.places, 'place')}{note}")
    if (more := len(covered) - _MOST_COVERED) > 0:
        click.echo(f"  and {more} more of where:")


def _is_whole(template: str) -> bool:
    """Tell whether every secret of a URL is at hand."""
    try:
        fill(template)
    except SecretError:
        return False
    return True


def _invalid(place: Place, mistakes: Sequence[Problem]) -> Iterator[dict[str, Any]]:
    yield from (_row("mistake", one) for one in mistakes)
    yield {
        "kind": "summary",
        "file": str(place.config),
        "valid": False,
        "mistakes": len(mistakes),
    }


def _valid(
    place: Place,
    config: Config,
    warnings: Sequence[Problem],
    failed: Sequence[Problem],
    covered: Sequence[Coverage],
) -> Iterator[dict[str, Any]]:
    yield from (_row("warning", one) for one in warnings)
    yield from (_row("example", one) for one in failed)
    yield from ({"kind": "where", **asdict(one)} for one in covered)
    yield from gate_rows(config)
    yield {
        "kind": "summary",
        "file": str(place.config),
        "valid": True,
        "mistakes": 0,
        "warnings": len(warnings),
        "sources": len(config.sources),
        "receivers": len(config.receivers),
        "rules": len(config.rules),
        "examples": _examples(config),
        "examples_failed": len(failed),
    }


def _row(kind: str, problem: Problem) -> dict[str, Any]:
    return {
        "kind": kind,
        "file": problem.file,
        "line": problem.line or None,
        "column": problem.column or None,
        "message": problem.message,
        "hint": problem.hint,
    }


def _show(
    place: Place, config: Config, warnings: Sequence[Problem], failed: Sequence[Problem]
) -> None:
    for warning in warnings:
        click.echo(f"warning: {warning}", err=True)
    for problem in failed:
        click.echo(str(problem), err=True)
    examples = _examples(config)
    parts = [
        counted(len(config.sources), "source"),
        counted(len(config.receivers), "receiver"),
        counted(len(config.rules), "rule"),
        f"{examples - len(failed)} of {counted(examples, 'example')} as said",
    ]
    click.echo(f"{place.config}: {', '.join(parts)}")


def _examples(config: Config) -> int:
    return sum(
        len(rule.examples.match) + len(rule.examples.no_match) for rule in config.rules.values()
    )
