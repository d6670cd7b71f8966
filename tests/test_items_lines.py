"""Items as JSON lines: what is read, and what is said of lines that are none."""

from __future__ import annotations

import json

import pytest

from rasid.items.lines import BadLine, read_documents
from rasid.models import Document

WHOLE = {
    "id": "1",
    "title": "قصف\u200f على &amp; الميادين",
    "summary": " two  spaces ",
    "text": "<b>as it is</b>\r\n",
    "url": "https://example.org/1",
    "author": "a",
    "tags": ["x", "ي"],
    "outlet": "o",
    "source": "s",
    "language": "ar",
    "published": "2026-11-23T14:05:00+03:00",
}


def read(*lines: object) -> list[Document | BadLine]:
    return list(
        read_documents(
            line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines
        )
    )


def test_every_key_is_read_and_texts_are_verbatim() -> None:
    wanted = {**WHOLE, "tags": ("x", "ي"), "published": 1_795_431_900_000_000}
    assert read(WHOLE) == [Document(**wanted)]


def test_only_the_id_is_required_and_null_is_nothing() -> None:
    assert read({"id": "1"}, dict.fromkeys(WHOLE) | {"id": "2"}) == [
        Document("1"),
        Document("2"),
    ]


def test_an_id_may_be_a_number_and_other_keys_are_left_alone() -> None:
    assert read({"id": 0, "label": [1], "link": "x"}) == [Document("0")]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (0, 0),
        (1.5, 1_500_000),
        (-1, -1_000_000),
        ("1970-01-01T00:00:01Z", 1_000_000),
        ("1970-01-01T00:00:00.000001+00:00", 1),
        ("1969-12-31T23:59:59Z", -1_000_000),
    ],
)
def test_times_are_rfc_3339_or_epoch_seconds(written: object, read_as: int) -> None:
    assert read({"id": "1", "published": written}) == [Document("1", published=read_as)]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"nope", "not JSON"),
        (b'{"id": "1"', "not JSON"),
        (b'{"id": "\xff"}', "not UTF-8"),
        (b"[" * 100_000, "not JSON"),
        (b'{"id": ' + b"9" * 5_000 + b"}", "not JSON"),
        ([1], "a JSON object"),
        ({}, "id:"),
        ({"id": ""}, "id:"),
        ({"id": True}, "id:"),
        ({"id": "1", "title": 1}, "title:"),
        ({"id": "1", "tags": "a, b"}, "tags:"),
        ({"id": "1", "tags": ["a", 1]}, "tags:"),
        ({"id": "1", "published": "yesterday"}, "published:"),
        ({"id": "1", "published": "2026-11-23T14:05:00"}, "with its zone"),
        ({"id": "1", "published": "1790000000"}, "published:"),
        ({"id": "1", "published": True}, "published:"),
        ({"id": "1", "published": 1_790_000_000_000}, "not milliseconds"),
        (b'{"id": "1", "published": NaN}', "published:"),
        (b'{"id": "1", "published": 1e999}', "published:"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_is_read(line: object, why: str) -> None:
    first, bad, last = read({"id": "1"}, line, {"id": "2"})
    assert (first, last) == (Document("1"), Document("2"))
    assert isinstance(bad, BadLine)
    assert bad.number == 2
    assert why in bad.why


def test_blank_lines_and_a_byte_order_mark_are_nothing() -> None:
    assert read(b'\xef\xbb\xbf{"id": "1"}\r\n', b"\n", b" \t\r\n", b'{"id": "2"}') == [
        Document("1"),
        Document("2"),
    ]
    (bad,) = read(b"", b"\xef\xbb\xbf{}")
    assert isinstance(bad, BadLine)
    assert bad.number == 2


def test_a_lone_surrogate_is_taken_verbatim() -> None:
    assert read(rb'{"id": "1", "title": "a\ud800"}') == [Document("1", title="a\ud800")]
