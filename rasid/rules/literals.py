"""What letters a regular expression cannot do without: whole words, and parts of words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Final, NamedTuple

from rasid.rules.runs import Choice, Fork, Part, Run, runs
from rasid.rules.shapes import MOST, RECASED, parsed, repeats

_SHORTEST: Final = 2  # letters of a part of a word that are worth looking for
_WHOLE: Final = 2  # letters that the ends of a word are worth
_DOT: Final = "\u0307"
_MOST_FORMS: Final = 10_000
_FIRST_MARK: Final = "\U00020000"  # a letter without case, and so are those after it
_MARK: Final = re.compile(f"[{_FIRST_MARK}-\U0002ffff]")
_LONGEST: Final = 40  # letters of a run in the case of `lowered`
_SOME: Final = rf"[^\\W\\d_]{{1,{_LONGEST}}}"
# letters, where they are nothing but letters; what else is to be passed over as one
_LETTERS: Final = re.compile(
    r"\\(?:x..|.)|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?[^:)>]*.|[^\W\d_]{2,}(?![*+?{])", re.DOTALL
)


# classes of letters to RE2 and `regex`, and none to Python; sets of which it warns that they may
# become nested, or be taken from one another: a warning is the whole process's
_TOLD_OTHERWISE: Final = re.compile(r"\[:|\[\^?\[|--|&&|~~|\|\|")


class Literals(NamedTuple):
    """Texts in the case of `lowered`, one of which every match has: `words` as whole words.

    They have no white space in them. `begins`: a match begins where it has one of them.
    `first` to `last`: the items of the expression where they stand.
    """

    words: frozenset[str]
    parts: frozenset[str]
    begins: bool
    first: int
    last: int
    worth: int  # letters of the shortest one, and more for a whole word

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.words) + len(self.parts)


class Needs(NamedTuple):
    """The one or two sets of literals most worth looking for.

    `after`: where matches have the second after the first, how many runs of white space are
    between them at most (`math.inf`: any number). `before`: likewise where it is before it.
    `form`: a wider expression, which many share; "" where there is none that is quickly tried.
    """

    first: Literals
    second: Literals | None = None
    after: float | None = None
    before: float | None = None
    form: str = ""


class _Form(NamedTuple):
    """What expressions have in common that differ in runs of letters only."""

    parts: tuple[Part, ...]
    spaces: tuple[float, ...]  # at most, of each item
    wider: str = ""  # with any letters in the place of each run


def needs(patterns: Iterable[str]) -> Iterator[Needs | None]:
    """Yield what each of some expressions needs.

    None for those that need nothing worth looking for, and those that Python's parser does
    not read as RE2 does. The case of letters in expressions and texts is left aside. Each
    form is read once: rules come in families.
    """
    known: dict[str, _Form | None] = {}
    for pattern in patterns:
        marked, names = _marked(pattern)
        if marked not in known:
            if len(known) >= _MOST_FORMS:
                known.clear()
            known[marked] = _form(marked, bool(names))
        form = known[marked]
        needed = _needs(form, names) if form else None
        is_long = max(map(len, names.values()), default=0) > _LONGEST
        yield needed._replace(form="") if needed and is_long else needed


def lowered(text: str) -> str:
    """Return a text in the one case in which literals are looked for, letter by letter.

    Turkish İ and ı count as i, as they do where an expression ignores case, and a dot above
    for nothing.
    """
    folded = text.casefold().replace(_DOT, "").replace("ı", "i")
    return folded.replace("\U0001df95", "ss")  # a capital ß that Python does not know


def _marked(pattern: str) -> tuple[str, Mapping[str, str]]:
    """Return a pattern with one letter in the place of each run of them, and what they are for.

    A letter that is repeated stays for itself.
    """
    names: dict[str, str] = {}
    if max(pattern, default="") >= _FIRST_MARK:
        return pattern, names
    marks = map(chr, count(ord(_FIRST_MARK)))

    def mark(found: re.Match[str]) -> str:
        text = found[0]
        if not text.isalpha() or not RECASED.isdisjoint(text):
            return text
        names[letter := next(marks)] = lowered(text)
        return letter

    return _LETTERS.sub(mark, pattern), names


def _form(pattern: str, is_marked: bool) -> _Form | None:
    if _TOLD_OTHERWISE.search(pattern):
        return None
    try:
        items = parsed(pattern)
    except Exception:  # noqa: BLE001 - whatever it cannot read is looked for without letters
        return None
    spaces = tuple(item.shape.spaces for item in items)
    if not is_marked or repeats(pattern, _is_mark):
        return _Form(runs(items), spaces)
    return _Form(runs(items), spaces, _MARK.sub(_SOME, pattern))


def _is_mark(char: str) -> bool:
    return char >= _FIRST_MARK


def _needs(form: _Form, names: Mapping[str, str]) -> Needs | None:
    found = sorted(_sets(form.parts, names), key=_worth)
    if len(found) < 2:
        return Needs(found[0], form=form.wider) if found else None
    second, first = found[-2:]
    spaces = form.spaces
    after, before = _between(spaces, first, second), _between(spaces, second, first)
    return Needs(first, second, after, before, form.wider)


def _worth(found: Literals) -> tuple[int, bool, int]:
    return found.worth, found.begins, -found.size


def _between(spaces: Sequence[float], one: Literals, two: Literals) -> float | None:
    """Return how much white space is between two of a match; None where two is not after one."""
    return sum(spaces[one.first : two.last + 1]) if one.last < two.first else None


def _sets(parts: Iterable[Part], names: Mapping[str, str]) -> Iterator[Literals]:
    """Yield a set of literals for each part that has one."""
    for part in parts:
        found = _of_run(part, names) if isinstance(part, Run) else _of_branches(part, names)
        if found is not None:
            yield found


def _of_branches(fork: Fork, names: Mapping[str, str]) -> Literals | None:
    """Return the best of what each branch needs, as one set."""
    each = [max(_sets(branch, names), key=_worth, default=None) for branch in fork.branches]
    best = [found for found in each if found is not None]
    words = frozenset[str]().union(*(found.words for found in best))
    parts = frozenset[str]().union(*(found.parts for found in best))
    if len(best) < len(each) or len(words) + len(parts) > MOST:
        return None
    begins, worth = all(found.begins for found in best), min(found.worth for found in best)
    return Literals(words - parts, parts, begins, fork.at, fork.at, worth)


def _of_run(run: Run, names: Mapping[str, str]) -> Literals | None:
    """Return what is best looked for of each text of a run, as one set."""
    found: dict[bool, set[str]] = {True: set(), False: set()}  # by whether it is a whole word
    begins, worths = run.begins, []
    for choices in run.texts:
        worth, is_whole, place, literal = max([_weighed(choice, names) for choice in choices])
        if not worth:
            return None
        found[is_whole].add(literal)
        worths.append(worth)
        begins = begins and place == 0
    words, parts = frozenset(found[True] - found[False]), frozenset(found[False])
    return Literals(words, parts, begins, run.first, run.last, min(worths))


def _weighed(choice: Choice, names: Mapping[str, str]) -> tuple[int, bool, int, str]:
    """Return what letters are worth looking for, 0: not at all, and how.

    Places are negative, so that of what is worth the same the first is the greatest. One that
    begins with a dot above does not begin where its literal does.
    """
    letters, is_whole, place = choice
    literal = names.get(letters)
    if literal is None:
        literal = "".join(names[one] if one in names else lowered(one) for one in letters)
    place += letters[0] == _DOT
    if not literal or (len(literal) < _SHORTEST and not is_whole):
        return 0, is_whole, -place, literal
    return len(literal) + _WHOLE * is_whole, is_whole, -place, literal
