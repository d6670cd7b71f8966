"""The words of a rule as a condition, checked for what could never or would always match."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import structs

from rasid.config.lists import LIST, Lists, Where, term
from rasid.config.problems import Problems
from rasid.config.queries import expressions, query
from rasid.config.schema_rules import ConditionIn, RuleIn, WordIn, WordsIn
from rasid.config.tree import spot_of
from rasid.settings import ALL_FIELDS, Condition, Part, is_open

_MORE: Final = "add any:, all:, title: or query:, or allow_match_all: true"
_BESIDE: Final = "put NOT beside AND: b NOT a, not NOT a OR b"
_BESIDE_WHERE: Final = ("not_where", "together", "certainty", "demonyms")
_OPEN: Final = "this part asks for no word, so it would match everything"
_MORE_KEYS: Final = frozenset({"at_least", "query", "regex", *ALL_FIELDS})
Path = tuple[int | str, ...]
WrittenEntry = str | WordIn | ConditionIn


def build(written: RuleIn, lists: Lists, where: Where) -> Condition:
    """Return the condition of a rule with its lists expanded and its queries read."""
    builder = _Builder(lists, where, everything=written.allow_match_all)
    known = len(lists.problems.found)
    condition = builder.build(written)
    meant = written.allow_match_all or bool(written.where)  # all that happens there
    if is_open(condition) and not meant and known == len(lists.problems.found):
        choice = bool(written.query) and _is_choice(condition)
        path = ("query",) if choice else ()
        builder.add(path, _what_is_open(condition), _BESIDE if choice else _MORE)
    return condition


def check_places(written: RuleIn, condition: Condition, where: Where, problems: Problems) -> None:
    """Note keys about places that say nothing without the place, or without words."""

    def add(key: str, message: str, hint: str) -> None:
        problems.add(where.file, spot_of(where.tree, (key,)), f"{where.label}: {message}", hint)

    if not written.where:
        for key in _BESIDE_WHERE:
            if key in written.model_fields_set:
                add(
                    key, f"{key}: says nothing without where:", "add where: [NAME], or take it away"
                )
    elif written.together not in (None, "item") and not _has_words(condition):
        message = "together: binds words to the place, and the rule has no words"
        add("together", message, "add any:, all: or query:, or take it away")


def _what_is_open(condition: Condition) -> str:
    if not _has_words(condition):
        return "has no words, so it would match everything"
    if _is_choice(condition):
        return "would also match every text that has none of its words"
    return "has vetoes only (none: or NOT), so it would match everything else"


def _is_choice(condition: Condition) -> bool:
    return any(map(_has_choice, (condition, *condition.all)))


def _has_words(part: Part) -> bool:
    return not isinstance(part, Condition) or any(
        map(_has_words, (*part.any, *part.all, *part.none))
    )


def _has_choice(part: Part) -> bool:
    return isinstance(part, Condition) and bool(part.any)


class _Builder:
    """Builds the condition of one rule. `everything`: it may match every text."""

    def __init__(self, lists: Lists, where: Where, *, everything: bool) -> None:
        self._lists = lists
        self._where = where
        self._everything = everything

    def add(self, path: Path, message: str, hint: str = "") -> None:
        """Note a mistake."""
        spot = spot_of(self._where.tree, path)
        separator = " " if message.startswith(("has ", "would ")) else ": "
        message = f"{self._where.label}{separator}{message}"
        self._lists.problems.add(self._where.file, spot, message, hint)

    def build(self, written: WordsIn, path: Path = (), field: str = "") -> Condition:
        """Return a condition; `field` is the one around it, in which it is looked for."""
        counted = written.at_least is not None and len(written.any) > 1
        found = Condition(
            self._entries("any", written.any, path, field, whole=counted),
            self._entries("all", written.all, path, field, whole=True),
            self._entries("none", written.none, path, field, whole=False),
            written.at_least or 1,
        )
        if written.model_fields_set.isdisjoint(_MORE_KEYS):
            return found
        if written.at_least is not None:
            self._check_count(found, path)
        more = (*self._regex(written, path), *self._fields(written, path, field))
        if more:
            found = structs.replace(found, all=(*found.all, *more))
        if written.query:
            for part in query(written.query, self._lists, self._where, (*path, "query"), field):
                found = _joined(found, part)
        return found

    def _entries(
        self, key: str, entries: Sequence[WrittenEntry], path: Path, field: str, *, whole: bool
    ) -> tuple[Part, ...]:
        """Return the entries of a key; with `whole` a list is one entry: any of its words."""
        if not entries:
            return ()
        found: list[Part] = []
        for at, entry in enumerate(entries):
            here = (*path, key, at)
            if isinstance(entry, ConditionIn):
                found.append(self._nested(entry, here, field, in_any=key == "any"))
            elif isinstance(entry, str) and entry[0] == "$" and (match := LIST.fullmatch(entry)):
                terms = self._lists.terms(match[1], self._where, here)
                found += [Condition(any=terms)] if whole and terms else terms
            else:
                found.append(term(entry, self._where, here, self._lists.problems))
        return tuple(found)

    def _nested(self, entry: ConditionIn, path: Path, field: str, *, in_any: bool) -> Condition:
        known = len(self._lists.problems.found)
        found = self.build(entry, path, field)
        if known == len(self._lists.problems.found):
            if not _has_words(found):
                self.add(path, _OPEN, "add any:, all: or query: to it")
            elif in_any and is_open(found) and not self._everything:
                self.add(path, _OPEN, "add any: or all: to it")
        return found

    def _regex(self, written: WordsIn, path: Path) -> tuple[Part, ...]:
        if not written.regex:
            return ()
        return expressions(
            written.regex, self._lists, self._where, (*path, "regex"), everything=self._everything
        )

    def _fields(self, written: WordsIn, path: Path, field: str) -> Iterator[Part]:
        for key in ALL_FIELDS:
            inside = getattr(written, key)
            if not isinstance(inside, ConditionIn):  # absent, or the tags of the rule itself
                continue
            here = (*path, key)
            if field:
                self.add(here, f"{key}: cannot stand inside {field}:")
            found = self._nested(inside, here, key, in_any=False)
            yield structs.replace(found, fields=(key,))

    def _check_count(self, found: Condition, path: Path) -> None:
        here = (*path, "at_least")
        if not found.any:
            self.add(here, "at_least: counts entries of any:, and there is no any:", "add any:")
        elif found.at_least > len(found.any):
            message = f"at_least: {found.at_least} is more than any: has ({len(found.any)})"
            self.add(here, message, "then the rule could never match")


def _joined(found: Condition, part: Part) -> Condition:
    """Return a condition and a part, both of which must hold."""
    if not isinstance(part, Condition) or part.fields or (part.any and found.any):
        return structs.replace(found, all=(*found.all, part))
    return Condition(
        any=found.any or part.any,
        all=(*found.all, *part.all),
        none=(*found.none, *part.none),
        at_least=found.at_least if found.any else part.at_least,
    )
