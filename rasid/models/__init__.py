"""The values that travel: from a poll to an item, a match, an alert, a delivery.

Times are integer UTC microseconds, ids are ULIDs, offsets are code points into the
original text. Everything here is immutable.
"""

from rasid.models.alerts import (
    Alert,
    AlertState,
    DeliveryOutcome,
    DeliveryReason,
    DeliveryResult,
    Evidence,
    Hold,
    Match,
    Message,
    Notification,
    Target,
    item_subject,
)
from rasid.models.archive import Page, RuleVersion
from rasid.models.captures import Exchange
from rasid.models.causes import Cause
from rasid.models.gates import SILENCE, SPIKE, Gate, GateState, RuleMatch
from rasid.models.item_pages import (
    ItemPage,
    PageReason,
    PageReport,
    PageResult,
    PageState,
    PageText,
)
from rasid.models.items import (
    Alias,
    AliasKind,
    Decision,
    Document,
    Item,
)
from rasid.models.looks import Lead, Look, Sign
from rasid.models.overdue import Overdue
from rasid.models.people import MATCHERS, Ack, Silence
from rasid.models.polls import (
    Certificate,
    DueBy,
    Offer,
    ParsedFeed,
    ParsedItem,
    Pause,
    PollOutcome,
    PollReason,
    PollResult,
    Schedule,
    SourceState,
    Validators,
)
from rasid.models.robots import RobotsAnswer
from rasid.models.stories import Membership, StorySummary, Told
from rasid.models.websub import HubAnswer, PushOutcome, Subscription, SubscriptionState

__all__ = [
    "MATCHERS",
    "SILENCE",
    "SPIKE",
    "Ack",
    "Alert",
    "AlertState",
    "Alias",
    "AliasKind",
    "Cause",
    "Certificate",
    "Decision",
    "DeliveryOutcome",
    "DeliveryReason",
    "DeliveryResult",
    "Document",
    "DueBy",
    "Evidence",
    "Exchange",
    "Gate",
    "GateState",
    "Hold",
    "HubAnswer",
    "Item",
    "ItemPage",
    "Lead",
    "Look",
    "Match",
    "Membership",
    "Message",
    "Notification",
    "Offer",
    "Overdue",
    "Page",
    "PageReason",
    "PageReport",
    "PageResult",
    "PageState",
    "PageText",
    "ParsedFeed",
    "ParsedItem",
    "Pause",
    "PollOutcome",
    "PollReason",
    "PollResult",
    "PushOutcome",
    "RobotsAnswer",
    "RuleMatch",
    "RuleVersion",
    "Schedule",
    "Sign",
    "Silence",
    "SourceState",
    "StorySummary",
    "Subscription",
    "SubscriptionState",
    "Target",
    "Told",
    "Validators",
    "item_subject",
]
