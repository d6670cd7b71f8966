"""The shape of receivers: where alerts go, when, and how they look."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from rasid.config.schema_values import (
    Clock,
    Cron,
    Days,
    Name,
    Part,
    Positive,
    Severity,
    Span,
    TargetUrl,
    TemplateText,
    Zone,
    filled,
    present,
)
from rasid.settings import CRITICAL, SEVERITIES


class TargetIn(Part):
    """One Apprise URL with an id that stays when the URL changes."""

    url: TargetUrl
    id: Name = ""


class DigestIn(Part):
    """Cron times at which what is below a severity goes out in one message."""

    at: Cron
    zone: Zone = ""
    below: Severity = CRITICAL


class QuietIn(Part):
    """Hours in which only what is critical goes out."""

    from_: Clock = Field(alias="from")
    to: Clock
    zone: Zone = ""
    days: Days = tuple(range(7))


class LimitIn(Part):
    """So many messages within a span."""

    messages: Positive
    per: Span


class EscalateIn(Part):
    """Whom to tell what nobody has acknowledged in time."""

    to: Name
    after: Span


class ShiftReportIn(Part):
    """Cron times at which a receiver is told what there is to hand over."""

    at: Cron
    zone: Zone = ""


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
        list[_Target], BeforeValidator(filled, json_schema_input_type=_Target | list[_Target])
    ]
    show: Literal["full", "discreet"] = "full"
    language: Literal["en", "ar", "fr"] | None = None
    template: TemplateText = ""
    min_severity: Severity = SEVERITIES[0]
    group_wait: Span = 0
    digest: Annotated[
        DigestIn | None, BeforeValidator(present, json_schema_input_type=DigestIn)
    ] = None
    quiet_hours: Annotated[
        QuietIn | None, BeforeValidator(present, json_schema_input_type=QuietIn)
    ] = None
    limit: Annotated[LimitIn | None, BeforeValidator(present, json_schema_input_type=LimitIn)] = (
        None
    )
    escalate: Annotated[
        EscalateIn | None, BeforeValidator(present, json_schema_input_type=EscalateIn)
    ] = None
    shift_report: Annotated[
        ShiftReportIn | None, BeforeValidator(present, json_schema_input_type=ShiftReportIn)
    ] = None
