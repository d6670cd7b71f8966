"""Templates of one item that a receiver brings along: the one module that knows jinja2.

What a feed says is data for them, never a template. What a template may say is bounded by its
grammar and not by a clock: values, conditions, lists two deep, a few filters; no calls, no
arithmetic, no variables of its own. So none runs long or grows without end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

MOST: Final = 20_000  # characters of what one item becomes
_LONGEST: Final = 4_000  # characters of a template
_DEEPEST: Final = 2
SAMPLE: Final[Mapping[str, Any]] = {
    "title": "قصف على دير الزور",
    "outlet": "SANA",
    "source": "sana",
    "link": "https://sana.example/1",
    "published": "2026-11-23 14:05 Damascus (11:05 UTC)",
    "language": "ar",
    "rule": "strikes",
    "rules": ["strikes"],
    "severity": "high",
    "tags": ["syria"],
    "places": ["Al Mayadin, Deir ez-Zor, Syria"],
    "excerpts": ["‹قصف› على دير الزور"],
    "changes": ["12 → 17"],
    "alert": "7ZK3M9QX1A",
    "ack": "https://rasid.example/ack/7ZK3M9QX1A",
    "escalated": "escalated",
}
"""Every value that a template has, as it looks for one item."""
_LISTS: Final = tuple(name for name, value in SAMPLE.items() if isinstance(value, list))
_FILTERS: Final = frozenset(
    [
        "capitalize",
        "d",
        "default",
        "first",
        "join",
        "last",
        "length",
        "lower",
        "title",
        "trim",
        "truncate",
        "upper",
    ]
)
_TESTS: Final = frozenset(
    ["defined", "undefined", "none", "string", "in", "eq", "ne", "lower", "upper"]
)
_NODES: Final = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.If,
    nodes.For,
    nodes.CondExpr,
    nodes.Filter,
    nodes.Test,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Neg,
    nodes.Concat,
    nodes.Getitem,
    nodes.Getattr,
    nodes.Slice,
    nodes.Keyword,
)
_HINT: Final = "values, if, for and " + ", ".join(sorted(_FILTERS))


class Mistake(NamedTuple):
    """What is wrong with a template."""

    message: str
    hint: str


def problem(text: str) -> Mistake | None:
    """Say what is wrong with a template, None when nothing is."""
    if len(text) > _LONGEST:
        return Mistake(f"is longer than {_LONGEST} characters", "it is a template of one item")
    try:
        tree = _environment().parse(text)
        if mistake := next(_mistakes(tree), None):
            return mistake
        if unknown := meta.find_undeclared_variables(tree) - SAMPLE.keys():
            name = min(unknown)
            where = _at(next(n for n in tree.find_all(nodes.Name) if n.name == name))
            return Mistake(f'{where}no value is called "{name}"', "there are: " + ", ".join(SAMPLE))
        render(text, SAMPLE)
    except TemplateSyntaxError as error:
        return Mistake(f"line {error.lineno} of the template: {error.message}", _HINT)
    except (TemplateError, TypeError, ValueError) as error:
        return Mistake(f"cannot be filled in: {error}", _HINT)
    return None


def render(text: str, values: Mapping[str, Any]) -> str:
    """Return a template filled in, at most `MOST` characters of it.

    Raises what jinja2 raises: a template is tried by `problem` before it is used.
    """
    parts: list[str] = []
    room = MOST
    for part in _compiled(text).generate(**values):
        parts.append(part[:room])
        if (room := room - len(part)) <= 0:
            break
    return "".join(parts)


@lru_cache(maxsize=64)
def _compiled(text: str) -> Template:
    return _environment().from_string(text)


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    found = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    found.globals.clear()
    return found


def _mistakes(tree: nodes.Template) -> Iterator[Mistake]:
    for node in _below(tree):
        if not isinstance(node, _NODES):
            what = type(node).__name__.lower()
            yield Mistake(f"{_at(node)}{what} is not allowed", _HINT)
        elif isinstance(node, nodes.Filter) and node.name not in _FILTERS:
            yield Mistake(f'{_at(node)}there is no filter "{node.name}"', _HINT)
        elif isinstance(node, nodes.Test) and node.name not in _TESTS:
            yield Mistake(f'{_at(node)}there is no test "{node.name}"', _HINT)
        elif isinstance(node, nodes.Getattr) and not _is_of_loop(node):
            yield Mistake(f'{_at(node)}".{node.attr}" is not allowed', _HINT)
        elif isinstance(node, nodes.For) and (node.recursive or _depth(node) > _DEEPEST):
            yield Mistake(f"{_at(node)}for stands too deep", "two deep is the most")
        elif isinstance(node, nodes.For) and not _is_of_list(node):
            yield Mistake(f"{_at(node)}for is for lists alone", "there are: " + ", ".join(_LISTS))


def _below(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _below(child)


def _is_of_loop(node: nodes.Getattr) -> bool:
    return isinstance(node.node, nodes.Name) and node.node.name == "loop"


def _is_of_list(node: nodes.For) -> bool:
    return isinstance(node.iter, nodes.Name) and node.iter.name in _LISTS


def _depth(node: nodes.For) -> int:
    return 1 + max((_depth(one) for one in node.find_all(nodes.For)), default=0)


def _at(node: nodes.Node) -> str:
    return f"line {node.lineno} of the template: "
