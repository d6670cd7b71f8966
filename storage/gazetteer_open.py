"""The gazetteer of an installation: compiled when it is not there, opened in milliseconds."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

from rasid.errors import StorageError
from rasid.folders import make_folder
from storage.gazetteer import GazetteerFile
from storage.gazetteer_make import STEPS, make, make_merged
from storage.gazetteer_version import base_version, merging_version
from storage.imports import imports_version

log = logging.getLogger("rasid.places")

# as `rasid.progress.progress`: what goes on, how many steps it has
Progress = Callable[[str, int | None], AbstractContextManager[Callable[[int], None]]]
_LOCK: Final = "places.lock"


@contextmanager
def silent(_what: str, _total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show no progress."""
    yield lambda _count: None


def open_gazetteer(
    cache_dir: Path,
    data_dir: Path | None = None,
    progress: Progress = silent,
    *,
    anew: bool = False,
) -> GazetteerFile:
    """Open the gazetteer, compiled first when there is none of this version.

    It has what was imported into `data_dir`. Processes that need it at once compile it once.
    A damaged file is compiled again, as with `anew` one that is sound. Raises `StorageError`.
    """
    base, version = base_version(), version_of(data_dir)
    imported = version != base
    path = _path(cache_dir, version)
    if not anew and (found := _opened(path, version)):
        return found
    with _sole(cache_dir):
        if not anew and (found := _opened(path, version)):  # another process was first
            return found
        below = _path(cache_dir, base)
        if anew or not _is_whole(below, base):
            with progress("compiling the gazetteer, once", STEPS) as stepped:
                make(below, base, stepped)
        if imported and data_dir is not None:
            with progress("adding what was imported", None):
                make_merged(path, version, below, data_dir)
        _remove_others(cache_dir, {path.name, below.name, _LOCK})
    if (found := _opened(path, version)) is None:
        raise StorageError(f"the gazetteer {path} was compiled and cannot be read")
    return found


def version_of(data_dir: Path | None) -> str:
    """Return the version that a gazetteer has now, with what was imported."""
    imported = imports_version(data_dir)
    return f"{base_version()}-{imported}-{merging_version()}" if imported else base_version()


def _path(folder: Path, version: str) -> Path:
    return folder / f"places-{version}.gazetteer"


def _is_whole(path: Path, version: str) -> bool:
    if found := _opened(path, version):
        found.close()
    return found is not None


def _opened(path: Path, version: str) -> GazetteerFile | None:
    """Return a gazetteer that is there and whole."""
    if not path.exists():
        return None
    try:
        found = GazetteerFile(path)
    except StorageError as error:
        log.warning("%s, compiling it again", error)
        return None
    if found.version == version:
        return found
    found.close()
    return None


@contextmanager
def _sole(folder: Path) -> Iterator[None]:
    """Hold the lock of compiling; the system frees it however the process ends."""
    try:
        make_folder(folder)
        handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StorageError(
            f"the gazetteer cannot be kept in {folder}: {error.strerror}. It needs some 250 MB "
            "there once; give the folder to this user, or choose another with --data-dir."
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _remove_others(folder: Path, kept: set[str]) -> None:
    """Remove gazetteers of other versions, and what processes left that were killed."""
    for path in folder.glob("places-*.gazetteer*"):
        if path.name not in kept:
            path.unlink(missing_ok=True)
