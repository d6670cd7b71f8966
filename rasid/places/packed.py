"""The one text in a zip, which may mean ill: it is read in place and never unpacked to the disk."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NoReturn

from rasid.counted import counted

MOST: Final = 8 * 1024**3  # bytes of a text; all of GeoNames has a fifth of that
LONGEST: Final = 1024 * 1024  # characters of a line: what has no end fills the memory
_TIMES: Final = 100  # texts are packed to a fifth or a tenth of their size
_SMALL: Final = 64 * 1024 * 1024  # for a text of this size nobody needs to be clever
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
Refuse = Callable[[str], NoReturn]


@contextmanager
def text_in(path: Path, refuse: Refuse) -> Iterator[io.TextIOWrapper]:
    """Open the one `.txt` in a zip that is no readme. `refuse` raises for a file and a reason."""
    try:
        with zipfile.ZipFile(path) as packed:
            wanted = _wanted(packed.infolist(), refuse)
            with packed.open(wanted) as raw, io.TextIOWrapper(raw, "utf-8-sig") as text:
                yield text
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        refuse(f"is no zip file: {error}")


def _wanted(found: list[zipfile.ZipInfo], refuse: Refuse) -> zipfile.ZipInfo:
    for one in found:
        if _leads_out(one.filename):
            refuse(f"holds a file for another folder: {one.filename[:80]!r}")
    texts = [one for one in found if one.filename.lower().endswith(".txt")]
    wanted = [one for one in texts if "readme" not in one.filename.lower()]
    if len(wanted) != 1:
        refuse(f"holds {counted(len(wanted), 'text')} of places, not one")
    if why := _refusal(wanted[0]):
        refuse(f"holds a text that {why}: {wanted[0].filename[:80]!r}")
    return wanted[0]


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name


def _refusal(one: zipfile.ZipInfo) -> str:
    """Return why a text in a zip is not read, "" for one that is."""
    if stat.S_ISLNK(one.external_attr >> 16):
        return "is a link and not a text"
    if one.flag_bits & 1:
        return "is encrypted"
    if one.compress_type not in _METHODS:
        return "is packed in an unusual way"
    if one.file_size > MOST:
        return "is larger than all of GeoNames"
    if one.file_size > max(_SMALL, one.compress_size * _TIMES):
        return f"unpacks to {one.file_size // max(1, one.compress_size)} times its size"
    return ""


def lines_of(text: io.TextIOBase, refuse: Refuse) -> Iterator[str]:
    """Yield the lines of a text; refuse one without end."""
    while line := text.readline(LONGEST):
        if len(line) == LONGEST and not line.endswith("\n"):
            refuse(f"has a line of more than {LONGEST:,} characters")
        yield line
