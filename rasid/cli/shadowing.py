"""Foreign modules that would be imported in place of ours."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

import rasid

_TOP: Final = ("scheduler", "crawler", "storage")  # beside the package `rasid`
_INIT: Final = "__init__.py"


def shadowed() -> list[str]:
    """Return what is wrong with each of our modules that Python would not find in our folder.

    Their names are ordinary ones: another program's `storage.py` may come first on the path.
    """
    home = Path(rasid.__file__).resolve().parent.parent
    return [text for name in _TOP if (text := _fault(name, home))]


def _fault(name: str, home: Path) -> str:
    spec = find_spec(name)
    if spec is None:
        return f"the module {name} is missing in {home}: install Rasid again"
    # not "somewhere below": a clone has its environment, with foreign packages, inside it
    if spec.origin and Path(spec.origin).resolve() in (home / f"{name}.py", home / name / _INIT):
        return ""
    found = spec.origin or next(iter(spec.submodule_search_locations or ()), "elsewhere")
    return (
        f"{found} hides Rasid's own module {name} in {home}: run Rasid from another folder or take "
        "that one off PYTHONPATH, and give Rasid an environment of its own"
    )
