"""The values that keys of rules.yaml may have, as they are checked and as editors see them.

Every scalar arrives as the string that was written; the schema describes what an editor sees,
which reads `15`, `true` and `NO` as values of their own.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema

from rasid.config import addresses, selectors, values
from rasid.settings import EVENTS, SEVERITIES

_SCALAR: Final = {"type": ["string", "number", "boolean"]}
_COUNT: Final = WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 1000})


Day = Annotated[str, WithJsonSchema({"enum": list(values.DAYS)})]


def _string(pattern: str = "") -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern} if pattern else {"type": "string"})


def listed(value: Any) -> list[Any]:
    """Return a list, of one where a single value stands."""
    if value is None:
        raise values.no_value()
    return value if isinstance(value, list) else [value]


def filled(value: Any) -> list[Any]:
    """Return a list; refuse an empty one where it could mean nothing as well as everything."""
    if not (found := listed(value)):
        raise values.wrong("is an empty list", "write at least one, or leave the key out")
    return found


def present(value: Any) -> Any:
    """Refuse a key that has nothing after it."""
    if value is None:
        raise values.no_value()
    return value


def _labels(value: Any) -> list[Any]:
    """Refuse a condition on the tags of items where the rule's own tags stand."""
    if isinstance(value, dict):
        hint = "for the tags of an item: all: [{tags: word}], or query: tags:word"
        raise values.wrong("these are words that go with the alert", hint)
    return listed(value)


Text = Annotated[str, BeforeValidator(values.text), WithJsonSchema(_SCALAR)]
Flag = Annotated[bool, BeforeValidator(values.flag)]
Count = Annotated[int, BeforeValidator(values.count), _COUNT]
MaybeCount = Annotated[int | None, BeforeValidator(values.count), _COUNT]
Positive = Annotated[
    int,
    BeforeValidator(values.positive),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 1000}),
]
Every = Annotated[tuple[int, int], BeforeValidator(values.every), _string(values.EVERY)]
Long = Annotated[int, BeforeValidator(values.long_duration), _string(values.DURATION)]
MaybeLong = Annotated[int | None, BeforeValidator(values.long_duration), _string(values.DURATION)]
Size = Annotated[int, BeforeValidator(values.size), _string(values.SIZE)]
SourceId = Annotated[str, BeforeValidator(values.source_id), WithJsonSchema(_SCALAR)]
Name = Annotated[str, BeforeValidator(values.name), WithJsonSchema(_SCALAR)]
Language = Annotated[str, BeforeValidator(values.language), WithJsonSchema(_SCALAR)]
KnownLanguage = Annotated[str, BeforeValidator(values.known_language), _string("^[A-Za-z]{2,3}$")]
Country = Annotated[str, BeforeValidator(values.country), WithJsonSchema(_SCALAR)]
Zone = Annotated[str, BeforeValidator(values.time_zone), _string()]
Listen = Annotated[str, BeforeValidator(values.listen), _string()]
Address = Annotated[str, BeforeValidator(values.address), _string()]
Template = Annotated[str, BeforeValidator(addresses.template), WithJsonSchema(_SCALAR)]
Plain = Annotated[str, BeforeValidator(addresses.plain), _string()]
SourceUrl = Annotated[str, BeforeValidator(addresses.source_url), _string("^(https?://|t\\.me/)")]
Selector = Annotated[str, BeforeValidator(selectors.selector), _string()]
ProxyUrl = Annotated[str, BeforeValidator(addresses.proxy_url), _string("^https?://")]
TargetUrl = Annotated[str, BeforeValidator(addresses.receiver_url), _string()]
CallbackUrl = Annotated[str, BeforeValidator(addresses.callback_url), _string("^https?://")]
HeartbeatUrl = Annotated[str, BeforeValidator(addresses.heartbeat_url), _string()]
PublicUrl = Annotated[str, BeforeValidator(addresses.public_url), _string("^https?://")]
MapLink = Annotated[str, BeforeValidator(addresses.map_link), _string("^https?://")]
Wait = Annotated[int, BeforeValidator(values.wait), _string(values.DURATION)]
Span = Annotated[int, BeforeValidator(values.span), _string(values.DURATION)]
Clock = Annotated[int, BeforeValidator(values.clock), _string(values.CLOCK)]
Cron = Annotated[str, BeforeValidator(values.cron_times), _string()]
Severity = Annotated[
    str, BeforeValidator(values.severity), WithJsonSchema({"enum": list(SEVERITIES)})
]
Days = Annotated[
    tuple[int, ...],
    BeforeValidator(values.days, json_schema_input_type=Day | list[Day]),
]
TemplateText = Annotated[str, BeforeValidator(values.template_text), _string()]
HeaderName = Annotated[str, BeforeValidator(values.header_name), _string()]

Names = Annotated[list[Name], BeforeValidator(listed, json_schema_input_type=Name | list[Name])]
Filter = Annotated[list[Name], BeforeValidator(filled, json_schema_input_type=Name | list[Name])]
SourceIds = Annotated[
    list[SourceId], BeforeValidator(filled, json_schema_input_type=SourceId | list[SourceId])
]
Languages = Annotated[
    list[Language], BeforeValidator(filled, json_schema_input_type=Language | list[Language])
]
Countries = Annotated[
    list[Country], BeforeValidator(filled, json_schema_input_type=Country | list[Country])
]
Texts = Annotated[list[Text], BeforeValidator(listed, json_schema_input_type=Text | list[Text])]
Labels = Annotated[list[Text], BeforeValidator(_labels, json_schema_input_type=Text | list[Text])]
Query = Annotated[str, BeforeValidator(values.verbatim), WithJsonSchema(_SCALAR)]
Pattern = Annotated[str, BeforeValidator(values.verbatim), WithJsonSchema(_SCALAR)]
Patterns = Annotated[
    list[Pattern], BeforeValidator(filled, json_schema_input_type=Pattern | list[Pattern])
]
Event = Annotated[str, BeforeValidator(values.event), WithJsonSchema({"enum": list(EVENTS)})]
Events = Annotated[list[Event], BeforeValidator(filled, json_schema_input_type=Event | list[Event])]


class Part(BaseModel):
    """What every section shares: no unknown keys."""

    model_config = ConfigDict(extra="forbid", strict=True)
