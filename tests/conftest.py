"""What holds for every test: no way out of this machine, one reactor."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

_EVENTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_strays: list[str] = []


def _no_way_out(event: str, args: tuple[Any, ...]) -> None:
    if event not in _EVENTS or args[0].family == socket.AF_UNIX or args[1] is None:
        return
    host = str(args[1][0]).partition("%")[0]
    if not _inside(host):
        _strays.append(f"{event} {args[1]!r}")
        raise PermissionError(errno.EPERM, f"a test tried to reach {args[1]!r}")


def _inside(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost"
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_loopback or address.is_unspecified  # which leads to loopback as well


sys.addaudithook(_no_way_out)


# files whose tests measure time or the memory of this process, or need both processors
ALONE = frozenset(
    f"test_{name}" for name in ("crawler_faults", "crawler_politeness", "kill", "workers")
)

# files that take longest, which the two processes begin with, so that they end together; the
# first waits for the gazetteer to be compiled, and the next ones need none
LONG = tuple(
    f"test_{name}"
    for name in (
        "docs_yaml", "daemon", "handover_daemon", "memory", "text_stream", "failpoints",
        "scheduler", "cli", "cli_pages", "archive_search", "contract_archive", "cli_explain",
        "alerts_places", "rules_operators", "archive_rules", "alerts_escalation", "cli_check",
        "cli_discovery", "websub", "storage_faults", "captures_export", "pages_kill",
    )
)  # fmt: skip


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave files unread that hold nothing of what `make test` runs at a time."""
    if collection_path.suffix != ".py" or config.option.markexpr not in ("alone", "not alone"):
        return None
    return (collection_path.stem in ALONE) != (config.option.markexpr == "alone") or None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make test` runs by itself; begin with what takes long."""
    for item in items:
        if item.path.stem in ALONE:
            item.add_marker("alone")
    order = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: order.get(item.path.stem, len(LONG)))


@pytest.fixture(autouse=True)
def _nothing_leaves() -> Iterator[None]:
    """Fail a test during which anything tried to leave the machine, even if it was caught."""
    before = len(_strays)
    yield
    assert not _strays[before:], f"left this machine: {_strays[before:]}"


@pytest.fixture
def loaded(tmp_path: Path) -> Any:
    """Write a configuration and load it: `loaded("rules: ...", more="lists: ...")`."""
    from config_files import writer

    return writer(tmp_path)


@pytest.fixture(scope="session")
def reactor() -> Iterator[Any]:
    """Run coroutines in the process's one reactor: `reactor(lambda: crawler.poll(...))`."""
    from reactor import ReactorThread

    thread = ReactorThread()
    yield thread
    thread.stop()


@pytest.fixture(scope="module")
def poll(reactor: Any) -> Iterator[Any]:
    """Poll with a crawler that has small limits: `poll(outlet.url())`."""
    from poller import Poller

    with Poller(reactor) as poller:
        yield poller


@pytest.fixture
def outlet() -> Iterator[Any]:
    """Serve as an outlet whose address the crawler of `poll` may fetch from."""
    from outlet import Outlet

    with Outlet() as served:
        yield served


@pytest.fixture
def inner() -> Iterator[Any]:
    """Play a service of the inner network: nobody may knock."""
    from outlet import Outlet

    with Outlet(host="127.0.0.1") as service:
        service.body("/feed")
        yield service
        assert service.connections == 0


@pytest.fixture(scope="session")
def compiled_places(request: pytest.FixtureRequest) -> Path:
    """Return the gazetteer that comes with Rasid; compiled once for all runs of its version."""
    from storage.gazetteer_open import open_gazetteer
    from storage.gazetteer_version import base_version

    folder = Path(request.config.cache.mkdir("gazetteer"))
    open_gazetteer(folder).close()
    return folder / f"places-{base_version()}.gazetteer"


@pytest.fixture(scope="session")
def finder(compiled_places: Path) -> Any:
    """Return a geoparser of the places that come with Rasid."""
    from rasid.places.geoparse import PlaceFinder
    from rasid.places.inflection import bases
    from storage.gazetteer import GazetteerFile

    return PlaceFinder(GazetteerFile(compiled_places), bases)


@pytest.fixture(scope="session")
def world_atlas(finder: Any) -> Any:
    """Return what rules about places need: the gazetteer that comes with Rasid."""
    from rasid.places.geoparse import PlaceFinder
    from rasid.places.inflection import bases
    from rasid.places.model import Atlas

    return Atlas(lambda: finder.gazetteer, lambda gazetteer: PlaceFinder(gazetteer, bases))


@pytest.fixture
def places_dir(compiled_places: Path, tmp_path: Path) -> Path:
    """Return a data folder that has the gazetteer already."""
    cache = tmp_path / "data" / "cache"
    cache.mkdir(parents=True)
    (cache / compiled_places.name).hardlink_to(compiled_places)
    return tmp_path / "data"


@pytest.fixture(autouse=True)
def _no_model(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell stories alike whether the extra `models` is installed or not; `loaded` has it."""
    if "loaded" not in request.fixturenames:
        monkeypatch.setattr("rasid.stories.meaning._loaded", [None])
