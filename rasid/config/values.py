"""Single values of rules.yaml: each function returns the value or raises with a hint."""

from __future__ import annotations

import difflib
import re
from ipaddress import ip_address, ip_network
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic_core import PydanticCustomError

from rasid import cron
from rasid.places import cldr
from rasid.settings import DAY, EVENTS, GIGABYTE, HOUR, MEGABYTE, MINUTE, SECOND, SEVERITIES

_UNITS: Final = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
DURATION: Final = r"^[0-9]{1,6}[smhdw]$"
EVERY: Final = r"^[0-9]{1,6}[smhdw]( to [0-9]{1,6}[smhdw])?$"
SIZE: Final = r"^[0-9]{1,6}(MB|GB)$"
SOURCE_ID: Final = r"^[A-Za-z0-9._-]{1,100}$"
CLOCK: Final = r"^([01]?[0-9]|2[0-3]):[0-5][0-9]$"
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAME: Final = r"^[\w.-]{1,100}$"
NUMBER: Final = r"[-+]?[0-9]{1,5}(\.[0-9]{1,12})?"
LANGUAGE: Final = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_COUNTRY: Final = r"^[A-Za-z]{2}$"
_HEADER: Final = r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"
_OWN_HEADERS: Final = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", "user-agent"}
)


def wrong(message: str, hint: str = "") -> PydanticCustomError:
    """Return an error that `wording` shows as it is."""
    return PydanticCustomError("rasid", "{message}", {"message": message, "hint": hint})


def no_value() -> PydanticCustomError:
    """Return the error of a key with nothing after its colon."""
    return wrong("has no value", "write one after the colon, or take the key away")


def text(value: Any) -> str:
    """Return a text without surrounding blanks; an empty one is refused."""
    if not isinstance(value, str):
        raise wrong("must be a text") if value is not None else no_value()
    if not (stripped := value.strip()):
        raise wrong("is empty", "write something between the quotes, or take it away")
    return stripped


def verbatim(value: Any) -> str:
    """Return a text with the blanks around it: those of a regular expression count."""
    text(value)
    return str(value)


def flag(value: Any) -> bool:
    """Return `true` or `false`."""
    if value not in ("true", "false"):
        raise wrong(f"must be true or false, not {_shown(value)}")
    return bool(value == "true")


def count(value: Any) -> int:
    """Return a whole number from 0 to 1,000."""
    if not isinstance(value, str) or not re.fullmatch("[0-9]{1,4}", value) or int(value) > 1000:
        raise wrong(f"must be a whole number from 0 to 1000, not {_shown(value)}")
    return int(value)


def duration(value: Any) -> int:
    """Return microseconds of `90s`, `15m`, `48h`, `7d`, `2w`."""
    if not isinstance(value, str) or not re.fullmatch(DURATION, value, re.ASCII):
        hint = "a whole number with s, m, h, d or w: 15m, 48h"
        raise wrong(f"must be a duration, not {_shown(value)}", hint)
    return int(value[:-1]) * _UNITS[value[-1]]


def size(value: Any) -> int:
    """Return bytes of `500MB`, `2GB`: what is kept on the disk for a while."""
    if not isinstance(value, str) or not re.fullmatch(SIZE, value, re.ASCII):
        raise wrong(f"must be a size, not {_shown(value)}", "a whole number with MB or GB: 2GB")
    found = int(value[:-2]) * (MEGABYTE if value.endswith("MB") else GIGABYTE)
    if found < 100 * MEGABYTE:
        raise wrong(f"{value} is too little", "at least 100MB")
    return found


def positive(value: Any) -> int:
    """Return a whole number from 1 to 1,000."""
    if not isinstance(value, str) or not re.fullmatch("0*[1-9][0-9]{0,2}|1000", value):
        raise wrong(f"must be a whole number from 1 to 1000, not {_shown(value)}")
    return int(value)


def number(value: Any, least: float, most: float, hint: str = "") -> float:
    """Return a number within bounds, written with digits and a point."""
    if not isinstance(value, str) or not re.fullmatch(NUMBER, value, re.ASCII):
        raise wrong(f"must be a number, not {_shown(value)}", hint or "such as 35.02")
    if not least <= (found := float(value)) <= most:
        raise wrong(f"{value} is not from {least:g} to {most:g}", hint)
    return found


def event(value: Any) -> str:
    """Return what of an item an alert is about."""
    found = text(value)
    if found not in EVENTS:
        raise wrong(f'must be new, revised, corroborated or withdrawn, not "{found}"')
    return found


def every(value: Any) -> tuple[int, int]:
    """Return the shortest and the longest time between polls, twice the same for a single one."""
    parts = value.split(" to ") if isinstance(value, str) else [value]
    if len(parts) > 2:
        raise wrong(f"must be a duration or two, not {_shown(value)}", "such as 15m, or 5m to 2h")
    bounds = [_between(part, MINUTE, 30 * DAY, "from 1m to 30d") for part in parts]
    if bounds[0] > bounds[-1]:
        raise wrong(f"{value}: the longer time comes last", f"write {parts[1]} to {parts[0]}")
    return bounds[0], bounds[-1]


def long_duration(value: Any) -> int:
    """Return a span for which things are kept or tried: a minute to 100 years."""
    return _between(value, MINUTE, 36_500 * DAY, "from 1m to 36500d")


def span(value: Any) -> int:
    """Return a short span: a second to 7 days."""
    return _between(value, SECOND, 7 * DAY, "from 1s to 7d")


