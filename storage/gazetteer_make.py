"""Compiles the gazetteer of what comes with Rasid, in a process of its own.

`python -m storage.gazetteer_make PATH VERSION` prints one line a step done. It needs some
500 MB for half a minute, which a daemon would keep for as long as it runs.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from rasid.errors import StorageError, StorageFullError
from storage.sqlite_connection import wrapped

MODULE: Final = ["-m", "storage.gazetteer_make"]
STEPS: Final = 7  # lines that are printed
_NO_SPACE: Final = 28  # exit code


def make(path: Path, version: str, stepped: Callable[[int], None]) -> None:
    """Write the gazetteer of what comes with Rasid.

    `stepped` is called with 1 for each of `STEPS` done. Raises `StorageError`.
    """
    _run(path, [version], stepped)


def make_merged(path: Path, version: str, base: Path, data_dir: Path) -> None:
    """Write the gazetteer of another one and of what was imported. Raises `StorageError`."""
    _run(path, [version, str(base), str(data_dir)], lambda _: None)


def _run(path: Path, rest: list[str], stepped: Callable[[int], None]) -> None:
    command = [sys.executable, "-P", *MODULE, str(path), *rest]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(  # noqa: S603 - ourselves
            command, env=env, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as child,
    ):
        assert child.stdout is not None
        for _ in child.stdout:
            stepped(1)
        child.wait()
        errors.seek(0)
        said = errors.read().strip()
    if child.returncode == _NO_SPACE:
        raise StorageFullError(f"no space left for the gazetteer {path}; it needs some 250 MB")
    if child.returncode:
        last = said.rpartition("\n")[2] or f"its process ended with {child.returncode}"
        raise StorageError(f"the gazetteer {path} could not be compiled: {last}")


def _main(path: Path, version: str) -> None:
    from rasid.places import geonames, letters, own_words
    from rasid.places.catalogue import catalogue
    from rasid.places.further_words import further_words
    from rasid.places.ordinary import ordinary
    from storage.gazetteer_build import build

    gc.disable()  # nothing made here is let go before the end
    step = _step
    step("read")
    words, towns = [*own_words.words(), *letters.words()], list(geonames.towns())
    entries = catalogue([*words, *further_words(words, towns)], own_words.regions(), towns)
    step("placed")
    build(path, entries, version, ordinary, step)


def _merge(path: Path, version: str, base: Path, data_dir: Path) -> None:
    from rasid.places.geonames import codes
    from rasid.places.ordinary import cased
    from storage.gazetteer_merge import merge
    from storage.imports import Imports

    imports = Imports(data_dir)
    try:
        merge(base, path, imports.facts(), codes(), version, cased)
    finally:
        imports.close()


def _step(name: str) -> None:
    sys.stdout.write(f"{name}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    target = Path(sys.argv[1])
    try:
        with wrapped(target):
            if sys.argv[3:]:
                _merge(target, sys.argv[2], *map(Path, sys.argv[3:]))
            else:
                _main(target, sys.argv[2])
    except StorageError as refused:
        sys.stderr.write(f"{refused}\n")
        sys.exit(_NO_SPACE if isinstance(refused, StorageFullError) else 1)
