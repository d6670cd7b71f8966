"""Files that are there as a whole or not at all, and that only their owner reads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rasid.failpoint import reach

PART: Final = ".part"  # what a name ends with until its file is whole
_BLOCK: Final = 4096  # of most file systems: what a small file takes


def put(path: Path, data: bytes, now: int | None = None, *, durable: bool = False) -> int:
    """Write a file, dated `now` where given; return what it takes of the disk. Raises `OSError`.

    `durable`: it outlives a power cut. The others outlive the process, and what a cut leaves
    of them is not what their names say.
    """
    part = path.with_name(path.name + PART)
    try:
        with open(part, "wb", opener=_private) as file:
            file.write(data)
            reach("capture_part")
            if durable:
                file.flush()
                os.fsync(file.fileno())
        if now is not None:
            touch(part, now)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    if durable:
        _sync(path.parent)
    return room(len(data))


def touch(path: Path, now: int) -> None:
    """Date a file. Raises `OSError`."""
    os.utime(path, ns=(now * 1000, now * 1000))


def dated(folder: Path) -> Iterator[tuple[int, int, Path]]:
    """Yield date (microseconds), room on the disk and path of every file of a folder."""
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                found = entry.stat(follow_symlinks=False)
            except FileNotFoundError:  # another process prunes as well
                continue
            yield found.st_mtime_ns // 1000, room(found.st_size), Path(entry.path)


def room(size: int) -> int:
    """Return what a file of a size takes of the disk, about."""
    return -(-size // _BLOCK) * _BLOCK


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CLOEXEC, 0o600)


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
