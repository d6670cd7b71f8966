"""Entries of all files by id, each checked by itself so that one mistake hides no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter

from rasid.config import schema
from rasid.config.kept import ReadFile
from rasid.config.problems import Problems, Spot
from rasid.config.schema_rules import ListIn
from rasid.config.schema_values import Name
from rasid.config.tree import Section, Series
from rasid.config.wording import check, check_value, unknown_key

M = TypeVar("M", bound=BaseModel)
_LIST: Final[TypeAdapter[Any]] = TypeAdapter(ListIn)
_NAME: Final[TypeAdapter[Any]] = TypeAdapter(dict[Name, Any])


@dataclass(frozen=True, slots=True)
class Found(Generic[M]):
    """An entry and where it stands; `value` is None when it is not valid."""

    value: M | None
    tree: Section
    file: str
    spot: Spot


def check_top(files: Sequence[ReadFile], problems: Problems) -> None:
    """Check the keys and the version of each file; only the first must give one."""
    known = schema.FileIn.model_fields
    for at, file in enumerate(files):
        for key in file.tree:
            if key not in known:
                said = unknown_key(key, known, problems)
                problems.add(file.path, file.tree.spots[key], *said)
        version = file.tree.get("version")
        if "version" in file.tree and version != "1":
            spot = file.tree.spots["version"]
            problems.add(file.path, spot, "this version of rasid reads version: 1 only")
        elif at == 0 and "version" not in file.tree:
            problems.add(file.path, Spot(1), '"version" is missing', "begin with: version: 1")


def collect(
    files: Sequence[ReadFile], key: str, model: type[M], problems: Problems
) -> dict[str, Found[M]]:
    """Return the entries of a section by id; an id that comes twice is a mistake."""
    found: dict[str, Found[M]] = {}
    for file, tree in _entries(files, key, problems):
        name = tree.get("id")
        label = f'{key[:-1]} "{name}"' if isinstance(name, str) else key[:-1]
        value = check(model, tree, label, file, problems)
        known = str(getattr(value, "id", name or ""))
        if known in found and known:
            _add_twice(f'{key[:-1]} "{known}"', file, tree.spot, found[known], problems)
        else:
            found[known] = Found(value, tree, file, tree.spot)
    return found


def _entries(
    files: Sequence[ReadFile], key: str, problems: Problems
) -> Iterator[tuple[str, Section]]:
    for file in files:
        part = file.tree.get(key)
        if part is not None and not isinstance(part, Series):
            spot = file.tree.spots[key]
            problems.add(file.path, spot, f'"{key}" must be a list', "begin each entry with - id:")
            continue
        for at, entry in enumerate(part or ()):
            if isinstance(entry, Section):
                yield file.path, entry
            else:
                message = f'an entry of "{key}" must be a section of keys'
                hint = "begin each entry with - id:"
                problems.add(file.path, part.spots[at] if part else Spot(), message, hint)


def collect_settings(
    files: Sequence[ReadFile], problems: Problems
) -> tuple[schema.SettingsIn, Mapping[str, tuple[str, Spot]]]:
    """Return the settings of all files together, and where each key stands."""
    merged: dict[str, Any] = {}
    places: dict[str, tuple[str, Spot]] = {}
    for file, part in _mappings(files, "settings", problems):
        value = check(schema.SettingsIn, part, "settings", file, problems)
        for key in part:
            place = (file, part.spots[key])
            if key in places:
                first = _place(*places[key])
                problems.add(*place, f'settings: "{key}" is given twice', first)
            elif value is not None and key in schema.SettingsIn.model_fields:
                merged[key] = getattr(value, key)
            places.setdefault(key, place)
    return schema.SettingsIn.model_construct(**merged), places


@dataclass(frozen=True, slots=True)
class FoundList:
    """A list as written; `entries` is None when it is not valid."""

    entries: list[Any] | None
    tree: Series
    file: str
    spot: Spot


def collect_lists(files: Sequence[ReadFile], problems: Problems) -> dict[str, FoundList]:
    """Return the lists by name."""
    found: dict[str, FoundList] = {}
    for file, part in _mappings(files, "lists", problems):
        for name, value in part.items():
            label, spot = f'list "{name}"', part.spots[name]
            if name in found:
                _add_twice(label, file, spot, found[name], problems)
                continue
            entries = check_value(_LIST, name, part, "lists", file, problems)
            check_value(_NAME, "lists", _only_name(part, name), "", file, problems)
            found[name] = FoundList(entries, _series(value, spot), file, spot)
    return found


def _series(value: Any, spot: Spot) -> Series:
    """Return a list as written; a single word becomes a list that knows its place."""
    if isinstance(value, Series):
        return value
    single = Series(spot)
    single.append(value)
    single.spots.append(spot)
    return single


def _only_name(part: Section, name: str) -> Section:
    """Return a section in which the name of a list stands as a key to check."""
    inner, outer = Section(part.spots[name]), Section(part.spots[name])
    inner[name], inner.spots[name] = "", part.spots[name]
    outer["lists"], outer.spots["lists"] = inner, part.spots[name]
    return outer


def _mappings(
    files: Sequence[ReadFile], key: str, problems: Problems
) -> Iterator[tuple[str, Section]]:
    for file in files:
        part = file.tree.get(key)
        if isinstance(part, Section):
            yield file.path, part
        elif part is not None:
            problems.add(file.path, file.tree.spots[key], f'"{key}" must be a section of keys')


def _add_twice(
    label: str, file: str, spot: Spot, first: Found[Any] | FoundList, problems: Problems
) -> None:
    problems.add(file, spot, f"{label} is defined twice", _place(first.file, first.spot))


def _place(file: str, spot: Spot) -> str:
    return f"first at {file}:{spot.line}"
