"""Values that must never be shown."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rasid.errors import SecretError

_PLACEHOLDER: Final = re.compile(r"\$\{(?:file:(?P<file>[^}]+)|(?P<env>[A-Za-z_][A-Za-z0-9_]*))\}")


class Secret:
    """A string that shows itself only when asked by `reveal()`."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value; call it where it leaves the process, nowhere else."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)


def fill(template: str, env: Mapping[str, str] = os.environ) -> Secret:
    """Fill `${NAME}` from `NAME` (or the file named by `NAME_FILE`) and `${file:PATH}`.

    Raises `SecretError` naming the placeholder, never a value.
    """
    return Secret(_PLACEHOLDER.sub(lambda found: _value(found, env), template))


def placeholders(template: str) -> tuple[str, ...]:
    """Return the `${...}` of a template in order, as written."""
    return tuple(found.group(0) for found in _PLACEHOLDER.finditer(template))


def _value(found: re.Match[str], env: Mapping[str, str]) -> str:
    if path := found["file"]:
        return _read(path, found.group(0))
    name = found["env"]
    if (value := env.get(name)) is not None:
        return value
    if path := env.get(f"{name}_FILE"):
        return _read(path, found.group(0))
    raise SecretError(f"{found.group(0)} is not set: export {name} or {name}_FILE")


def _read(path: str, placeholder: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not text"
        raise SecretError(f"{placeholder} cannot be read: {reason}") from error
