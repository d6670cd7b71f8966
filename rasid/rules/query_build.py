"""From what the parser found in a query to the parts of a condition, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from rasid.rules.query_errors import Mistake, field_hint, foreign, odd_word
from rasid.rules.query_syntax import beside, mixed, syntax
from rasid.rules.query_tree import Item, children, items, kind, linked, start, tokens
from rasid.settings import ALL_FIELDS, Condition, Near, Part, Term, Times
from rasid.text.wildcards import fault_of

if TYPE_CHECKING:
    from lark import Token

    from rasid.rules.query_tree import Node

Lists = Mapping[str, Sequence[Term]]
Nearest = Callable[[str, Iterable[str]], str]

MOST: Final = 1_000  # words between, and times
_DEEPEST: Final = 40
_WHATEVER: Final = Term("x")  # stands for what is wrong
_COUNTS: Final = "ATLEAST/N counts a word, a phrase, a $list or (a OR b)"
_JOINS: Final = "NEAR joins words, phrases, $lists and (a OR b)"
_HINTS: Final = {
    ("ATLEAST", "FIELD"): "write title:ATLEAST/3 word",
    ("NEAR", "AND"): f"{_JOINS}: write (a NEAR/5 b) AND (a NEAR/5 c)",
    ("NEAR", "NOT"): f"{_JOINS}: write (a NEAR/5 b) NOT c",
    ("NEAR", "FIELD"): f"{_JOINS}: write title:(a NEAR/5 b)",
}
_NUMBERS: Final = {  # the least, what it counts
    "NEAR": (0, "how many words may stand between; AND is for anywhere"),
    "ONEAR": (0, "how many words may stand between; AND is for anywhere"),
    "ATLEAST": (1, "how many times the word must be there"),
}
_NOT_INSIDE: Final = ("AND", "NOT", "FIELD", "ATLEAST")


class Builder:
    """Builds one query; every mistake ends up in `mistakes`."""

    def __init__(self, text: str, lists: Lists, nearest: Nearest, inside: str = "") -> None:
        self.mistakes: list[Mistake] = []
        self._text = text
        self._lists = lists
        self._nearest = nearest
        self._inside = inside
        self._depth = 0

    def read_words(self, found: Sequence[Token], failed: Token) -> None:
        """Note where the parser could not go on, and what is wrong with single words."""
        if not any(token.type == "UNCLOSED" for token in found):
            self.mistakes.append(syntax(found, failed))
        for token in found:
            if token.type in ("NEAR", "ATLEAST"):
                self._number(token)
            elif token.type == "FIELD":
                self._name(token)
            elif token.type in _BUILD:
                self.build(token)

    def build(self, node: Node) -> Part:
        """Return the part that a node means."""
        if self._depth > _DEEPEST:
            self._note(node, f"nested deeper than {_DEEPEST} levels")
            return _WHATEVER
        self._depth += 1
        part = _BUILD[kind(node)](self, node)
        self._depth -= 1
        return part

    def _note(self, node: Node, message: str, hint: str = "") -> None:
        self.mistakes.append(Mistake(start(node), message, hint))

    def word(self, node: Node) -> Part:
        """A bare word, which may have wildcards."""
        text = str(node)
        if fault := foreign(text) or odd_word(text) or fault_of(text):
            self._note(node, *fault)
        return Term(text)

    def quoted(self, node: Node) -> Part:
        """A phrase, or exactly this spelling."""
        exact = kind(node) == "EXACT"
        text = " ".join(str(node)[1 + exact : -1].split())
        if fault := fault_of(text, exact=exact):
            self._note(node, *fault)
        return Term(text, exact=exact)

    def unclosed(self, node: Node) -> Part:
        """A quote without its end."""
        quote = str(node).lstrip("=")[0]
        self._note(node, f"this {quote} is never closed", 'write " where the phrase ends')
        return _WHATEVER

    def listed(self, node: Node) -> Part:
        """The words of a list."""
        name = str(node)[1:]
        if name not in self._lists:
            known = map("${}".format, self._lists)  # with its $, to be copied
            hint = self._nearest(f"${name}", known) or f'for the word itself write "${name}"'
            self._note(node, f"unknown list ${name}", hint)
        terms = tuple(self._lists.get(name, ())) or (_WHATEVER,)
        return Condition(any=terms) if len(terms) > 1 else terms[0]

    def group(self, node: Node) -> Part:
        """What stands in brackets."""
        return self.build(children(node)[1])

    def field(self, node: Node) -> Part:
        """A part that is looked for in one field."""
        token, inner = children(node)
        name = self._name(token)
        self._refuse(inner, ("FIELD",), str(token), "one field at a time")
        part = self.build(inner)
        if isinstance(part, Condition) and not part.fields:
            return Condition(part.any, part.all, part.none, part.at_least, (name,))
        return Condition(any=(part,), fields=(name,))

    def _name(self, node: Node) -> str:
        name = str(node)[:-1]
        if name not in ALL_FIELDS:
            self._note(node, f'"{name}" is no field', field_hint(name, self._nearest))
        elif self._inside:
            self._note(node, f"{node} cannot stand inside {self._inside}:", "one field at a time")
        return name

    def times(self, node: Node) -> Part:
        """A part that must be there several times."""
        token, inner = children(node)
        self._refuse(inner, _NOT_INSIDE, "ATLEAST", _COUNTS)
        return Times(self.build(inner), self._number(token))

    def near(self, node: Node) -> Part:
        """Parts that stand close together."""
        part: Part | None = None
        distance, ordered, many = 0, False, 0
        for each in children(node):
            if kind(each) == "NEAR":
                distance, ordered = self._number(each), str(each).startswith("O")
                continue
            self._refuse(each, _NOT_INSIDE, "NEAR", _JOINS)
            if kind(each) == "NOT":  # NEAR/5 NOT word
                continue
            right = self.build(each)
            part = right if part is None else Near(part, right, distance, ordered)
            many += 1
            if many > _DEEPEST:
                self._note(each, f"more than {_DEEPEST} NEAR in a row")
                break
        return part or _WHATEVER

    def _refuse(self, node: Node, kinds: Sequence[str], around: str, hint: str) -> None:
        for token in tokens(node):
            if token.type in kinds:
                said = _HINTS.get((around, token.type), hint)
                self._note(token, f"{token} cannot stand inside {around}", said)

    def _number(self, node: Node) -> int:
        name, _, number = str(node).partition("/")
        least, what = _NUMBERS[name]
        if not number.isdecimal():
            self._note(node, f"{name} needs a number", f"such as {name}/8, {what}")
            return least
        found = int(number[:9])
        if not least <= found <= MOST:
            self._note(node, f"{node}: the number goes from {least} to {MOST:,}", f"it is {what}")
        return found

    def negation(self, node: Node) -> Part:
        """A veto."""
        return Condition(none=(self.build(children(node)[-1]),))

    def query(self, node: Node) -> Part:
        """Parts that are linked by AND and NOT, or by OR."""
        found = items(node)
        self._check(found)
        if any(item.link == "OR" for item in found):
            return Condition(any=tuple(self._alternatives(found)))
        parts = [(item.nots % 2, self.build(item.inner)) for item in found]
        return Condition(
            all=tuple(part for veto, part in parts if not veto),
            none=tuple(part for veto, part in parts if veto),
        )

    def _alternatives(self, found: Sequence[Item]) -> Iterable[Part]:
        for item in found:
            part = self.build(item.inner)
            if item.nots % 2:
                yield Condition(none=(part,))
            elif kind(item.node) == "LIST" and isinstance(part, Condition):
                yield from part.any
            else:
                yield part

    def _check(self, found: Sequence[Item]) -> None:
        """Note operands that nothing links, OR beside AND, and NOT said twice."""
        links = linked(found)
        self.mistakes += beside(self._text, found, links)
        for at, (one, two) in enumerate(pairwise(links), 1):
            if one and two and (one == "OR") != (two == "OR"):
                self.mistakes.append(mixed(self._text, found, links, at))
                break
        for item, link in zip(found, ["OR", *links], strict=True):
            if item.nots > 1 + (link == "NOT"):
                self._note(item.node, "NOT stands here twice", "take one NOT away, or both")


def _alone(builder: Builder, node: Node) -> Part:
    if len(children(node)) > 2:
        builder.mistakes.append(
            Mistake(start(node), "NOT stands here twice", "take one NOT away, or both")
        )
    return builder.negation(node)


_BUILD: Final[dict[str, Callable[[Builder, Node], Part]]] = {
    "WORD": Builder.word,
    "PHRASE": Builder.quoted,
    "EXACT": Builder.quoted,
    "UNCLOSED": Builder.unclosed,
    "LIST": Builder.listed,
    "group": Builder.group,
    "field": Builder.field,
    "times": Builder.times,
    "near": Builder.near,
    "negation": _alone,
    "query": Builder.query,
}
