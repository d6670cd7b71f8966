"""YAML text to plain dicts, lists and strings that know their lines.

Built from the parser's events: PyYAML's own composer recurses in C (50,000 brackets end the
process) and expands aliases. Every scalar stays the string that was written; an empty one
(`any:` with nothing after it) is None.
"""

from __future__ import annotations

from typing import Any, Final

import yaml

from rasid.config.problems import Problems

_MAX_DEPTH: Final = 40
_PLAIN_TAGS: Final = frozenset(
    {None, "!", *(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))}
)


class Section(dict[str, Any]):
    """A YAML mapping; `lines` tells where each key stands."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class Series(list[Any]):
    """A YAML sequence; `lines` tells where each entry stands."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


class Block(str):
    """A scalar of several lines, or not on the line of its key.

    `starts` has, per line of the file, where it begins in the value and its number.
    """

    starts: tuple[tuple[int, int], ...]

    def __new__(cls, value: str, starts: tuple[tuple[int, int], ...]) -> Block:
        """Return the value, knowing its lines."""
        block = super().__new__(cls, value)
        block.starts = starts
        return block


def place_in(tree: Any, path: tuple[int | str, ...], at: int) -> tuple[int, int]:
    """Return the line and the column, from 1, of a character of a scalar.

    The column counts from where the line's text begins, quotes left aside.
    """
    line = line_of(tree, path)
    for step in path:
        tree = tree[step]
    begin = 0
    if isinstance(tree, Block):
        begin, line = max((start for start in tree.starts if start[0] <= at), default=(0, line))
    return line, at - begin + 1


def _block(value: str, raw: str, line: int, style: str | None) -> Block:
    """Return a scalar that knows its lines; `raw` is how the file has it."""
    starts: list[tuple[int, int]] = [(0, line)]
    at = 0
    for number, text in enumerate(raw.splitlines()):
        content = text.strip().strip(style or "") if style in ("'", '"') else text.strip()
        found = value.find(content, at) if content else -1
        if found >= 0 and (number or style not in ("|", ">")):
            starts.append((found, line + number))
            at = found + len(content)
    return Block(value, tuple(starts))


class _Refused(Exception):  # noqa: N818 - a way out of the loop, seen nowhere else
    """Reading on makes no sense."""


def read_tree(text: str, file: str, problems: Problems) -> Section | None:
    """Return the top mapping of a YAML text, or None with the reasons in `problems`."""
    builder = _Builder(text, file, problems)
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)):
            builder.take(event)
    except _Refused:
        return None
    except yaml.MarkedYAMLError as error:
        _add_syntax(error, file, problems)
        return None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, max(error.position, 0)) + 1
        problems.add(file, line, "a control character that YAML does not allow")
        return None
    if builder.broken:
        return None
    return _top(builder.root, file, problems)


def line_of(tree: Any, path: tuple[int | str, ...]) -> int:
    """Return the line of what a path leads to; steps that lead nowhere are passed over."""
    line = int(getattr(tree, "line", 0))
    for step in path:
        if isinstance(tree, Section) and step in tree:
            line, tree = tree.lines[str(step)], tree[str(step)]
        elif isinstance(tree, Series) and isinstance(step, int) and step < len(tree):
            line, tree = tree.lines[step], tree[step]
    return line


def _top(root: Any, file: str, problems: Problems) -> Section | None:
    if isinstance(root, Section):
        return root
    if root is None:
        return Section(1)
    problems.add(file, 1, "the file must consist of sections", 'such as "version: 1"')
    return None


def _add_syntax(error: yaml.MarkedYAMLError, file: str, problems: Problems) -> None:
    mark = error.problem_mark or error.context_mark
    message = error.problem or error.context or "not YAML"
    hint = ""
    if "cannot start any token" in message:
        hint = "indent with spaces, not tabs; put text that begins with @ ` % in quotes"
    elif "mapping values are not allowed" in message:
        hint = "put text that contains a colon in quotes"
    elif "found unexpected end of stream" in message or "did not find expected" in message:
        hint = "is a quote or a bracket left open, or an indentation wrong?"
    problems.add(file, mark.line + 1 if mark else 0, f"not valid YAML: {message}", hint)


class _Builder:
    """Puts events together; `broken` when what was read cannot be trusted further."""

    def __init__(self, text: str, file: str, problems: Problems) -> None:
        self.root: Any = None
        self.broken = False
        self._text = text
        self._file = file
        self._problems = problems
        self._open: list[Section | Series] = []
        self._keys: list[str | None] = []
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        mark = event.start_mark
        line = mark.line + 1 if mark else 0
        if isinstance(event, yaml.ScalarEvent):
            self._check_tag(event.tag, line)
            self._put(self._scalar(event, line), line)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._check_tag(event.tag, line)
            self._begin(
                Section(line) if isinstance(event, yaml.MappingStartEvent) else Series(line)
            )
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._open.pop()
            self._keys.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(line, f"aliases (*{event.anchor}) are not allowed", "use lists: and $name")
            self._put(None, line)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._refuse(line, "a second document (---) is not allowed", "use include:")
                raise _Refused

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> str | None:
        if _is_empty(event):
            return None
        value = str(event.value)
        end = event.end_mark
        if end is None or end.line < line:
            return value
        start = event.start_mark.index if event.start_mark else 0
        return _block(value, self._text[start : end.index], line, event.style)

    def _begin(self, part: Section | Series) -> None:
        if len(self._open) >= _MAX_DEPTH:
            self._refuse(part.line, f"nested deeper than {_MAX_DEPTH} levels")
            raise _Refused
        self._put(part, part.line)
        self._open.append(part)
        self._keys.append(None)

    def _put(self, value: Any, line: int) -> None:
        if not self._open:
            self.root = value
            return
        part = self._open[-1]
        if isinstance(part, Series):
            part.append(value)
            part.lines.append(line)
        elif self._keys[-1] is None:
            self._keys[-1] = self._key(value, line)
            self._note_key(part, self._keys[-1], line)
        else:
            if isinstance(value, str) and line != part.lines[self._keys[-1]]:
                value = value if isinstance(value, Block) else Block(value, ((0, line),))
            part.setdefault(self._keys[-1], value)
            self._keys[-1] = None

    def _key(self, value: Any, line: int) -> str:
        if isinstance(value, str):
            return value
        self._refuse(line, "a key must be a word", "put text that contains : or { in quotes")
        return ""

    def _note_key(self, part: Section, key: str | None, line: int) -> None:
        assert key is not None
        if key in part.lines:
            first = part.lines[key]
            self._problems.add(
                self._file, line, f'key "{key}" stands here twice', f"first on line {first}"
            )
        else:
            part.lines[key] = line

    def _check_tag(self, tag: str | None, line: int) -> None:
        if tag not in _PLAIN_TAGS:
            shown = str(tag).replace("tag:yaml.org,2002:", "!!")
            self._refuse(line, f"the tag {shown} is not allowed", "write the plain value")

    def _refuse(self, line: int, message: str, hint: str = "") -> None:
        self.broken = True
        self._problems.add(self._file, line, message, hint)


def _is_empty(event: yaml.ScalarEvent) -> bool:
    return event.value == "" and event.style in (None, "")
