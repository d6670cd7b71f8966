"""YAML text to plain dicts, lists and strings that know where they stand.

Built from the parser's events: PyYAML's own composer recurses in C (50,000 brackets end the
process) and expands aliases. Every scalar stays the string that was written; an empty one
(`any:` with nothing after it) is None.
"""

from __future__ import annotations

from typing import Any, Final

import yaml

from rasid.config.problems import Problems, Spot
from rasid.config.syntax import add_syntax
from rasid.config.written import Written, scalar

_MAX_DEPTH: Final = 40
_NO_ALIASES: Final = "put text that begins with * in quotes; shared words: lists: and $name"
_OPEN: Final = "is a bracket left open?"
_PLAIN_TAGS: Final = frozenset(
    {None, "!", *(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))}
)


class Section(dict[str, Any]):
    """A YAML mapping; `spots` tells where each key stands."""

    __slots__ = ("spot", "spots")

    def __init__(self, spot: Spot) -> None:
        super().__init__()
        self.spot = spot
        self.spots: dict[str, Spot] = {}


class Series(list[Any]):
    """A YAML sequence; `spots` tells where each entry stands."""

    __slots__ = ("spot", "spots")

    def __init__(self, spot: Spot) -> None:
        super().__init__()
        self.spot = spot
        self.spots: list[Spot] = []


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
        add_syntax(error, text, file, problems)
        return None
    except yaml.reader.ReaderError as error:
        at = max(error.position, 0)
        spot = Spot(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
        problems.add(file, spot, "a control character that YAML does not allow", "type it again")
        return None
    if builder.broken:
        return None
    return _top(builder.root, file, problems)


def spot_of(tree: Any, path: tuple[int | str, ...]) -> Spot:
    """Return where the key or entry stands that a path leads to.

    Steps that lead nowhere are passed over.
    """
    spot: Spot = getattr(tree, "spot", Spot())
    for step in path:
        if isinstance(tree, Section) and step in tree:
            spot, tree = tree.spots[str(step)], tree[str(step)]
        elif isinstance(tree, Series) and isinstance(step, int) and step < len(tree):
            spot, tree = tree.spots[step], tree[step]
    return spot


def spot_in(tree: Any, path: tuple[int | str, ...], at: int) -> Spot:
    """Return where a character stands of the scalar that a path leads to."""
    found = spot_of(tree, path)
    for step in path:
        tree = tree[step]
    return tree.spot(at) if isinstance(tree, Written) else found


def _top(root: Any, file: str, problems: Problems) -> Section | None:
    if isinstance(root, Section):
        return root
    if root is None:
        return Section(Spot(1))
    problems.add(file, Spot(1, 1), "the file must consist of sections", 'such as "version: 1"')
    return None


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
        spot = _spot(event.start_mark)
        if isinstance(event, yaml.ScalarEvent):
            self._check_tag(event.tag, spot)
            self._put(None if _is_empty(event) else scalar(event, self._text), spot)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._check_tag(event.tag, spot)
            self._begin(
                Section(spot) if isinstance(event, yaml.MappingStartEvent) else Series(spot)
            )
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._open.pop()
            self._keys.pop()
        elif isinstance(event, yaml.AliasEvent):
            spot = Spot(spot.line)  # told once a line
            self._refuse(spot, f"aliases (*{event.anchor}) are not allowed", _NO_ALIASES)
            self._put(None, spot)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._refuse(spot, "a second document (---) is not allowed", "use include:")
                raise _Refused

    def _begin(self, part: Section | Series) -> None:
        if len(self._open) >= _MAX_DEPTH:
            self._refuse(part.spot, f"nested deeper than {_MAX_DEPTH} levels", _OPEN)
            raise _Refused
        self._put(part, part.spot)
        self._open.append(part)
        self._keys.append(None)

    def _put(self, value: Any, spot: Spot) -> None:
        if not self._open:
            self.root = value
            return
        part = self._open[-1]
        if isinstance(part, Series):
            part.append(value)
            part.spots.append(spot)
        elif self._keys[-1] is None:
            self._keys[-1] = self._key(value, spot)
            self._note_key(part, self._keys[-1], spot)
        else:
            part.setdefault(self._keys[-1], value)
            self._keys[-1] = None

    def _key(self, value: Any, spot: Spot) -> str:
        if isinstance(value, str):
            return str(value)
        self._refuse(spot, "a key must be a word", "put text that contains : or { in quotes")
        return ""

    def _note_key(self, part: Section, key: str | None, spot: Spot) -> None:
        assert key is not None
        if key in part.spots:
            first = f"first on line {part.spots[key].line}; make one of the two"
            self._problems.add(self._file, spot, f'key "{key}" stands here twice', first)
        else:
            part.spots[key] = spot

    def _check_tag(self, tag: str | None, spot: Spot) -> None:
        if tag not in _PLAIN_TAGS:
            shown = str(tag).replace("tag:yaml.org,2002:", "!!")
            self._refuse(
                spot, f"the tag {shown} is not allowed", "put text that begins with ! in quotes"
            )

    def _refuse(self, spot: Spot, message: str, hint: str = "") -> None:
        self.broken = True
        self._problems.add(self._file, spot, message, hint)


def _spot(mark: Any) -> Spot:
    return Spot(mark.line + 1, mark.column + 1) if mark else Spot()


def _is_empty(event: yaml.ScalarEvent) -> bool:
    return event.value == "" and event.style in (None, "")
