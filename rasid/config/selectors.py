"""CSS selectors of list pages, judged when rules.yaml is loaded."""

from __future__ import annotations

import re
from typing import Any, Final

from rasid.config.values import text, wrong

_LONGEST: Final = 500
_NAMESPACE: Final = re.compile(r"[\w*]\|[\w*]")


def selector(value: Any) -> str:
    """Return a CSS selector that can be run."""
    found = text(value)
    if "::" in found:
        hint = "select the element; links give their address and times their date by themselves"
        raise wrong(f"{found}: pseudo-elements such as ::text are not known", hint)
    if _NAMESPACE.search(found) or len(found) > _LONGEST:
        raise wrong(
            "namespaces and selectors over 500 characters are not known", "such as div.news"
        )
    if said := _fault(found):
        raise wrong(f"{found} is no CSS selector: {said}", "such as article.teaser or ul.news > li")
    return found


def _fault(found: str) -> str:
    """Return what is wrong with a selector, "" when it is sound."""
    from cssselect import HTMLTranslator, SelectorError  # few configurations need it

    try:
        HTMLTranslator().css_to_xpath(found)
    except SelectorError as error:
        return str(error)
    return ""
