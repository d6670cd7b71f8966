"""One target under atheris, until libFuzzer ends it: `python -m fuzz.run TARGET [option ...]`."""

from __future__ import annotations

import sys

import atheris  # type: ignore[import-not-found]

with atheris.instrument_imports(include=["crawler", "rasid", "feedparser"]):
    from fuzz.targets import TARGETS


def main() -> None:
    """Hand the process over to libFuzzer, which ends it; not 0 when something was found."""
    name = sys.argv.pop(1)
    atheris.Setup(sys.argv, TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
