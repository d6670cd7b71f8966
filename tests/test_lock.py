"""The lock files: what they pin is enough for any pip to install from them."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(\[[^]]*\])?==", re.MULTILINE)


def pinned(lock: str) -> dict[str, str]:
    """Return the pinned projects with the extras they are pinned with."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {canonical(name): extras.strip("[]") for name, extras in PINNED.findall(text)}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def asked_with_extras(distribution: Distribution) -> list[Requirement]:
    """Return what a project without extras of its own needs an extra of."""
    asked = map(Requirement, distribution.requires or ())
    return [
        requirement
        for requirement in asked
        if requirement.extras
        and (requirement.marker is None or requirement.marker.evaluate({"extra": ""}))
    ]


@pytest.mark.parametrize("lock", LOCKS)
def test_an_extra_that_a_dependency_asks_for_is_pinned_as_such(lock: str) -> None:
    """Pip before 23.3 takes the newest release for `name[extra]` where only `name` is pinned."""
    pins = pinned(lock)
    missing = [
        f"{distribution.name} needs {requirement}"
        for distribution in distributions()
        if canonical(distribution.name) in pins
        for requirement in asked_with_extras(distribution)
        if not requirement.extras <= set(pins[canonical(requirement.name)].split(","))
    ]
    assert missing == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_every_pin_has_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index-url" not in text
    entries = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    assert len(entries) == len(pinned(lock))
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
