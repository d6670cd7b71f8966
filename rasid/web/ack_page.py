"""The page behind the link of a message, in the receiver's language. Pure.

No scripts, no styles, nothing to load. All that an outlet or a person wrote is escaped and
stands in an element of its own direction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Final, Literal

from rasid.models import Ack, Alert

Refusal = Literal["unknown", "expired", "often", "later"]
_SHORT_ID: Final = 10
_SECONDS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page is about; `discreet` shows neither rules nor what was matched."""

    alerts: Sequence[Alert]
    ack: Ack | None
    show: str
    language: str


@dataclass(frozen=True, slots=True)
class _Words:
    language: str
    direction: str
    head: str
    rule: str
    name: str
    button: str
    done: str


_WORDS: Final = {
    "en": _Words("en", "ltr", "Alert", "Rule", "Your name", "Acknowledge", "Acknowledged by"),
    "ar": _Words("ar", "rtl", "التنبيه", "القاعدة", "اسمك", "تأكيد الاستلام", "أكّد الاستلام"),
    "fr": _Words("fr", "ltr", "Alerte", "Règle", "Votre nom", "Accuser réception", "Reçu par"),
}
_REFUSALS: Final[Mapping[str, str]] = {
    "unknown": "This link is not valid.",
    "expired": "This link is no longer valid. Use: rasid ack ALERT",
    "often": "Too many requests: try again in a minute.",
    "later": "This cannot be done just now: try again.",
}


def page(shown: Shown) -> str:
    """Return the page of an alert: with a button, or with who has taken it up."""
    words = _WORDS.get(shown.language.partition("-")[0], _WORDS["en"])
    ids = ", ".join(one.id[-_SHORT_ID:] for one in shown.alerts)
    parts = [f'<h1>{words.head} <code dir="ltr">{escape(ids)}</code></h1>']
    if shown.show != "discreet":
        parts += _told(shown.alerts, words)
    parts.append(_done(shown.ack, words) if shown.ack else _form(words))
    return _whole(words, "\n".join(parts))


def refusal(why: Refusal) -> str:
    """Return the page of a link that leads nowhere."""
    return _whole(_WORDS["en"], f"<p>{_REFUSALS[why]}</p>")


def _told(alerts: Sequence[Alert], words: _Words) -> list[str]:
    facts = alerts[0].facts
    rules = ", ".join(dict.fromkeys(one.rule for one in alerts))
    return [
        f'<p dir="auto"><b>{_text(facts.get("title") or facts.get("text"))}</b></p>',
        f'<p dir="auto">{_text(facts.get("outlet"))}</p>',
        f"<p>{words.rule} <bdi>{_text(rules)}</bdi></p>",
    ]


def _form(words: _Words) -> str:
    """Return the button; without an action it posts to where the page is."""
    return (
        '<form method="post">\n'
        f'<p><label>{words.name} <input name="by" maxlength="80" dir="auto"></label></p>\n'
        f'<p><button type="submit">{words.button}</button></p>\n'
        "</form>"
    )


def _done(ack: Ack, words: _Words) -> str:
    at = datetime.fromtimestamp(ack.at // _SECONDS, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f'<p>{words.done} <bdi>{_text(ack.author)}</bdi>, <span dir="ltr">{at}</span></p>'


def _text(value: object) -> str:
    text = "" if value is None else str(value)
    return escape("".join(char if char.isprintable() else " " for char in text))


def _whole(words: _Words, body: str) -> str:
    return (
        "<!DOCTYPE html>\n"
        f'<html lang="{words.language}" dir="{words.direction}">\n'
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Rasid</title></head>\n<body>\n{body}\n</body>\n</html>\n"
    )
