"""What a response or an exception of Scrapy means for a source. Pure."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from dataclasses import replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from http.client import responses
from typing import Final

from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    UnsupportedURLSchemeError,
)
from scrapy.http import Headers, Response
from service_identity import VerificationError
from twisted.internet.error import ConnectError
from twisted.python.failure import Failure

from crawler.certificates import BadCertificateError
from crawler.download import HeadersTooLargeError
from crawler.guard import BLOCKED_ERRNO
from crawler.refused import Refused
from crawler.settings import MAX_BODY
from crawler.walls import page_cause, wall_of, wall_words
from rasid.causes import HINTS, of_status
from rasid.models import Cause, PollOutcome, PollReason, PollResult, Validators
from rasid.settings import DAY, SECOND

_log = logging.getLogger("rasid.crawler")

_MAX_VALIDATOR: Final = 1024
# reasons that an answer with a body may say more of
_SHOWN: Final = frozenset(
    {
        PollReason.HTTP_STATUS,
        PollReason.RETRY_AFTER,
        PollReason.EMPTY_RESPONSE,
        PollReason.NOT_A_FEED,
        PollReason.NOTHING_FOUND,
        PollReason.PARSE_ERROR,
    }
)
_ROOT: Final = re.compile(rb"<\s*([A-Za-z_][\w.:-]*)")
_END: Final = re.compile(rb"</([A-Za-z_][\w.:-]*)\s*>(?:\s|<!--(?:(?!-->).)*-->)*\Z", re.DOTALL)
_TAIL: Final = 4096


def from_status(
    status: int, headers: Headers, now: int, *, conditional: bool = True
) -> PollResult | None:
    """Return the result of a status that carries no feed, None for one that does.

    `conditional`: the request asked whether something has changed. A 304 to one that did not
    is no good news: nothing of the feed was ever seen, or a whole copy was due.
    """
    if 200 <= status < 300:
        return None
    if status == 304 and not conditional:
        detail = "the server answers 304 (nothing has changed) to a request for the whole feed"
        return PollResult(PollOutcome.FAILED, PollReason.UNASKED_304, detail, status=status)
    if status == 304:
        return PollResult(
            PollOutcome.NOT_MODIFIED,
            PollReason.STATUS_304,
            status=status,
            validators=validators(headers),
        )
    if status == 410:
        detail = "the server says the feed is gone for good (410): remove it or find its new home"
        return PollResult(PollOutcome.GONE, PollReason.STATUS_410, detail, status=status)
    wait = retry_after(headers, now) if status in (429, 503) else None
    if status == 429 or wait is not None:
        detail = f"the server asks us to slow down ({status})"
        return PollResult(
            PollOutcome.RATE_LIMITED, PollReason.RETRY_AFTER, detail, status, retry_after=wait
        )
    return PollResult(PollOutcome.FAILED, PollReason.HTTP_STATUS, status_words(status), status)


def explained(result: PollResult, response: Response) -> PollResult:
    """Return the result of an answer with a cause, where the answer shows more than its reason.

    A wall that only asks to slow down is none.
    """
    slowed = result.outcome is PollOutcome.RATE_LIMITED and result.retry_after is not None
    if slowed or result.reason not in _SHOWN:
        return result
    status, body = response.status, response.body
    if wall := wall_of(status, response.headers, body):
        return replace(result, cause=Cause.BOT_WALL, detail=wall_words(wall, status))
    if HINTS[Cause.SITEMAP] in result.detail:
        return replace(result, cause=Cause.SITEMAP)
    if result.reason is PollReason.NOT_A_FEED:
        return replace(result, cause=page_cause(body))
    return result


def status_words(status: int) -> str:
    """Say what a status means and what can be done."""
    phrase = responses.get(status, "(no known status)")
    return f"the server answers {status} {phrase}: {HINTS[of_status(status)]}"


def retry_after(headers: Headers, now: int) -> int | None:
    """Return microseconds from `Retry-After`, at most a day; None when it says nothing."""
    value = (headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isascii() and value.isdecimal():
        return min(int(value[:12]) * SECOND, DAY)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, OverflowError, IndexError):
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return min(max(int(at.timestamp() * SECOND) - now, 0), DAY)


def validators(headers: Headers) -> Validators:
    """Return what to ask the next time with, as the server gave it."""
    return Validators(_text(headers, "ETag"), _text(headers, "Last-Modified"))


def merged(given: Validators, kept: Validators) -> Validators:
    """Return the validators after a 304, which may repeat them or leave them out."""
    return Validators(given.etag or kept.etag, given.last_modified or kept.last_modified)


def _text(headers: Headers, name: str) -> str:
    value = (headers.get(name) or b"").decode("latin-1").strip()
    sound = len(value) <= _MAX_VALIDATOR and value.isprintable()
    return value if sound else ""


def body_hash(body: bytes) -> str:
    """Return what an unchanged body is known by."""
    return hashlib.sha256(body).hexdigest()


def looks_complete(body: bytes) -> bool:
    """Say whether a body that may have been cut off has its end: root closed, or JSON whole."""
    body = body.replace(b"\0", b"").strip()  # UTF-16 and UTF-32 as well
    if body[:1] in (b"{", b"["):
        return _is_json(body)
    end = _END.search(body[-_TAIL:])
    return end is not None and end[1] == _root(body)


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def _root(body: bytes) -> bytes:
    """Return the name of the first element that is not a comment or declaration."""
    found = _ROOT.search(re.sub(rb"<!--.*?-->", b"", body[:65536], flags=re.DOTALL))
    return found[1] if found else b""


def refusal(error: Exception, doing: str) -> Refused:
    """Return why something failed, INTERNAL for what nobody foresaw, which is logged."""
    refused = from_exception(error)
    if refused is None:
        _log.error("%s failed in an unforeseen way", doing, exc_info=error)
        refused = Refused(PollReason.INTERNAL, f"{type(error).__name__} in the crawler")
    return refused


def from_exception(error: Exception) -> Refused | None:
    """Return the reason of an exception that servers and networks cause, None for others."""
    if isinstance(error, Refused):
        return error
    chain = list(_chain(error))
    if any(_is_blocked(one) for one in chain):
        return Refused(
            PollReason.BLOCKED_ADDRESS,
            "the host leads to an address inside a private network; if that is meant, list it "
            "in settings.security.allow_addresses",
        )
    if any(isinstance(one, HeadersTooLargeError) for one in chain):
        return Refused(PollReason.TOO_LARGE, "the response's headers have no end")
    if bad := next((one for one in chain if isinstance(one, BadCertificateError)), None):
        return Refused(PollReason.TLS, str(bad), bad.cause)
    if any(isinstance(one, VerificationError) for one in chain):
        detail = "the certificate is for another host"
        return Refused(PollReason.TLS, detail, Cause.CERTIFICATE_WRONG_HOST)
    if tls := next((one for one in chain if isinstance(one, SSL.Error)), None):
        return Refused(PollReason.TLS, f"no TLS connection comes about: {_tls_words(tls)}")
    for kind, reason, words in _KINDS:
        if isinstance(error, kind):
            refused = isinstance(error, DownloadConnectionRefusedError)
            return Refused(reason, words, Cause.REFUSED if refused else None)
    if (type(error).__module__ or "").startswith(("twisted.", "scrapy.")):
        return Refused(PollReason.CONNECT, f"the connection failed: {_words(chain)}")
    return None


_KINDS: Final[tuple[tuple[type[Exception], PollReason, str], ...]] = (
    (CannotResolveHostError, PollReason.DNS, "the host's name is not known, or no answer came"),
    (DownloadConnectionRefusedError, PollReason.CONNECT, "the server refuses the connection"),
    (DownloadTimeoutError, PollReason.TIMEOUT, "the server took too long"),
    (
        DownloadCancelledError,
        PollReason.TOO_LARGE,
        f"the response is larger than {MAX_BODY // 1024 // 1024} MiB",
    ),
    (
        IgnoreRequest,
        PollReason.TOO_LARGE,
        f"unpacked, the response is larger than {MAX_BODY // 1024 // 1024} MiB",
    ),
    (UnsupportedURLSchemeError, PollReason.BAD_URL, "only http and https are fetched"),
    (TimeoutError, PollReason.TIMEOUT, "the poll as a whole took too long"),
)


def _chain(error: BaseException) -> list[BaseException]:
    """Return an exception with its causes and Twisted's lists of reasons."""
    found: list[BaseException] = []
    todo: list[BaseException | None] = [error]
    while todo and len(found) < 20:
        one = todo.pop(0)
        if one is None or one in found:
            continue
        found.append(one)
        reasons = getattr(one, "reasons", None) or ()
        todo += [r.value if isinstance(r, Failure) else r for r in reasons]
        todo.append(one.__cause__)
    return found


def _is_blocked(error: BaseException) -> bool:
    if isinstance(error, ConnectError):
        return bool(error.osError == BLOCKED_ERRNO)
    return isinstance(error, OSError) and error.errno == BLOCKED_ERRNO


def _tls_words(error: SSL.Error) -> str:
    reasons = error.args[0] if error.args else ()
    words = [part[-1] for part in reasons if isinstance(part, tuple) and part]
    return ", ".join(map(str, words)) or str(error) or type(error).__name__


def _words(chain: list[BaseException]) -> str:
    return str(chain[-1])[:200] or type(chain[-1]).__name__
