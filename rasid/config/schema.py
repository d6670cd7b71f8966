"""The shape of rules.yaml: checks one entry at a time, and gives the JSON Schema for editors.

Every scalar arrives as the string that was written; the schema describes what an editor sees,
which reads `15`, `true` and `NO` as values of their own.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Final, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
)

from rasid.config import addresses, values

_SCALAR: Final = {"type": ["string", "number", "boolean"]}
_COUNT: Final = WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 1000})


def _string(pattern: str = "") -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern} if pattern else {"type": "string"})


def _listed(value: Any) -> list[Any]:
    if value is None:
        raise values.wrong("has no value")
    return value if isinstance(value, list) else [value]


def _filled(value: Any) -> list[Any]:
    """Refuse an empty list where it could mean nothing as well as everything."""
    if not (listed := _listed(value)):
        raise values.wrong("is an empty list", "leave the key out instead")
    return listed


def _present(value: Any) -> Any:
    if value is None:
        raise values.wrong("has no value")
    return value


def _looked_for(value: Any) -> Any:
    """Return what is looked for in one field as a condition."""
    return value if isinstance(value, dict) else {"any": value}


def _labels(value: Any) -> list[Any]:
    """Refuse a condition on the tags of items where the rule's own tags stand."""
    if isinstance(value, dict):
        hint = "for the tags of an item: all: [{tags: word}], or query: tags:word"
        raise values.wrong("these are words that go with the alert", hint)
    return _listed(value)


def _kind_of_entry(value: Any) -> str | None:
    if isinstance(value, str):
        return "<phrase>"
    if isinstance(value, dict):
        return "<word>" if "word" in value else "<condition>"
    return None


Text = Annotated[str, BeforeValidator(values.text), WithJsonSchema(_SCALAR)]
Flag = Annotated[bool, BeforeValidator(values.flag)]
Count = Annotated[
    int,
    BeforeValidator(values.count),
    _COUNT,
]
Positive = Annotated[
    int,
    BeforeValidator(values.positive),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 1000}),
]
Interval = Annotated[int, BeforeValidator(values.interval), _string(values.DURATION)]
Long = Annotated[int, BeforeValidator(values.long_duration), _string(values.DURATION)]
SourceId = Annotated[str, BeforeValidator(values.source_id), WithJsonSchema(_SCALAR)]
Name = Annotated[str, BeforeValidator(values.name), WithJsonSchema(_SCALAR)]
Language = Annotated[str, BeforeValidator(values.language), WithJsonSchema(_SCALAR)]
Country = Annotated[str, BeforeValidator(values.country), WithJsonSchema(_SCALAR)]
Zone = Annotated[str, BeforeValidator(values.time_zone), _string()]
Address = Annotated[str, BeforeValidator(values.address), _string()]
Template = Annotated[str, BeforeValidator(addresses.template), WithJsonSchema(_SCALAR)]
Plain = Annotated[str, BeforeValidator(addresses.plain), _string()]
SourceUrl = Annotated[str, BeforeValidator(addresses.source_url), _string("^https?://")]
ProxyUrl = Annotated[str, BeforeValidator(addresses.proxy_url), _string("^https?://")]
TargetUrl = Annotated[str, BeforeValidator(addresses.receiver_url), _string()]
HeaderName = Annotated[str, BeforeValidator(values.header_name), _string()]

Names = Annotated[list[Name], BeforeValidator(_listed, json_schema_input_type=Name | list[Name])]
Filter = Annotated[list[Name], BeforeValidator(_filled, json_schema_input_type=Name | list[Name])]
SourceIds = Annotated[
    list[SourceId], BeforeValidator(_filled, json_schema_input_type=SourceId | list[SourceId])
]
Languages = Annotated[
    list[Language], BeforeValidator(_filled, json_schema_input_type=Language | list[Language])
]
Countries = Annotated[
    list[Country], BeforeValidator(_filled, json_schema_input_type=Country | list[Country])
]
Texts = Annotated[list[Text], BeforeValidator(_listed, json_schema_input_type=Text | list[Text])]
Labels = Annotated[list[Text], BeforeValidator(_labels, json_schema_input_type=Text | list[Text])]
Query = Annotated[str, BeforeValidator(values.verbatim), WithJsonSchema(_SCALAR)]
Pattern = Annotated[str, BeforeValidator(values.verbatim), WithJsonSchema(_SCALAR)]
Patterns = Annotated[
    list[Pattern], BeforeValidator(_filled, json_schema_input_type=Pattern | list[Pattern])
]
Event = Annotated[str, BeforeValidator(values.event), WithJsonSchema({"enum": ["new", "revised"]})]
Events = Annotated[
    list[Event], BeforeValidator(_filled, json_schema_input_type=Event | list[Event])
]


class Part(BaseModel):
    """What every section shares: no unknown keys."""

    model_config = ConfigDict(extra="forbid", strict=True)


class OutletIn(Part):
    """A publisher."""

    id: Name
    name: Text = ""
    country: Country = ""
    language: Language = ""
    group: Text = ""


class AuthIn(Part):
    """Credentials of a source: username and password, or a bearer token."""

    username: Template = ""
    password: Template = ""
    bearer: Template = ""


class SourceIn(Part):
    """One polled address of an outlet."""

    id: SourceId
    outlet: Name
    url: SourceUrl
    kind: Literal["auto", "feed"] = "auto"
    every: Interval = 15 * 60_000_000
    language: Language = ""
    enabled: Flag = True
    auth: Annotated[AuthIn | None, BeforeValidator(_present, json_schema_input_type=AuthIn)] = None
    headers: dict[HeaderName, Template] = Field(default_factory=dict)
    proxy: ProxyUrl = ""
    tls_verify: Flag = True
    robots: Flag = True
    text: Literal["feed"] = "feed"
    backfill_alerts: Annotated[int | None, BeforeValidator(values.count), _COUNT] = None


