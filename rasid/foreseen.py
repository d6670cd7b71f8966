"""What sources that are well need soon: a renewed certificate, another address. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from rasid.models import Certificate, SourceState
from rasid.settings import DAY, HOUR, Source

_BEFORE: Final = 5 * DAY  # of a certificate's end
_LAST_PART: Final = 3  # of its time: certificates of six days are renewed in the last two
_SURE: Final = 5  # valid feeds in a row that came from where an address moved to


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What some sources need. `key` is what it is about, `value` what is said of that."""

    key: str
    value: str
    words: str
    sources: tuple[str, ...]


def foreseen(
    sources: Iterable[Source], states: Mapping[str, SourceState], now: int
) -> list[Foreseen]:
    """Return what enabled sources need soon: once a host for certificates, once a source else."""
    found: dict[tuple[str, str], Foreseen] = {}
    for source in sources:
        state = states.get(source.id)
        if state is None or not source.enabled or state.paused:
            continue
        for one in of_source(source, state, now):
            before = found.get((one.key, one.value), one)
            names = dict.fromkeys((*before.sources, source.id))
            found[one.key, one.value] = Foreseen(one.key, one.value, one.words, tuple(names))
    return list(found.values())


def of_source(source: Source, state: SourceState, now: int) -> list[Foreseen]:
    """Return what one source needs soon."""
    if state.gone:
        return []
    found = []
    if source.tls_verify and expires_soon(state.certificate, now):
        host, until = _host(source.url), state.certificate.until
        words = (
            f"the certificate of {host} expires {_left(until - now)}: if the outlet does not "
            "renew it, polls fail from then on"
        )
        found.append(Foreseen(f"certificate {host}", str(until), words, (source.id,)))
    if state.moved_to and state.moves >= _SURE:
        words = f"moved to {state.moved_to[:200]}: change its url in rules.yaml"
        found.append(Foreseen(f"moved {source.id}", state.moved_to, words, (source.id,)))
    return found


def expires_soon(certificate: Certificate, now: int) -> bool:
    """Whether a certificate that holds still should have been renewed by now."""
    whole = certificate.until - certificate.since
    return 0 < certificate.until - now <= min(_BEFORE, whole // _LAST_PART)


def news(found: Iterable[Foreseen], told: str) -> tuple[list[Foreseen], str]:
    """Return what was not told yet, and what to remember; `told` is what was remembered."""
    found = list(found)
    before: dict[str, str] = json.loads(told) if told else {}
    fresh = [one for one in found if before.get(one.key) != one.value]
    after = {one.key: one.value for one in found}
    return fresh, json.dumps(after, sort_keys=True) if after else ""


def _left(micros: int) -> str:
    if micros >= 2 * DAY:
        return f"in {micros // DAY} days"
    return f"in {max(1, micros // HOUR)} h"


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url