def wait(value: Any) -> int:
    """Return how long something may wait: 0s, which is not at all, to 7 days."""
    return _between(value, 0, 7 * DAY, "from 0s (at once) to 7d")


def clock(value: Any) -> int:
    """Return minutes after midnight of `22:00`."""
    found = text(value)
    if not re.fullmatch(CLOCK, found, re.ASCII):
        raise wrong(f'"{found}" is no time of day', "hours and minutes, such as 22:00 or 6:30")
    hours, _, minutes = found.partition(":")
    return int(hours) * 60 + int(minutes)


def days(value: Any) -> tuple[int, ...]:
    """Return days of the week, Monday as 0."""
    written = value if isinstance(value, list) else [value]
    found = [text(one).casefold()[:3] for one in written]
    for name, short in zip(written, found, strict=True):
        if short not in DAYS:
            raise wrong(f'"{name}" is no day', f"expected: {', '.join(DAYS)}")
    if not found:
        raise wrong("is an empty list", "write at least one, or leave the key out")
    return tuple(sorted({DAYS.index(one) for one in found}))


def cron_times(value: Any) -> str:
    """Return a cron expression of five fields."""
    found = " ".join(text(value).split())
    if problem := cron.problem(found):
        hint = 'minute, hour, day, month, day of the week: "0 7,19 * * *" is 07:00 and 19:00'
        raise wrong(f'"{found}" {problem}', hint)
    return found


def severity(value: Any) -> str:
    """Return a severity that has a rank."""
    found = text(value)
    if found not in SEVERITIES:
        raise wrong(f'"{found}" has no rank', f"expected: {', '.join(SEVERITIES)}")
    return found


def template_text(value: Any) -> str:
    """Return a template of one item, checked by trying it."""
    from rasid.layouts import problem  # few configurations have one

    found = text(value)
    if mistake := problem(found):
        raise wrong(mistake.message, mistake.hint)
    return found


def source_id(value: Any) -> str:
    """Return an id that is safe in file names and addresses."""
    return _fits(value, SOURCE_ID, "letters A-Z, digits, . _ and - only")


def name(value: Any) -> str:
    """Return an id in letters of any script."""
    return _fits(value, NAME, "letters, digits, . _ and - only")


def language(value: Any) -> str:
    """Return a language tag in lower case."""
    return _fits(value, LANGUAGE, "a language code such as ar, en or zh-Hant").lower()


def known_language(value: Any) -> str:
    """Return the tag of a language in which places have names."""
    found = text(value)
    if found.lower() in cldr.languages():
        return found.lower()
    main = re.split("[-_]", found.lower())[0]
    near = [main] if main in cldr.languages() else cldr.languages_like(found)
    hint = f"did you mean {' or '.join(near)}?" if near else "a code such as ar, en or uk"
    raise wrong(f'"{found}" is no language that is known here', hint)


def country(value: Any) -> str:
    """Return a country code in capitals."""
    return _fits(value, _COUNTRY, "a country code of two letters such as SY").upper()


def header_name(value: Any) -> str:
    """Return the name of an HTTP header that may be set."""
    found = _fits(value, _HEADER, "a header's name")
    if found.lower() in _OWN_HEADERS:
        raise wrong(f'the header "{found}" cannot be set', "the crawler sets it")
    return found


def time_zone(value: Any) -> str:
    """Return the name of a zone that exists."""
    found = text(value)
    try:
        ZoneInfo(found)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = difflib.get_close_matches(found, available_timezones(), n=1)
        hint = f'did you mean "{near[0]}"?' if near else "a name such as Asia/Damascus"
        raise wrong(f'unknown time zone "{found}"', hint) from error
    return found


def address(value: Any) -> str:
    """Return an `ip:port` or a network in CIDR form."""
    found = text(value)
    try:
        return _network(found) if "/" in found else _endpoint(found)
    except ValueError as error:
        hint = "an exact ip:port such as 127.0.0.1:8080 or [::1]:8080, or a network: 10.1.0.0/16"
        raise wrong(f'"{found}" is no address with a port and no network', hint) from error


def listen(value: Any) -> str:
    """Return the `ip:port` to listen on."""
    found = text(value)
    try:
        return _endpoint(found)
    except ValueError as error:
        hint = "an address of this machine and a port: 127.0.0.1:8080 or [::1]:8080"
        raise wrong(f'"{found}" is no address with a port', hint) from error


def _network(value: str) -> str:
    return str(ip_network(value))


def _endpoint(value: str) -> str:
    host, _, port = value.rpartition(":")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    address = ip_address(bare)
    if (address.version == 6) != (bare != host) or not re.fullmatch("[0-9]{1,5}", port):
        raise ValueError(value)
    if not 1 <= int(port) <= 65_535:
        raise ValueError(value)
    return f"[{address}]:{int(port)}" if address.version == 6 else f"{address}:{int(port)}"


def _between(value: Any, least: int, most: int, hint: str) -> int:
    found = duration(value)
    if not least <= found <= most:
        raise wrong(f"{value} is out of bounds", hint)
    return found


def _fits(value: Any, pattern: str, hint: str) -> str:
    found = text(value)
    if not re.fullmatch(pattern, found):
        raise wrong(f'"{found}" is not allowed here', f"expected: {hint}")
    return found


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    return "nothing" if value is None else "a list" if isinstance(value, list) else "a section"
