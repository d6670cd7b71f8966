"""Query parameters that say how a reader came, not what is read."""

from __future__ import annotations

from typing import Final

_PREFIXES: Final = (
    "utm_", "mtm_", "pk_", "piwik_", "matomo_", "at_", "ns_", "hsa_", "oly_", "vero_",
    "_hs", "__hs", "ga_", "fb_", "wt_", "sc_", "trk_", "itm_", "stm_", "dm_i",
)  # fmt: skip

_NAMES: Final = frozenset(
    {
        "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "yclid", "ysclid", "msclkid",
        "twclid", "ttclid", "li_fat_id", "igshid", "igsh", "mc_cid", "mc_eid", "mkt_tok",
        "srsltid", "_ga", "_gl", "_openstat", "_branch_match_id", "rb_clickid", "s_cid", "s_kwcid",
        "spm", "ncid", "cmp", "cmpid", "icid", "ocid", "ito", "smid", "smtyp", "emc", "mbid",
        "guccounter", "guce_referrer", "guce_referrer_sig", "__twitter_impression",
        "ml_subscriber", "ml_subscriber_hash", "xtor", "echobox", "soc_src", "soc_trk", "taid",
        "feedtype", "ftag", "ref_src", "ref_url", "referer", "referrer", "share_id", "shareid",
        "traffic_source", "sfnsn", "wprov", "cvid", "usqp", "amp_js_v", "amp_gsa", "amp_kit",
        "phpsessid", "jsessionid",
    }
)  # fmt: skip

# Only where the value says so: `source=reuters` and `ref=123` can choose what is shown.
_FEED_VALUES: Final = frozenset({"rss", "feed", "atom", "rss2", "rss2.0", "rss20", "rssfeed"})
_FEED_NAMES: Final = frozenset({"from", "src", "source", "partner", "via", "campaign", "origin"})

_AMP: Final = {
    "amp": frozenset({"", "1", "true", "yes"}),
    "output": frozenset({"amp"}),
    "outputtype": frozenset({"amp"}),
    "mode": frozenset({"amp"}),
    "view": frozenset({"amp"}),
}


def is_tracking(name: str, value: str) -> bool:
    """Say whether a parameter leaves the page what it is."""
    name, value = name.casefold(), value.casefold()
    if name in _NAMES or name.startswith(_PREFIXES):
        return True
    if name == "ref":
        return not value.isdecimal()
    if name in _FEED_NAMES:
        return value in _FEED_VALUES
    return value in _AMP.get(name, ())
