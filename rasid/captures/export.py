"""A folder that shows others what an alert rests on, and that they can verify."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from rasid import __version__
from rasid.captures.entries import digest
from rasid.captures.files import put
from rasid.captures.keeping import kept_file
from rasid.captures.warc import answers
from rasid.errors import CaptureError

SUMS: Final = "SHA256SUMS"
_README: Final = """\
What a Rasid installation received from a news outlet, and the alert that rests on it.

Files
  {warcs}
      what went over the wire, one file a fetch with its redirects: WARC 1.1 (ISO 28500)
  manifest.json
      every response: address, time (UTC), server, SHA-256 and size of its body on the wire
  alert.json
      the alert: the rule as it was then, and the words and places that it found
  item.json
      the item as Rasid read it from the response
  SHA256SUMS
      the hash of every other file

To verify that no file has changed
      sha256sum -c SHA256SUMS
(macOS: shasum -a 256 -c SHA256SUMS). When the alert was recorded, its database noted the SHA-256
of each .warc file in the same transaction; the export compared them.

To verify and to read the captures, take any program for WARC, such as warcio
      warcio check *.warc
      warcio index -f offset,warc-type,warc-target-uri,http:status *.warc
      warcio extract --payload capture-1.warc OFFSET
or ReplayWeb.page. Bodies are as they came: unpack them as Content-Encoding says, and take the
chunks of "Transfer-Encoding: chunked" apart; digests are of the bytes on the wire.

What is exact: the bytes of status lines, headers and bodies, in their order, and the times by the
clock of the machine. What was left out: header lines that hold secrets (logins, cookies, those
that the source is configured with, traces of a proxy) and credentials in addresses, where
"removed" stands for them; each record names them in Rasid-Left-Out. Interim responses (1xx) and
the TLS layer are not recorded.

What it does not show: that nobody made these files. They are not signed. To fix that they existed
by a certain day, have the hash of SHA256SUMS stamped by a time-stamping service.

alert.json tells which words the rule watches for. Look whom you give it to.
"""


def export(
    folder: Path, data_dir: Path, captures: Mapping[str, str], told: Mapping[str, Any]
) -> None:
    """Write a folder that does not exist yet; it is there as a whole or not at all.

    `captures`: SHA-256 by id, as recorded with the alert. `told`: JSON values by file name.
    Raises `CaptureError`, and `OSError`.
    """
    if folder.exists():
        raise CaptureError(f"{folder} is there already: name another folder with --to")
    files = _files(data_dir, captures, told)
    sums = "".join(f"{digest(data)}  {name}\n" for name, data in sorted(files.items()))
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(parents=True, mode=0o700)
        for name, data in {**files, SUMS: sums.encode()}.items():
            put(part / name, data)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _files(
    data_dir: Path, captures: Mapping[str, str], told: Mapping[str, Any]
) -> dict[str, bytes]:
    warcs = {
        f"capture-{number}.warc": _kept(data_dir, name, expected)
        for number, (name, expected) in enumerate(sorted(captures.items()), 1)
    }
    shown = {name: _responses(name, data) for name, data in warcs.items()}
    manifest = {"rasid": __version__, "captures": shown}
    readme = _README.format(warcs=", ".join(warcs))
    return {
        **warcs,
        **{name: _json(value) for name, value in {**told, "manifest.json": manifest}.items()},
        "README.txt": readme.encode(),
    }


def _kept(data_dir: Path, name: str, expected: str) -> bytes:
    path = kept_file(data_dir, name)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CaptureError(f"the capture {path} cannot be read: {error.strerror}") from error
    if digest(data) != expected:
        raise CaptureError(f"the capture {path} is not what it was when the alert was recorded")
    return data


def _responses(name: str, data: bytes) -> Mapping[str, Any]:
    try:
        found = answers(BytesIO(data))
    except ValueError as error:
        raise CaptureError(f"{name} cannot be verified: {error}") from error
    return {"sha256": digest(data), "responses": [asdict(one) for one in found]}


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return f"{text}\n".encode("utf-8", "backslashreplace")
