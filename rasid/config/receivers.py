"""Receivers as written to receivers as used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rasid.config.build import warn_private, warn_secrets
from rasid.config.escalation import build_escalate, build_shift_report
from rasid.config.problems import Problems
from rasid.config.schema_receivers import DigestIn, LimitIn, QuietIn, ReceiverIn
from rasid.config.sections import Found
from rasid.config.tree import spot_of
from rasid.errors import Problem
from rasid.settings import (
    CRITICAL,
    SEVERITIES,
    Config,
    Digest,
    Limit,
    Pace,
    QuietHours,
    Receiver,
    ReceiverUrl,
    Rule,
    rank,
)


def build_receivers(found: Mapping[str, Found[ReceiverIn]], time_zone: str) -> dict[str, Receiver]:
    """Return receivers by id; `time_zone` is that of digests and quiet hours without one."""
    receivers = (
        _receiver(entry, entry.value, time_zone) for entry in found.values() if entry.value
    )
    return {receiver.id: receiver for receiver in receivers}


def _receiver(entry: Found[ReceiverIn], written: ReceiverIn, time_zone: str) -> Receiver:
    return Receiver(
        id=written.id,
        urls=tuple(_urls(entry)),
        show=written.show,
        pace=Pace(
            written.group_wait,
            _digest(written.digest, time_zone),
            _quiet_hours(written.quiet_hours, time_zone),
            _limit(written.limit),
        ),
        min_severity=written.min_severity,
        language=written.language or "",
        template=written.template,
        escalate=build_escalate(written.escalate),
        shift_report=build_shift_report(written.shift_report, time_zone),
    )


def _digest(written: DigestIn | None, time_zone: str) -> Digest | None:
    return Digest(written.at, written.zone or time_zone, written.below) if written else None


def _quiet_hours(written: QuietIn | None, time_zone: str) -> QuietHours | None:
    if written is None:
        return None
    return QuietHours(written.from_, written.to, written.zone or time_zone, tuple(written.days))


def _limit(written: LimitIn | None) -> Limit | None:
    return Limit(written.messages, written.per) if written else None


def _urls(found: Found[ReceiverIn]) -> Iterator[ReceiverUrl]:
    """Yield the URLs of a receiver that is valid."""
    assert found.value is not None
    for at, written in enumerate(found.value.urls):
        spot = spot_of(found.tree, ("urls", at))
        place = (found.file, spot.line, spot.column)
        if isinstance(written, str):
            yield ReceiverUrl(written, "", *place)
        else:
            yield ReceiverUrl(written.url, written.id, *place)


def check_receivers(
    found: Mapping[str, Found[ReceiverIn]], allowed: Sequence[str], problems: Problems
) -> None:
    """Note ids of URLs and URLs that come twice in a receiver.

    Warn of missing secrets and of addresses that the guard will refuse.
    """
    for entry in found.values():
        if entry.value is None:
            continue
        label = f'receiver "{entry.value.id}"'
        _check_quiet_hours(entry, entry.value, label, problems)
        seen: set[str] = set()
        for at, url in enumerate(_urls(entry)):
            name = url.id or url.template
            if name in seen:
                spot = spot_of(entry.tree, ("urls", at))
                what = f'id "{url.id}"' if url.id else "the same URL"
                problems.add(entry.file, spot, f"{label}: {what} stands here twice")
            seen.add(name)
            warn_secrets(entry, ("urls", at), label, problems, url.template)
            warn_private(entry, ("urls", at), label, url.template, allowed, problems)


def _check_quiet_hours(
    entry: Found[ReceiverIn], written: ReceiverIn, label: str, problems: Problems
) -> None:
    hours = written.quiet_hours
    if hours and hours.from_ == hours.to:
        message = f"{label}: quiet_hours: begin and end at one time: they would never end"
        spot = spot_of(entry.tree, ("quiet_hours",))
        problems.add(entry.file, spot, message, "such as {from: 22:00, to: 06:00}")


def severity_warnings(config: Config) -> list[Problem]:
    """Return what is odd about the severities of rules, given what their receivers do with them."""
    return [
        Problem(rule.file, rule.line, f'rule "{rule.id}": {message}', hint)
        for rule in config.rules.values()
        for message, hint in _odd(rule, config.receivers)
    ]


def _odd(rule: Rule, receivers: Mapping[str, Receiver]) -> Iterator[tuple[str, str]]:
    told = [receivers[name] for name in rule.notify if name in receivers]
    sorts = [one.id for one in told if _sorts(one)]
    if sorts and not rule.severity:
        held = [one.id for one in told if one.pace.quiet_hours]
        what = (
            f"has no severity, so the quiet hours of {_names(held)} hold it back"
            if held
            else f"has no severity, so for {_names(sorts)} it counts as medium"
        )
        yield what, "severity: critical passes them; low, medium and high wait" if held else _RANKS
    elif sorts and rule.severity not in SEVERITIES:
        what = f'severity "{rule.severity}" has no rank: for {_names(sorts)} it counts as medium'
        yield what, _RANKS
    deaf = [one for one in told if rank(rule.severity) < rank(one.min_severity)]
    if deaf:
        name = _names([one.id for one in deaf])
        yield f"{name} takes graver alerts only: not told", "see min_severity of the receiver"


_RANKS = f"known are {', '.join(SEVERITIES)}"


def _sorts(receiver: Receiver) -> bool:
    """Tell whether a receiver treats alerts by how grave they are.

    A digest of all but what is critical does not count: most who have one want nothing else.
    """
    digest = receiver.pace.digest
    graded = bool(digest and digest.below != CRITICAL)
    return graded or bool(receiver.pace.quiet_hours) or receiver.min_severity != SEVERITIES[0]


def _names(ids: Sequence[str]) -> str:
    return ", ".join(ids)
