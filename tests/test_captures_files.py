"""The spool and what is kept of it: whole or not there, bounded in age and size."""

from __future__ import annotations

import io
import stat
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from newsroom import START, Clock
from warcio.archiveiterator import ArchiveIterator

from rasid.captures.entries import digest
from rasid.captures.files import PART
from rasid.captures.keeping import UNUSED, CaptureFiles, kept_file
from rasid.captures.spool import YOUNG, Spool, SpoolFullError
from rasid.captures.warc import answers, warc
from rasid.models import Exchange
from rasid.settings import DAY, HOUR, MINUTE, Settings

ONE = Exchange(
    at=START,
    url="https://outlet.example/feed",
    request=b"GET /feed HTTP/1.1\r\nHost: outlet.example\r\n\r\n",
    head=b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n",
    body=b"body",
    address="192.0.2.1",
    unsaid=("authorization", "x-key"),
)
MOST = 1_000_000


def holding(body: bytes) -> Exchange:
    return replace(ONE, body=body)


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "captures" / "spool")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "captures" / "spool"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- the spool -----------------------------------------------------------------------------


def test_what_is_written_is_read_and_a_body_is_stored_once(spool: Spool, folder: Path) -> None:
    other = replace(ONE, url="https://outlet.example/b", cut=True, unheard=("set-cookie",))
    first = spool.write([ONE, other], START, MOST)
    second = spool.write([ONE], START + 1_000_000, MOST)
    assert spool.read(first) == [ONE, other]
    assert spool.read(second) == [ONE]
    assert names(folder) == sorted([first, second, digest(b"body")])
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("harm", [b"", b"bod", b"bodY"])
def test_Q01_half_a_file_is_never_taken_for_whole(spool: Spool, folder: Path, harm: bytes) -> None:
    """As a power cut may leave them; a kill leaves them whole or under another name."""
    name = spool.write([ONE], START, MOST)
    (folder / digest(b"body")).write_bytes(harm)
    with pytest.raises(ValueError, match="damaged"):
        spool.read(name)
    (folder / digest(b"body")).write_bytes(b"body")
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[: len(whole) * len(harm) // 5])
    with pytest.raises(ValueError, match="damaged"):
        spool.read(name)


def test_what_is_old_goes_and_bodies_stay_as_long_as_an_entry_needs_them(
    spool: Spool, folder: Path
) -> None:
    old = spool.write([ONE, holding(b"other")], START, MOST)
    new = spool.write([ONE], START + HOUR, MOST)
    (folder / f"x{PART}").touch()
    assert spool.prune(START + HOUR) == 2  # an entry and the body that no other has
    assert spool.read(new) == [ONE]
    with pytest.raises(FileNotFoundError):
        spool.read(old)


def test_the_spool_is_bounded_by_what_is_oldest(spool: Spool, folder: Path) -> None:
    written = []
    for number in range(100):
        body = bytes([number]) * 100_000
        written.append(spool.write([holding(body)], START + 2 * number * MINUTE, MOST))
        size = sum(path.stat().st_size for path in folder.iterdir())
        assert size < MOST + 110_000
    assert spool.read(written[-1])
    assert len(names(folder)) >= 10
    with pytest.raises(FileNotFoundError):
        spool.read(written[50])


def test_a_poll_under_way_loses_nothing_to_make_room(spool: Spool) -> None:
    first = spool.write([holding(b"x" * MOST)], START, MOST)
    for _ in range(3):
        with pytest.raises(SpoolFullError, match="spool_size"):
            spool.write([ONE], START + YOUNG, MOST)
    assert spool.read(first)
    spool.write([ONE], START + YOUNG + MINUTE, MOST)
    with pytest.raises(FileNotFoundError):
        spool.read(first)


def test_a_spool_that_is_opened_again_is_counted(folder: Path) -> None:
    Spool(folder).write([holding(b"x" * MOST)], START, MOST)
    with pytest.raises(SpoolFullError):
        Spool(folder).write([ONE], START, MOST)


# --- WARC ----------------------------------------------------------------------------------


def test_the_same_exchanges_make_the_same_file(tmp_path: Path) -> None:
    file = warc([ONE, replace(ONE, at=START + 1, head=b"HTTP/1.1 200\n\n")])
    assert file == warc([ONE, replace(ONE, at=START + 1, head=b"HTTP/1.1 200\n\n")])
    assert [one.rec_type for one in ArchiveIterator(io.BytesIO(file), check_digests="raise")] == [
        "warcinfo", "response", "request", "response", "request",
    ]  # fmt: skip
    first, second = answers(io.BytesIO(file))
    assert (first.status, second.status) == ("HTTP/1.1 200 OK", "HTTP/1.1 200")
    assert first.body_sha256 == second.body_sha256 == digest(b"body")


def test_a_changed_byte_is_found() -> None:
    file = warc([ONE])
    for old, new in ((b"\r\n\r\nbody", b"\r\n\r\nbodY"), (b"200 OK", b"200 Ok")):
        with pytest.raises(ValueError, match="not what was written"):
            answers(io.BytesIO(file.replace(old, new)))


# --- what is kept --------------------------------------------------------------------------


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def files(tmp_path: Path, clock: Clock) -> AsyncIterator[CaptureFiles]:
    made = CaptureFiles(tmp_path, Settings(capture=True), clock)
    yield made
    await made.aclose()


async def test_what_is_kept_is_on_the_disk_once_and_private(
    files: CaptureFiles, tmp_path: Path
) -> None:
    name = await files.add([ONE])
    kept = await files.keep({name})
    path = kept_file(tmp_path, name)
    assert kept == {name: digest(path.read_bytes())}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert await files.keep({name}) == kept
    assert await files.keep(set()) == {}


async def test_what_cannot_be_kept_is_left_out_and_counted(
    files: CaptureFiles, folder: Path, clock: Clock
) -> None:
    name, other = await files.add([ONE]), await files.add([holding(b"other")])
    (folder / digest(b"other")).write_bytes(b"oth")
    assert (await files.keep({name, other, "gone-0"})).keys() == {name}
    assert (files.missed, files.failed_at) == (2, clock())


async def test_pruning_leaves_what_alerts_need(
    files: CaptureFiles, tmp_path: Path, clock: Clock
) -> None:
    needed, unused = await files.add([ONE]), await files.add([holding(b"other")])
    await files.keep({needed, unused})
    clock.forward(DAY)
    assert await files.prune({needed}) == 0  # the poll may still be under way
    clock.forward(UNUSED - DAY + 1)
    late = await files.add([ONE])
    assert await files.prune({needed}) == 4  # two entries, a body, the WARC that nobody needs
    assert kept_file(tmp_path, needed).exists()
    assert not kept_file(tmp_path, unused).exists()
    assert await files.keep({late})
    clock.forward(10 * DAY)
    assert await files.prune(set()) == 4
    assert not kept_file(tmp_path, needed).exists()
