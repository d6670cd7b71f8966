"""The shape of gates over time, beside the words of a rule."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, WithJsonSchema

from rasid.config import values
from rasid.config.schema_values import MaybeLong, Part, present


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
        raise values.wrong("one outlet is no confirmation", "2 or more")
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


MaybeOutlets = Annotated[OutletsIn | None, BeforeValidator(_section)]
