"""A capture as WARC 1.1 (ISO 28500), not compressed; the only module that knows warcio."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, BinaryIO, Final
from uuid import NAMESPACE_URL, uuid5

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from rasid import __version__
from rasid.captures.entries import digest
from rasid.models import Exchange

_EMPTY_LINE: Final = re.compile(rb"(?<=\n)\r?\n")
_LEFT_OUT: Final = "Rasid-Left-Out"
_INFO: Final = {
    "software": f"Rasid/{__version__}",
    "format": "WARC File Format 1.1",
    "description": (
        "one fetch, redirects first; heads and bodies as they came, transfer coding included; "
        "header lines that hold secrets are left out and named in Rasid-Left-Out"
    ),
}


def warc(exchanges: Sequence[Exchange]) -> bytes:
    """Return one fetch as a WARC file; the same for the same exchanges."""
    file = BytesIO()
    writer = WARCWriter(file, gzip=False, warc_version="1.1")
    info = writer.create_warcinfo_record("", _INFO)
    info.rec_headers.replace_header("WARC-Date", _date(exchanges[0].at))
    info.rec_headers.replace_header("WARC-Record-ID", _name("warcinfo", exchanges[0], b""))
    writer.write_record(info)
    for one in exchanges:
        cut = {"WARC-Truncated": "disconnect"} if one.cut else {}
        answer = {**cut, **_left_out(one.unheard)}
        response = _record(writer, "response", one, (one.head, one.body), answer)
        request = _record(writer, "request", one, (one.request, b""), _left_out(one.unsaid))
        writer.write_request_response_pair(request, response)
    return file.getvalue()


def _record(
    writer: WARCWriter,
    kind: str,
    one: Exchange,
    block: tuple[bytes, bytes],
    more: Mapping[str, str],
) -> Any:
    head, body = block
    fields = {
        "WARC-Record-ID": _name(kind, one, head),
        "WARC-Date": _date(one.at),
        "WARC-Block-Digest": f"sha256:{digest(head + body)}",
        "WARC-Payload-Digest": f"sha256:{digest(body)}",
        **({"WARC-IP-Address": one.address} if one.address else {}),
        **more,
    }
    return writer.create_warc_record(
        one.url,
        kind,
        payload=BytesIO(body),
        length=len(body),
        warc_headers_dict=fields,
        http_headers=_Exact(head),
    )


def _left_out(names: Sequence[str]) -> dict[str, str]:
    return {_LEFT_OUT: ", ".join(names)} if names else {}


def _name(kind: str, one: Exchange, head: bytes) -> str:
    told = f"{kind} {one.at} {one.url} {digest(head)} {digest(one.body)}"
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, told)}>"


class _Exact(StatusAndHeaders):  # type: ignore[misc]  # warcio has no types
    """A head that is written as it came and not put together again."""

    def __init__(self, head: bytes) -> None:
        super().__init__("", [])
        self._head = head

    def __bool__(self) -> bool:  # else warcio looks for a head in the body
        return True

    def compute_headers_buffer(self, header_filter: Any = None) -> None:
        self.headers_buff = self._head


def _date(micros: int) -> str:
    seconds, rest = divmod(micros, 1_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:06d}Z"


@dataclass(frozen=True, slots=True)
class Answer:
    """A response record, for a manifest."""

    url: str
    at: str
    address: str
    status: str  # the line as it came
    left_out: tuple[str, ...]  # of its head
    body_sha256: str
    body_bytes: int  # on the wire


def answers(file: BinaryIO) -> list[Answer]:
    """Return the responses of a WARC. Raises `ValueError` when one is not what was written."""
    try:
        return [
            _answer(record.rec_headers, record.raw_stream.read())
            for record in ArchiveIterator(file, no_record_parse=True)
            if record.rec_type == "response"
        ]
    except ArchiveLoadFailed as error:
        raise ValueError(str(error)) from error


def _answer(fields: Any, block: bytes) -> Answer:
    # not through warcio's parser of heads: it refuses some that outlets send
    head, _, body = _parted(block)
    for name, part in (("Block", block), ("Payload", body)):
        if fields.get_header(f"WARC-{name}-Digest") != f"sha256:{digest(part)}":
            raise ValueError(f"the {name.lower()} of a record is not what was written")
    left_out = fields.get_header(_LEFT_OUT) or ""
    return Answer(
        url=fields.get_header("WARC-Target-URI"),
        at=fields.get_header("WARC-Date"),
        address=fields.get_header("WARC-IP-Address") or "",
        status=head.partition(b"\n")[0].strip().decode("latin-1"),
        left_out=tuple(filter(None, left_out.split(", "))),
        body_sha256=digest(body),
        body_bytes=len(body),
    )


def _parted(block: bytes) -> tuple[bytes, bytes, bytes]:
    """Return head, empty line and body of a response; lines may end without a CR."""
    found = _EMPTY_LINE.search(block)
    if found is None:
        raise ValueError("a response has no end of its headers")
    return block[: found.start()], found[0], block[found.end() :]
