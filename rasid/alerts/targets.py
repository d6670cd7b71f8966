"""Who can be told: every URL of every receiver as a target of its own."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Final

from rasid.alerts.limits import limit_of
from rasid.models import Target
from rasid.settings import Config, Receiver, ReceiverUrl

_HASH_LENGTH: Final = 12


def targets(config: Config, salt: str) -> dict[str, Target]:
    """Return the targets of a configuration by id.

    An id is the receiver's id, a slash, and the URL's own id; without one, a salted hash of
    the URL as written, before secrets are filled in: rotating a secret keeps the identity,
    and nobody can guess the URL from it.
    """
    language = config.settings.language
    found = (
        _target(receiver, url, salt, language)
        for receiver in config.receivers.values()
        for url in receiver.urls
    )
    return {target.id: target for target in found}


def _target(receiver: Receiver, url: ReceiverUrl, salt: str, language: str) -> Target:
    name = url.id or _digest(salt, url.template)
    limit = receiver.pace.limit or limit_of(url.template)
    return Target(
        f"{receiver.id}/{name}",
        receiver.id,
        url.template,
        receiver.show,
        replace(receiver.pace, limit=limit),
        receiver.language or language,
        receiver.template,
    )


def _digest(salt: str, template: str) -> str:
    text = f"{salt}\0{template}".encode()
    return hashlib.blake2b(text, digest_size=16).hexdigest()[:_HASH_LENGTH]
