"""The address at which people reach the web server: what is odd about it."""

from __future__ import annotations

from collections.abc import Mapping

from rasid.config.problems import Problems, Spot
from rasid.config.schema import SettingsIn


def check_public_url(
    settings: SettingsIn, places: Mapping[str, tuple[str, Spot]], problems: Problems
) -> None:
    """Note an address behind which nothing listens; warn of one that others can read."""
    if not settings.public_url:
        return
    place = places["public_url"]
    if not settings.web:
        message = "settings: public_url: nobody is reached there without settings.web"
        problems.add(*place, message, "such as web: {listen: 127.0.0.1:8080}")
    if settings.public_url.startswith("http://"):
        message = "settings: public_url is not https: others on the way can use the links"
        problems.warn(*place, message)
