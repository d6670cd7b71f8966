"""The answer of a receiver, read as far as it matters: for some seconds, and some size.

A read timeout holds for each read, so a server that drips would hold its sender for ever, and
one that never ends would fill the memory. What counts has come with the status.
"""

from __future__ import annotations

import time
from contextlib import closing, suppress
from typing import Final

import requests
from urllib3.exceptions import HTTPError

_MOST: Final = 256 * 1024  # bytes, unpacked
_SECONDS: Final = 10.0
_PART: Final = 16 * 1024


def read_answer(response: requests.Response) -> None:
    """Read the body of a response that is a stream: what comes in time, and before it breaks off.

    One whose body was read already is left as it is.
    """
    if response._content is not False:
        return
    parts, size, ends = list[bytes](), 0, time.monotonic() + _SECONDS
    # the status is the answer: a retry because of what follows would say all of it twice
    with closing(response), suppress(HTTPError, OSError):
        while size < _MOST and time.monotonic() < ends:
            part = response.raw.read1(_PART, decode_content=True)
            if not part:
                break
            parts.append(part)
            size += len(part)
    response._content = b"".join(parts)
    response._content_consumed = True
