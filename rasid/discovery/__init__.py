"""From an address as a person types it to what can be watched there.

`discover` asks for a page and for what it leads to, within a number of requests; `judging` says
what each answer is worth.
"""

from rasid.discovery.discover import Found, Refusal, discover
from rasid.discovery.judging import Candidate
from rasid.discovery.typed import NoAddressError, addresses

__all__ = ["Candidate", "Found", "NoAddressError", "Refusal", "addresses", "discover"]
