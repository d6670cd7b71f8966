"""What the parser found in a query: where its parts stand, and what links them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from lark import Token, Tree

    Node = Token | Tree[Token]


class Item(NamedTuple):
    """One operand of AND or OR. `link` is None before the first and where nothing is written."""

    node: Node
    link: Token | None
    nots: int

    @property
    def inner(self) -> Node:
        """The operand without the NOT before it."""
        return children(self.node)[-1] if self.nots else self.node


def kind(node: Node) -> str:
    """Return the name of a token or of a rule of the grammar."""
    return str(getattr(node, "type", None) or cast("Tree[Token]", node).data)


def is_token(node: Node) -> bool:
    """Whether a node is a single token."""
    return not hasattr(node, "children")


def children(node: Node) -> list[Node]:
    """Return the parts of a node; a token has none."""
    return [] if is_token(node) else cast("Tree[Token]", node).children


def tokens(node: Node) -> Iterator[Token]:
    """Return the tokens of a node in order."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if is_token(node):
            yield cast("Token", node)
        else:
            waiting.extend(reversed(children(node)))


def span(first: Node, last: Node) -> tuple[int, int]:
    """Return where text from one node to another begins and ends."""
    *_, end = tokens(last)
    return start(first), int(end.end_pos or 0)


def start(node: Node) -> int:
    """Return where a node begins."""
    return int(next(tokens(node)).start_pos or 0)


def items(query: Node) -> list[Item]:
    """Return the operands of a query with what links each to the one before."""
    found: list[Item] = []
    link = None
    for node in children(query):
        if kind(node) in ("OR", "AND"):
            link = cast("Token", node)
        else:
            nots = len(children(node)) - 1 if kind(node) == "negation" else 0
            found.append(Item(node, link, nots))
            link = None
    return found


def linked(found: Sequence[Item]) -> list[str]:
    """Return OR, AND, NOT or "" (nothing) for each operand but the first."""
    return [str(item.link or ("NOT" if item.nots else "")) for item in found[1:]]
