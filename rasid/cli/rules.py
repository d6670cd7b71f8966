"""`rasid rules`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

import click

from rasid.archive.covered import Covered
from rasid.archive.expansion import Expanded
from rasid.cli.covered import echo_covered
from rasid.cli.options import Place, asked_to_list, with_json, with_place
from rasid.cli.output import emit, rfc3339
from rasid.cli.rule_names import rule_named
from rasid.cli.session import with_storage
from rasid.models import RuleVersion
from rasid.protocols import Reading
from rasid.settings import Config, Rule

_SHORT_HASH: Final = 8  # of a version, in the table

_Seen = tuple[Mapping[str, Mapping[int, int]], list[RuleVersion]]


@click.group(invoke_without_command=True)
@with_json
@with_place
@click.pass_context
def command(ctx: click.Context, place: Place, *, as_json: bool) -> None:
    """List rules with their version and what they matched; show what their words became."""
    if not asked_to_list(ctx):
        return
    from rasid.archive.activity import since_of
    from rasid.atlas import configured
    from rasid.clock import wall_clock

    config, now = configured(place), wall_clock()

    def look(view: Reading) -> _Seen:
        return view.match_counts(since_of(now)), view.rule_versions()

    seen = with_storage(place, lambda storage: storage.read(look))
    rows = _rows(config, *seen)
    if not as_json:
        rows = [_table_row(row) for row in rows]
    emit(rows, ["rule", "version", "since", "matches_30d", "receivers"], as_json=as_json)


def _table_row(row: Mapping[str, Any]) -> dict[str, Any]:
    receivers = ", ".join(row["receivers"])
    return {**row, "version": row["version"][:_SHORT_HASH], "receivers": receivers}


def _rows(
    config: Config, counts: Mapping[str, Mapping[int, int]], versions: list[RuleVersion]
) -> list[dict[str, Any]]:
    from rasid.archive.activity import totals

    matched = totals(counts)
    since = {(one.rule, one.hash): one.first_seen_at for one in versions}
    how_many = Counter(one.rule for one in versions)
    return [
        {
            "rule": rule.id,
            "version": rule.hash,
            "since": rfc3339(since.get((rule.id, rule.hash))),
            "versions": how_many[rule.id],
            "matches_30d": matched.get(rule.id, 0),
            "receivers": list(rule.notify),
        }
        for rule in config.rules.values()
    ]


@command.command
@click.argument("rule", default="")
@click.option("--word", default="", help="A word or phrase that need not stand in a rule.")
@click.option("--language", default="", help="The language of --word, as in rules: ar, fa, tr.")
@click.option(
    "--places",
    default=10,
    show_default=True,
    type=click.IntRange(0, 10_000),
    help="How many places and names to list of each entry of where.",
)
@with_json
@with_place
def expand(
    place: Place, *, rule: str, word: str, language: str, places: int, as_json: bool
) -> None:
    """Show what each word of RULE became: its language, whether it is known, its forms.

    Of where and not_where: how many places each entry covers, what it is called, the largest.
    """
    from rasid.archive.expansion import expanded, expanded_word
    from rasid.atlas import configured
    from rasid.loading import cache_of
    from rasid.settings import Term
    from rasid.text.dictionary import Dictionaries

    if bool(rule) == bool(word):
        raise click.UsageError("name a rule, or give --word")
    dictionaries = Dictionaries(cache_of(place))
    where: list[Covered] = []
    if word:
        found = expanded_word(Term(word, language=language), dictionaries)
    else:
        config = configured(place)
        found = expanded(rule_named(config, rule), config, dictionaries)
        where = _covered(place, config, rule_named(config, rule), places)
    columns = ["list", "term", "word", "language", "known", "forms"]
    if found:
        emit(_json_rows(found) if as_json else map(_row, found), columns, as_json=as_json)
    echo_covered(where, places, as_json=as_json)


def _covered(place: Place, config: Config, rule: Rule, most: int) -> list[Covered]:
    """Return what a rule's places cover; nothing is opened where it names none."""
    if not rule.where and not rule.not_where:
        return []
    from rasid.archive.covered import covered
    from rasid.atlas import atlas_of
    from rasid.places.own import with_own

    gazetteer = with_own(atlas_of(place).open(), config.places)
    return list(covered(rule, gazetteer, config.settings.language, most))


def _json_rows(found: Iterable[Expanded]) -> Iterable[dict[str, Any]]:
    for one in found:
        yield {
            "term": one.term,
            "word": one.word,
            "lists": list(one.lists),
            "language": one.language,
            "known": one.known,
            "how": one.how,
            "clitics": one.clitics,
            "capitals": one.capitals,
            "forms": list(one.forms),
        }


def _row(one: Expanded) -> dict[str, Any]:
    notes = [one.how] if one.how else []
    notes += ["with Arabic clitics"] if one.clitics else []
    notes += ["in capitals"] if one.capitals else []
    more = f" ({', '.join(notes)})" if notes else ""
    return {
        "list": ", ".join(f"${name}" for name in one.lists),
        "term": one.term,
        "word": one.word,
        "language": one.language,
        "known": "" if one.how else "yes" if one.known else "no",
        "forms": f"{', '.join(one.forms)}{more}".strip(),
    }
