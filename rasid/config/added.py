"""Sources that `rasid sources add` writes: each in a file of its own, which rules.yaml includes."""

from __future__ import annotations

import glob
import itertools
import json
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from pydantic_core import PydanticCustomError

from rasid.config import values
from rasid.config.files import read_files
from rasid.config.imported import outlet_of, slug
from rasid.config.letters import readable
from rasid.config.opml import Subscription
from rasid.config.problems import Problems
from rasid.settings import Config

FOLDER: Final = "sources.d"
PATTERN: Final = f"{FOLDER}/*.yaml"
_LONGEST_NAME: Final = 60  # else it is a slogan
_CHECKS: Final = {"id": values.source_id, "every": values.every}

Entry = Mapping[str, Any]


def as_yaml(source: Entry, outlet: Entry | None, origin: str) -> str:
    """Return a file with a source, and its outlet where that is new, keys in the order given.

    `origin` is said at its top. Values are quoted as in JSON, which YAML reads.
    """
    lines = [f"# {_line(origin)}", "version: 1"]
    for section, entry in (("outlets", outlet), ("sources", source)):
        if entry is not None:
            lines += [f"{section}:", *_entry(entry)]
    return "\n".join(lines) + "\n"


def _entry(entry: Entry) -> Iterator[str]:
    dash = "  - "
    for key, value in entry.items():
        yield f"{dash}{key}: {_written(value)}"
        dash = "    "


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_written(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return json.dumps(_line(str(value)), ensure_ascii=False)


def _line(text: str) -> str:
    """Return a text that stays on its line, and shows all that it says."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def mistake(key: str, value: str) -> str:
    """Return what is wrong with a value of a source (`id`, `every`), "" if nothing is."""
    try:
        _CHECKS[key](value)
    except PydanticCustomError as error:
        hint = (error.context or {}).get("hint", "")
        return f"{error}{f' ({hint})' if hint else ''}"
    return ""


def is_included(config: Path, target: Path) -> bool:
    """Say whether a configuration includes a file, there already or not."""
    files, _ = read_files(config, Problems())
    return any(
        _covers(Path(file.path).parent.resolve(), name, target.resolve())
        for file in files
        for name in _names(file.tree.get("include"))
    )


def _names(include: object) -> Sequence[str]:
    if isinstance(include, str):
        return [include]
    return [name for name in include if isinstance(name, str)] if isinstance(include, list) else []


def _covers(folder: Path, name: str, target: Path) -> bool:
    """Say whether a path or pattern of `include`, relative to a folder, stands for a file."""
    if not glob.has_magic(name):
        return (folder / name).resolve() == target
    try:
        wanted, parts = list(Path(name).parts), list(target.relative_to(folder).parts)
    except ValueError:
        return False
    if "**" in wanted:  # stands for any folders, or none
        head, tail = wanted.index("**"), len(wanted) - wanted.index("**") - 1
        wanted.remove("**")
        parts = parts[:head] + parts[max(len(parts) - tail, head) :]
    return len(wanted) == len(parts) and all(map(fnmatchcase, parts, wanted))


def new_id(outlet: str, kind: str, title: str, taken: Container[str]) -> str:
    """Return an id for a source: its outlet's, with the kind of what is no feed.

    Where that is taken the words of the title follow, or a number if they are in no Latin letters.
    """
    own = slug(readable(outlet)) or "source"
    base = own if kind == "feed" else f"{own}-{kind}"
    numbered = (f"{base}-{number}" for number in itertools.count(2))
    wanted = itertools.chain([base, slug(f"{base} {title}")], numbered)
    return next(identity for identity in wanted if identity not in taken)


def outlet_entry(given: str, site: str, name: str, config: Config) -> tuple[str, Entry | None]:
    """Return the id of an outlet, and its entry where the configuration has none.

    `given`: the id or name that a person says, "" to go by the site and its `name`.
    """
    for known in config.outlets.values():
        if given and given.casefold() in (known.id.casefold(), known.name.casefold()):
            return known.id, None
    fits = re.fullmatch(values.NAME, given)
    own = slug(readable(given)) if given and not fits else given
    identity = own or outlet_of(Subscription("", site))
    if identity in config.outlets:
        return identity, None
    shown = given or (name if len(name) <= _LONGEST_NAME else "")
    return identity, {"id": identity, "name": shown} if shown else None
