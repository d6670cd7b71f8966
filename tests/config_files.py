"""Writing configurations in tests, and loading them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rasid.config import load
from rasid.settings import Config

Write = Callable[..., Config]
DESK = 'receivers: [{id: desk, urls: ["console://"]}]\n'


def writer(folder: Path) -> Write:
    """Return what writes a rules.yaml, and files that it includes, and loads it."""

    def write(text: str, **others: str) -> Config:
        for name, content in others.items():
            (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
        path = folder / "rules.yaml"
        path.write_text(f"version: 1\n{text}", encoding="utf-8")
        return load(path)

    return write
