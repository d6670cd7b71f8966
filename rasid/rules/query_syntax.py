"""Where a query breaks off, and what stands side by side in it that may not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rasid.rules.query_errors import Mistake, foreign, odd_word
from rasid.rules.query_tree import Item, children, kind, span, start

if TYPE_CHECKING:
    from lark import Token

    from rasid.rules.query_tree import Node

EXPECTED: Final = 'expected: a word, a "phrase", a $list or ( ... )'
_OPERATORS: Final = frozenset({"OR", "AND", "NOT", "NEAR", "ATLEAST", "FIELD"})
_LONGEST: Final = 60  # of what a message repeats


def syntax(tokens: Sequence[Token], failed: Token) -> Mistake:
    """Return what is wrong where the parser could not go on."""
    before, open_brackets = _before(tokens, failed)
    last = before[-1] if before else None
    if failed.type == "$END":
        return _unfinished(last, open_brackets)
    at = int(failed.start_pos or 0)
    if failed.type == "RPAR" and last is not None and last.type == "LPAR":
        return Mistake(at, "nothing stands between the brackets", EXPECTED)
    if failed.type == "RPAR" and not open_brackets:
        return Mistake(at, "this ) closes no bracket", "take it away, or open one before it")
    if last is not None and last.type in _OPERATORS:
        return _nothing_after(last)
    return Mistake(at, f"nothing stands before {failed}", EXPECTED)


def _before(tokens: Sequence[Token], failed: Token) -> tuple[list[Token], list[Token]]:
    """Return the tokens up to the failed one, and the brackets open there."""
    before: list[Token] = []
    open_brackets: list[Token] = []
    for token in tokens:
        if failed.type != "$END" and token.start_pos == failed.start_pos:
            break
        before.append(token)
        if token.type == "LPAR":
            open_brackets.append(token)
        elif token.type == "RPAR" and open_brackets:
            open_brackets.pop()
    return before, open_brackets


def _unfinished(last: Token | None, open_brackets: Sequence[Token]) -> Mistake:
    if last is None:
        return Mistake(0, "the query is empty", EXPECTED)
    if last.type in _OPERATORS:
        return _nothing_after(last)
    if last.type == "LPAR":
        return Mistake(int(last.start_pos or 0), "nothing stands after this (", EXPECTED)
    at = int(open_brackets[-1].start_pos or 0)
    return Mistake(at, "this ( is never closed", "write ) where it ends")


def _nothing_after(last: Token) -> Mistake:
    return Mistake(int(last.start_pos or 0), f"a word is missing after {last}", EXPECTED)


def beside(text: str, found: Sequence[Item], links: Sequence[str]) -> list[Mistake]:
    """Return the places where nothing links words that stand side by side."""
    return [_side_by_side(text, run) for run in _runs(found, links)]


def _runs(found: Sequence[Item], links: Sequence[str]) -> Iterator[list[Node]]:
    run = [found[0].node]
    for item, link in zip(found[1:], links, strict=True):
        if not link and _is_plain(run[-1]) and _is_plain(item.node):
            run.append(item.node)
            continue
        if len(run) > 1:
            yield run
        run = [item.node]
    if len(run) > 1:
        yield run


def _is_plain(node: Node) -> bool:
    """Whether nothing else is wrong with a part that explains what follows it."""
    if kind(node) == "WORD":
        return not (foreign(str(node)) or odd_word(str(node)))
    if kind(node) == "near":  # NEAR 5 word
        *_, operator, last = children(node)
        return not (str(operator).endswith("NEAR") and str(last).isdecimal())
    return kind(node) != "UNCLOSED"


def _side_by_side(text: str, run: Sequence[Node]) -> Mistake:
    begin, end = span(run[0], run[-1])
    words = " ".join(text[begin:end].split())
    if len(words) > _LONGEST:
        words, hint = words[: _LONGEST - 3] + "...", "put a phrase in quotes; AND, OR or NEAR/5"
    elif all(kind(node) == "WORD" for node in run):
        hint = _how_to_link([str(node) for node in run])
    else:
        hint = "write AND, OR or NEAR/5 between them"
    return Mistake(begin, f"nothing links what stands side by side: {words}", hint)


def _how_to_link(words: Sequence[str]) -> str:
    """Return what to write between words, in double quotes if they stand in single ones."""
    single = [word.strip(",،") for word in words]
    if words[0][0] in "'‘‚" and words[-1][-1] in "'’‘":
        inside = " ".join(single)[1:-1]
        return f'a phrase stands in double quotes: "{inside}"'
    both = " AND ".join(single)
    if all(word[-1] in ",،" for word in words[:-1]):
        return f"for one of them write {' OR '.join(single)}, for all of them {both}"
    return f'as a phrase write "{" ".join(single)}", for words anywhere {both}'


def mixed(text: str, found: Sequence[Item], links: Sequence[str], at: int) -> Mistake:
    """Return that OR and AND meet: links[at] is not as the one before it."""
    one, two = links[at - 1], links[at]
    begin, end = span(found[at - 1].node, found[at + 1].node)
    where = start(found[at + 1].link or found[at + 1].node)
    if "\n" not in text[begin:end] and end - begin <= _LONGEST:
        before = ["", *links]
        a, b, c = (_shown(text, found[i], before[i]) for i in range(at - 1, at + 2))
        hint = f"write ({a} {one} {b}) {two} {c}, or {a} {one} ({b} {two} {c})"
    else:
        hint = f"put brackets around the part with {one}, or around that with {two}"
    return Mistake(where, f"{one} and {two} stand side by side without brackets", hint)


def _shown(text: str, item: Item, link: str) -> str:
    """Return an operand as written, without a NOT that links it to the one before."""
    begin, end = span(item.node, item.node)
    return text[start(item.inner) if link == "NOT" else begin : end]
