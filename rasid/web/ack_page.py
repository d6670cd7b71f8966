"""The page behind the link of a message, in the receiver's language. Pure.

No scripts, no styles, nothing to load. All that an outlet or a person wrote is escaped and
stands in an element of its own direction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    acks: Mapping[str, Ack]  # by alert, of those that somebody has taken up
    show: str
    language: str


@dataclass(frozen=True, slots=True)
class Words:
    """What a page says in one language."""

    language: str
    direction: str
    head: str
    rule: str
    name: str
    button: str
    done: str
    list_head: str  # {count}
    list_button: str  # {count}: those that nobody has
    list_open: str  # {count}


_WORDS: Final = {
    "en": Words(
        "en", "ltr", "Alert", "Rule", "Your name", "Acknowledge", "Acknowledged by",
        "Alerts of this list: {count}", "Acknowledge all: {count}", "Not acknowledged: {count}",
    ),
    "ar": Words(
        "ar", "rtl", "التنبيه", "القاعدة", "اسمك", "تأكيد الاستلام", "أكّد الاستلام",
        "عدد التنبيهات في القائمة: {count}", "تأكيد استلامها كلها: {count}",
        "لم يؤكَّد استلامها: {count}",
    ),
    "fr": Words(
        "fr", "ltr", "Alerte", "Règle", "Votre nom", "Accuser réception", "Reçu par",
        "Alertes de cette liste : {count}", "Accuser réception de tout : {count}",
        "Sans accusé de réception : {count}",
    ),
}  # fmt: skip
_REFUSALS: Final[Mapping[str, str]] = {
    "unknown": "This link is not valid.",
    "expired": "This link is no longer valid. Use: rasid ack ALERT",
    "often": "Too many requests: try again in a minute.",
    "later": "This cannot be done just now: try again.",
}


def page(shown: Shown) -> str:
    """Return the page of an alert: with a button, or with who has taken it up."""
    words = words_of(shown)
    ids = ", ".join(one.id[-_SHORT_ID:] for one in shown.alerts)
    parts = [f'<h1>{words.head} <code dir="ltr">{escape(ids)}</code></h1>']
    if shown.show != "discreet":
        parts += _told(shown.alerts, words)
    # one that only some of them have is none of the message
    ack = shown.acks.get(shown.alerts[0].id) if len(shown.acks) == len(shown.alerts) else None
    parts.append(done(ack, words) if ack else form(words, words.button))
    return whole(words, parts)


def words_of(shown: Shown) -> Words:
    """Return the words of the receiver's language."""
    return _WORDS.get(shown.language.partition("-")[0], _WORDS["en"])


def refusal(why: Refusal) -> str:
    """Return the page of a link that leads nowhere."""
    return whole(_WORDS["en"], [f"<p>{_REFUSALS[why]}</p>"])


def _told(alerts: Sequence[Alert], words: Words) -> list[str]:
    facts = alerts[0].facts
    rules = ", ".join(dict.fromkeys(one.rule for one in alerts))
    return [
        f'<p dir="auto"><b>{text(facts.get("title") or facts.get("text"))}</b></p>',
        f'<p dir="auto">{text(facts.get("outlet"))}</p>',
        f"<p>{words.rule} <bdi>{text(rules)}</bdi></p>",
    ]


def form(words: Words, button: str) -> str:
    """Return the button; without an action it posts to where the page is."""
    return (
        '<form method="post">\n'
        f'<p><label>{words.name} <input name="by" maxlength="80" dir="auto"></label></p>\n'
        f'<p><button type="submit">{button}</button></p>\n'
        "</form>"
    )


def done(ack: Ack, words: Words, more: str = "") -> str:
    """Return by whom something was taken up, and when."""
    at = datetime.fromtimestamp(ack.at // _SECONDS, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f'<p>{words.done} <bdi>{text(ack.author)}</bdi>, <span dir="ltr">{at}</span>{more}</p>'


def text(value: object) -> str:
    """Return what an outlet or a person wrote, as text."""
    said = "" if value is None else str(value)
    return escape("".join(char if char.isprintable() else " " for char in said))


def whole(words: Words, parts: Iterable[str]) -> str:
    """Return a page of its parts."""
    body = "\n".join(parts)
    return (
        "<!DOCTYPE html>\n"
        f'<html lang="{words.language}" dir="{words.direction}">\n'
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Rasid</title></head>\n<body>\n{body}\n</body>\n</html>\n"
    )
