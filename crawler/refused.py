"""The one exception inside the fetching half: a reason and words for a person."""

from __future__ import annotations

from rasid.models import Cause, PollReason


class Refused(Exception):  # noqa: N818 - an expected outcome, not an error
    """Raised by a fetch that came to nothing; `ScrapyCrawler.poll` turns it into a result."""

    def __init__(self, reason: PollReason, detail: str, cause: Cause | None = None) -> None:
        self.reason = reason
        self.cause = cause
        self.detail = detail
        super().__init__(detail)
