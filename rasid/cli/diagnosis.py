"""What `rasid doctor` looks at; each check gives one finding and never raises."""

from __future__ import annotations

import os
import pyexpat
import re
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from rasid.cli.options import Place
from rasid.counted import counted
from rasid.errors import ConfigError, RasidError

_OLD: Final = (
    ": older than 2.6.0, slow on hostile XML (CVE-2023-52425; a feed's time is limited all the "
    "same); a newer Python, or libexpat of the system, mends it"
)
_ESCAPE: Final = re.compile(r"\\([0-7]{3})")  # of blanks in /proc/mounts
NETWORK_FILESYSTEMS: Final = frozenset({
    "9p", "afs", "beegfs", "ceph", "cifs", "davfs", "fuse.ceph", "fuse.davfs2", "fuse.glusterfs",
    "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4",
    "smb3", "smbfs", "vboxsf", "virtiofs",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    check: str
    verdict: Literal["ok", "warn", "fail"]
    detail: str


def findings(place: Place) -> list[Finding]:
    """Run every check."""
    return [*_runtime(), *_folder(place), _database(place), *_configuration(place)]


def _runtime() -> Iterator[Finding]:
    from storage.sqlite import version

    yield Finding("python", "ok", sys.version.split()[0])
    name, safe = version()
    detail = name if safe else f"{name}: older than 3.51.3, which mends a WAL corruption bug"
    yield Finding("sqlite", "ok" if safe else "warn", detail)
    old = pyexpat.version_info < (2, 6, 0)
    yield Finding("expat", "warn" if old else "ok", pyexpat.EXPAT_VERSION + (_OLD if old else ""))


def _folder(place: Place) -> Iterator[Finding]:
    folder = place.data_dir
    try:
        mode = stat.S_IMODE(folder.stat().st_mode)
    except FileNotFoundError:
        yield Finding("data folder", "ok", f"{folder} will be made at the first run")
        return
    except OSError as error:
        yield Finding("data folder", "fail", f"{folder}: {error.strerror}")
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding("data folder", "fail", f"{folder}: user {os.geteuid()} cannot write to it")
        return
    open_ = mode & 0o077
    yield Finding(
        "data folder",
        "warn" if open_ else "ok",
        f"{folder} ({mode:o})" + (": others may read it; chmod 700" if open_ else ""),
    )
    yield filesystem(place.data_dir.resolve(), _mounts())


def _mounts() -> str:
    """Return what is mounted where, "" where the system does not say."""
    try:
        return Path("/proc/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""


def filesystem(folder: Path, mounts: str) -> Finding:
    """Judge the file system of a folder by the lines of /proc/mounts."""
    kind = filesystem_of(folder, mounts)
    remote = kind in NETWORK_FILESYSTEMS
    detail = f"{kind}: SQLite's locks do not hold over a network" if remote else kind
    return Finding("file system", "warn" if remote else "ok", detail)


def filesystem_of(where: Path, mounts: str) -> str:
    """Return the type of the file system that holds a path, by the lines of /proc/mounts."""
    best, kind = -1, "unknown"
    for line in mounts.splitlines():
        _, point, type_, *_ = line.split(" ")
        folder = Path(_ESCAPE.sub(lambda found: chr(int(found[1], 8)), point))
        # of two on one folder the later hides the earlier
        if where.is_relative_to(folder) and len(folder.parts) >= best:
            best, kind = len(folder.parts), type_
    return kind


def _database(place: Place) -> Finding:
    from rasid.cli.session import with_storage
    from rasid.config.environment import database

    try:
        if not database(place).exists():
            return Finding("database", "ok", "none yet")
        counts = with_storage(place, lambda storage: storage.read(lambda view: view.counts()))
    except (RasidError, OSError) as error:
        return Finding("database", "fail", str(error))
    return Finding("database", "ok", counted(counts.get("items", 0), "item"))


def _configuration(place: Place) -> Iterator[Finding]:
    from rasid.atlas import configured

    try:
        config = configured(place)
    except ConfigError as error:
        for problem in error.problems:
            yield Finding("configuration", "fail", str(problem))
        return
    yield Finding("configuration", "ok", f"{counted(len(config.rules), 'rule')} of {place.config}")
    for warning in config.warnings:
        yield Finding("configuration", "warn", str(warning))
    if config.settings.allow_addresses:
        listed = ", ".join(config.settings.allow_addresses)
        yield Finding("guard", "warn", f"addresses allowed beyond the public ones: {listed}")
