"""What is installed is pinned, by hash, at versions that known weaknesses are mended in.

`make audit` asks for weaknesses that became known since; it needs a network, this does not.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^ ;\\]+)((?:[^\n]*\\\n)*[^\n]*)$", re.MULTILINE)

# the first version in which all of these are mended
MENDED = {
    "apprise": ("1.12.0", "CVE-2021-39229, certificates of mail servers"),
    "brotli": ("1.2.0", "CVE-2025-6176"),
    "feedparser": ("6.0.14", "CVE-2009-5065, CVE-2011-1158, CVE-2012-2921"),
    "pysqlite3": ("0.6.1", "the WAL corruption bug of SQLite before 3.51.3"),
    "pyyaml": ("5.4", "CVE-2017-18342, CVE-2019-20477, CVE-2020-1747, CVE-2020-14343"),
    "scrapy": ("2.14.2", "CVE-2017-14158, CVE-2021-41125, CVE-2022-0577, GHSA-cwxj-rr6w-m6w7"),
    "starlette": ("0.49.1", "CVE-2023-29159, CVE-2023-30798, CVE-2025-62727"),
    "twisted": ("22.1.0", "CVE-2022-21712"),
    "urllib3": ("2.6.3", "CVE-2025-66471, CVE-2026-21441"),
}
# what no version of mends: never to come back
BANNED = {"pysqlite3-binary": "bundles SQLite 3.51.1, which has the WAL corruption bug"}


def pins(lock: str) -> dict[str, tuple[str, str]]:
    """Return the version of each package of a lock file, and what stands after it."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {name: (version, rest) for name, version, rest in PIN.findall(text)}


@pytest.mark.parametrize("lock", LOCKS)
def test_O01_every_package_is_pinned_by_hash(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and line[0] not in " #"]
    found = pins(lock)
    assert len(found) == len(lines) > 80, "a line that is no pin"
    assert [name for name, (_, rest) in found.items() if "--hash=sha256:" not in rest] == []


def test_O01_what_the_extra_asks_for_is_pinned_by_hash() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (asked,) = map(Requirement, project["optional-dependencies"]["models"])
    found = pins("requirements-models.lock")
    assert found.keys() == {asked.name, "numpy", "threadpoolctl"}
    assert asked.specifier.contains(found[asked.name][0])
    assert all("--hash=sha256:" in rest for _, rest in found.values())
    for lock in LOCKS:
        assert not found.keys() & pins(lock).keys(), "it is optional"


@pytest.mark.parametrize("lock", LOCKS)
def test_O01_no_pin_has_a_weakness_that_is_known(lock: str) -> None:
    found = pins(lock)
    assert {
        name: f"{found[name][0]} has {weakness}"
        for name, (mended, weakness) in MENDED.items()
        if Version(found[name][0]) < Version(mended)
    } == {}
    assert found.keys().isdisjoint(BANNED)


def test_O01_who_installs_without_the_lock_gets_no_weak_version_either() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {one.name: one.specifier for one in map(Requirement, project["dependencies"])}
    lowest = {
        name: max(Version(one.version) for one in specifier if one.operator == ">=")
        for name, specifier in asked.items()
        if name in MENDED
    }
    assert lowest.keys() == MENDED.keys() - {"urllib3"}  # which the others bring
    assert {
        name: str(version) for name, version in lowest.items() if version < Version(MENDED[name][0])
    } == {}


def test_O01_what_is_tested_with_is_what_is_shipped() -> None:
    shipped, tested = (
        {name: version for name, (version, _) in pins(lock).items()} for lock in LOCKS
    )
    assert shipped.items() <= tested.items()
