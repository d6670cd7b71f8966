"""The shape of rules.yaml: checks one entry at a time."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from rasid.config.schema_deadman import CanaryIn, HeartbeatIn
from rasid.config.schema_places import PlaceIn
from rasid.config.schema_receivers import ReceiverIn
from rasid.config.schema_rules import ListIn, RuleIn
from rasid.config.schema_values import (
    Address,
    CallbackUrl,
    Count,
    Country,
    Every,
    Flag,
    HeaderName,
    KnownLanguage,
    Language,
    Listen,
    Long,
    MapLink,
    MaybeCount,
    Name,
    Part,
    Plain,
    ProxyUrl,
    PublicUrl,
    Selector,
    Size,
    SourceId,
    SourceUrl,
    Template,
    Text,
    Texts,
    Wait,
    Zone,
    listed,
    present,
)
from rasid.settings import MAP_LINK


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


class SelectIn(Part):
    """CSS selectors of a list page."""

    item: Selector
    title: Selector = ""
    link: Selector = ""
    date: Selector = ""
    summary: Selector = ""


class SourceIn(Part):
    """One polled address of an outlet."""

    id: SourceId
    outlet: Name
    url: SourceUrl
    kind: Literal["auto", "feed", "sitemap", "telegram", "page"] = "auto"
    select: Annotated[
        SelectIn | None, BeforeValidator(present, json_schema_input_type=SelectIn)
    ] = None
    every: Every = (0, 0)  # not said
    language: Language = ""
    enabled: Flag = True
    auth: Annotated[AuthIn | None, BeforeValidator(present, json_schema_input_type=AuthIn)] = None
    headers: dict[HeaderName, Template] = Field(default_factory=dict)
    proxy: ProxyUrl = ""
    tls_verify: Flag = True
    robots: Flag = True
    text: Literal["feed", "page"] = "feed"
    tags: Texts = Field(default_factory=list)
    backfill_alerts: MaybeCount = None


class SecurityIn(Part):
    """What the guard lets through besides public addresses."""

    allow_addresses: Annotated[
        list[Address], BeforeValidator(listed, json_schema_input_type=Address | list[Address])
    ] = Field(default_factory=list)


class WebIn(Part):
    """Where health checks, hubs of feeds and people reach the daemon."""

    listen: Listen = "127.0.0.1:8080"
    public: Flag = False


class WebSubIn(Part):
    """Subscriptions at the hubs of sources."""

    callback_url: CallbackUrl


class SettingsIn(Part):
    """What holds for the whole installation."""

    time_zone: Zone = "UTC"
    ops_receiver: Name = ""
    fallback_receiver: Name = ""
    retention: Long = 365 * 86_400_000_000
    dead_letter_after: Long = 72 * 3_600_000_000
    too_old: Long = 48 * 3_600_000_000
    backfill_alerts: Count = 0
    failing_after: Count = 5
    receiver_failing_after: Long = 15 * 60_000_000
    noisy_rule: Count = 100
    story_updates: Wait = 30 * 60_000_000
    map_link: MapLink = MAP_LINK
    language: KnownLanguage = "en"
    user_agent: Plain = ""
    capture: Flag = False
    spool_age: Long = 86_400_000_000
    spool_size: Size = 2_000_000_000
    security: SecurityIn = Field(default_factory=SecurityIn)
    web: Annotated[WebIn | None, BeforeValidator(present, json_schema_input_type=WebIn)] = None
    public_url: PublicUrl = ""
    websub: Annotated[
        WebSubIn | None, BeforeValidator(present, json_schema_input_type=WebSubIn)
    ] = None
    canary: Annotated[
        CanaryIn | None, BeforeValidator(present, json_schema_input_type=CanaryIn)
    ] = None
    heartbeat: Annotated[
        HeartbeatIn | None, BeforeValidator(present, json_schema_input_type=HeartbeatIn)
    ] = None


class FileIn(Part):
    """rules.yaml: only `version` is required."""

    version: Annotated[str, WithJsonSchema({"enum": [1, "1"]})]
    include: Texts = Field(default_factory=list)
    settings: SettingsIn = Field(default_factory=SettingsIn)
    outlets: list[OutletIn] = Field(default_factory=list)
    sources: list[SourceIn] = Field(default_factory=list)
    receivers: list[ReceiverIn] = Field(default_factory=list)
    places: list[PlaceIn] = Field(default_factory=list)
    lists: dict[Name, ListIn] = Field(default_factory=dict)
    rules: list[RuleIn] = Field(default_factory=list)