class TargetIn(Part):
    """One Apprise URL with an id that stays when the URL changes."""

    url: TargetUrl
    id: Name = ""


def _kind_of_target(value: Any) -> str:
    return "<target>" if isinstance(value, dict) else "<url>"


_Target = Annotated[
    Annotated[TargetUrl, Tag("<url>")] | Annotated[TargetIn, Tag("<target>")],
    Discriminator(_kind_of_target),
]


class ReceiverIn(Part):
    """Where alerts go."""

    id: Name
    urls: Annotated[
        list[_Target], BeforeValidator(_filled, json_schema_input_type=_Target | list[_Target])
    ]
    show: Literal["full", "discreet"] = "full"


class WordIn(Part):
    """A word that says its language, or how it is to be taken."""

    word: Text
    language: Language = ""
    exact: Flag = False
    inflect: Flag = True


class WordsIn(Part):
    """Keys are ANDed, entries of `any` ORed (`at_least` of them), entries of `none` veto."""

    any: Entries = Field(default_factory=list)
    all: Entries = Field(default_factory=list)
    none: Entries = Field(default_factory=list)
    at_least: Positive | None = None
    query: Query = ""
    regex: Patterns = Field(default_factory=list)
    title: LookedFor = None
    summary: LookedFor = None
    text: LookedFor = None
    url: LookedFor = None
    author: LookedFor = None


class ConditionIn(WordsIn):
    """A condition inside a rule."""

    tags: LookedFor = None  # of the item; those of a rule are its own


Entry = Annotated[
    Annotated[Text, Tag("<phrase>")]
    | Annotated[WordIn, Tag("<word>")]
    | Annotated[ConditionIn, Tag("<condition>")],
    Discriminator(_kind_of_entry),
]
Entries = Annotated[
    list[Entry], BeforeValidator(_filled, json_schema_input_type=Entry | list[Entry])
]
LookedFor = Annotated[
    ConditionIn | None,
    BeforeValidator(_looked_for, json_schema_input_type=Text | list[Entry] | ConditionIn),
]
_ListEntry = Annotated[
    Annotated[Text, Tag("<phrase>")] | Annotated[WordIn, Tag("<word>")],
    Discriminator(_kind_of_entry),
]
ListIn = Annotated[
    list[_ListEntry],
    BeforeValidator(_filled, json_schema_input_type=_ListEntry | list[_ListEntry]),
]


class ExamplesIn(Part):
    """Texts that `rasid check` runs a rule on."""

    match: Texts = Field(default_factory=list)
    no_match: Texts = Field(default_factory=list)


class RuleIn(WordsIn):
    """A condition over items and whom to tell."""

    id: Name
    notify: Names = Field(default_factory=list)
    outlet: Filter = Field(default_factory=list)
    source: SourceIds = Field(default_factory=list)
    language: Languages = Field(default_factory=list)
    country: Countries = Field(default_factory=list)
    published_within: Annotated[
        int | None, BeforeValidator(values.long_duration), _string(values.DURATION)
    ] = None
    on: Events = Field(default_factory=lambda: ["new"])
    inflect: Flag = True
    severity: Name = ""
    tags: Labels = Field(default_factory=list)
    examples: ExamplesIn = Field(default_factory=ExamplesIn)
    allow_match_all: Flag = False
    enabled: Flag = True


class SecurityIn(Part):
    """What the guard lets through besides public addresses."""

    allow_addresses: Annotated[
        list[Address], BeforeValidator(_listed, json_schema_input_type=Address | list[Address])
    ] = Field(default_factory=list)


class SettingsIn(Part):
    """What holds for the whole installation."""

    time_zone: Zone = "UTC"
    ops_receiver: Name = ""
    fallback_receiver: Name = ""
    retention: Long = 365 * 86_400_000_000
    dead_letter_after: Long = 72 * 3_600_000_000
    too_old: Long = 48 * 3_600_000_000
    backfill_alerts: Count = 0
    noisy_rule: Count = 100
    user_agent: Plain = ""
    security: SecurityIn = Field(default_factory=SecurityIn)


class FileIn(Part):
    """rules.yaml: only `version` is required."""

    version: Annotated[str, WithJsonSchema({"enum": [1, "1"]})]
    include: Texts = Field(default_factory=list)
    settings: SettingsIn = Field(default_factory=SettingsIn)
    outlets: list[OutletIn] = Field(default_factory=list)
    sources: list[SourceIn] = Field(default_factory=list)
    receivers: list[ReceiverIn] = Field(default_factory=list)
    lists: dict[Name, ListIn] = Field(default_factory=dict)
    rules: list[RuleIn] = Field(default_factory=list)


for _model in (WordsIn, ConditionIn, RuleIn, FileIn):
    _model.model_rebuild()


def schema_json() -> str:
    """Return the JSON Schema of rules.yaml for editors."""
    schema = FileIn.model_json_schema(mode="validation")
    _drop_noise(schema)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Rasid rules.yaml"
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _drop_noise(part: Any, *, named: bool = False) -> None:
    """Take away generated titles, and defaults in units that users do not write."""
    if isinstance(part, dict):
        if not named:
            part.pop("title", None)
            part.pop("default", None)
        for key, value in part.items():
            _drop_noise(value, named=key in ("properties", "$defs") and not named)
    elif isinstance(part, list):
        for value in part:
            _drop_noise(value)
