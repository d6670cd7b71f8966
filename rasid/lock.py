"""One process at a time polls and delivers for a data directory."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rasid.errors import AlreadyRunningError, StorageError


@contextmanager
def sole(data_dir: Path) -> Iterator[None]:
    """Hold the data directory's lock; the system frees it however the process ends.

    Raises `AlreadyRunningError`, naming the process that holds it, and `StorageError`
    where this user may not write.
    """
    handle = _opened(data_dir)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(handle, 20, 0).decode("ascii", "replace") or "unknown"
            raise AlreadyRunningError(
                f"another rasid (process {holder}) works on {data_dir}"
            ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def _opened(data_dir: Path) -> int:
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.open(data_dir / "rasid.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        who = f"user {os.geteuid()} cannot write to the data folder {data_dir}"
        raise StorageError(f"{who}: {error.strerror}") from error
