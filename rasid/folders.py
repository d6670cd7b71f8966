"""Folders that only their owner may look into."""

from __future__ import annotations

from pathlib import Path


def make_folder(folder: Path) -> None:
    """Make a folder, and the one that it is in: the cache may be made before the data folder.

    Those that exist stay as they are. Raises `OSError`.
    """
    for one in (folder.parent, folder):
        one.mkdir(parents=True, exist_ok=True, mode=0o700)
