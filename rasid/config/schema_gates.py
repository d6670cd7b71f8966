"""The shape of gates over time, beside the words of a rule."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, WithJsonSchema

from rasid.config import values
from rasid.config.schema_values import MaybeLong, Part, present
from rasid.settings import DAY, MINUTE


def _section(value: Any) -> Any:
    """Refuse names where a count stands: they belong to another key."""
    if isinstance(value, str | list):
        hint = f"for items of these outlets only: outlet: {_listed(value)}"
        raise values.wrong("counts independent outlets, as in {at_least: 3, within: 2h}", hint)
    return present(value)


def _listed(value: Any) -> str:
    names = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
    return f"[{', '.join(names)}]"


def _several(value: Any) -> int:
    if (found := values.positive(value)) < 2:
        raise values.wrong("one alone says nothing", "2 or more")
    return found


Several = Annotated[
    int,
    BeforeValidator(_several),
    WithJsonSchema({"type": "integer", "minimum": 2, "maximum": 1000}),
]


class OutletsIn(Part):
    """So many independent outlets, within a span, and what is told until then."""

    at_least: Several = 2
    within: MaybeLong = None
    until_then: Literal["unconfirmed", "hold"] | None = None


def _times(value: Any) -> float:
    return values.number(value, 1.1, 1000, "how many times as much as usual, such as 3")


def _weeks(value: Any) -> int:
    found = values.long_duration(value)
    if not 7 * DAY <= found <= 365 * DAY:
        hint = "an hour is compared with the same hour of other weeks: 28d"
        raise values.wrong(f"{value} is not from 7d to 365d", hint)
    return found


def _patience(value: Any) -> int:
    found = values.long_duration(value)
    if not 10 * MINUTE <= found <= 30 * DAY:
        raise values.wrong(f"{value} is not from 10m to 30d", "such as 6h")
    return found


class SpikeIn(Part):
    """Much more in an hour than that hour of the week has by itself."""

    factor: Annotated[
        float, BeforeValidator(_times), WithJsonSchema({"type": "number", "minimum": 1.1})
    ] = 3.0
    against: Annotated[
        int, BeforeValidator(_weeks), WithJsonSchema({"type": "string", "pattern": values.DURATION})
    ] = 28 * DAY
    floor: Several = 5


MaybeSpike = Annotated[SpikeIn | None, BeforeValidator(present)]
Silent = Annotated[
    int, BeforeValidator(_patience), WithJsonSchema({"type": "string", "pattern": values.DURATION})
]
MaybeOutlets = Annotated[OutletsIn | None, BeforeValidator(_section)]
