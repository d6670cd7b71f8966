"""Query parameters that say how a reader came, not what is read.

Four kinds: names that belong to a mail, ad, share or analytics system and to nothing else;
names that may also be a record's (`ncid`, `cmp`), which count unless their value is a number;
names of session ids; and words such as `from` and `ref`, which count only when their value
says where a reader came from. `id`, `p`, `s`, `article` and their like are never among them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

# Systems that own what their names begin with: Urchin and Google, Google's extended access and
# translation, HubSpot, Piano and AT Internet, Webtrekk and Webtrends, Omeda, Vero, Blueshift,
# Salesforce, Cxense, Bronto, Meta, Yahoo's consent pages, Le Monde, Spiegel, Gannett, WordPress'
# related posts, Cloudflare, ASP.
_OWNED: Final = (
    "utm_", "utm-", "itm_", "gaa_", "_x_tr_", "_hs", "__hs", "hsa_", "at_", "piano_", "wt_", "wt.",
    "oly_", "vero_", "bsft_", "sfmc_", "cx_", "_bta_", "__cft__", "__tn__", "guce_", "lmd_",
    "sara_", "gnt-", "gca-", "relatedposts_", "__cf_chl_", "aspsessionid",
)  # fmt: skip
# Systems that share their first letters with others' words: `pk_id` and `sc_id` may be records.
_CAMPAIGN: Final = re.compile(
    r"(?:pk|piwik|mtm|matomo)_(?:campaign|cpn|keyword|kwd|source|medium|content|cid|group|placement)"
    r"|(?:stm|ga|hmb|tw|sc|ss|int|li|rss|hp|xtm|mj|nb|sms)_(?:source|medium|campaign|term|content"
    r"|place|placement|channel|outcome|geo|country|cid|src|lid|uid|llid|eh|customer|email_id"
    r"|campaign_id|campaign_name|adid|click|klid|fat_id)"
    r"|ns_(?:campaign|mchannel|source|linkname|fee|ige)"
    r"|cm_(?:mmc|mmca\d+|ven|cat|pla|ite|sp|re|lm)"
    r"|trk_(?:contact|msg|module|sid)"
    r"|oft_(?:c|ck|d|id|ids|k|lk|sk)"
    r"|elq(?:track|trackid|aid|at|ak|campaignid)?"
    r"|amp_(?:js_v|gsa|kit|r|cct|latest_update_time|recirculation_page_position)"
    r"|fb_(?:action_ids|action_types|source|ref|comment_id|aggregation_id)"
    r"|xt(?:or|ref|mc|np|cr|atc)|share_(?:id|token|source|medium|plat|from|tag|session_id)"
)

_NAMES: Final = frozenset(
    {
        # clicks on ads
        "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid",
        "srsltid", "yclid", "ymclid", "ysclid", "msclkid", "twclid", "ttclid", "sccid", "qclid",
        "ndclid", "rdt_cid", "epik", "irclickid", "irgwc", "cjevent", "cjdata", "sscid", "ranmid",
        "raneaid", "ransiteid", "zanpid", "wickedid", "rb_clickid", "vmcid", "tblci", "dicbo",
        "oborigurl", "loclid", "unicorn_click_id", "admitad_uid", "mkwid", "pcrid", "ef_id",
        "s_kwcid", "adobe_mc", "adobe_mc_ref", "adobe_mc_sdid", "mkevt", "mkcid", "mkrid", "gdfms",
        "gdftrk", "gdffi", "_branch_match_id", "_branch_referrer",
        # mails
        "mc_cid", "mc_eid", "mkt_tok", "ml_subscriber", "ml_subscriber_hash", "ck_subscriber_id",
        "_ke", "_kx", "__s", "_bhlid", "vgo_ee", "dm_i", "dm_t", "et_rid", "et_cid", "cio_id",
        "spmailingid", "spuserid", "spjobid", "spreportid", "hsctatracking",
        "iterableemailcampaignid", "iterabletemplateid", "iterablemessageid", "bbeml", "omhide",
        "user_email_address",
        # analytics, tests and recommendations
        "_ga", "_gac", "_gl", "_openstat", "s_cid", "n_cid",
        "bxid", "cndid", "hasha", "hashb", "hashc", "wtrid", "wtmc", "mktcid", "mktcval", "gepc",
        "echobox", "guccounter", ".tsrc", "soc_src", "soc_trk", "usqp", "traffic_source",
        "trackingid", "hc_ref", "hc_location", "mibextid", "igshid", "igsh", "wprov",
        "__twitter_impression", "action_object_map", "action_type_map", "action_ref_map",
        "ref_src", "ref_url", "ref_source", "refsrc", "referer", "referrer", "referringsource",
        "sfnsn", "sr_share", "shareid", "sharetype", "sharesource", "sharetoken", "tg_rhash",
        "isappinstalled",
        # outlets' own
        "ito", "smtyp", "unlocked_article_code", "wprss", "wpisrc", "wpmm",
        "reflink", "ftcamp", "fsrc", "srnd", "leadsource", "mwrsm",
        "searchresultposition", "feedtype", "feedname", "intlink_from_url", "link_location",
        "tbref", "refresh_ce", "isfreemail", "triedredirect", "showwelcomeonshare", "fromrss",
        # caches, comments and plug-ins of blogs
        "nocache", "cachebuster", "doing_wp_cron", "replytocom", "like_comment", "wpmp_switcher",
        # sessions
        "phpsessid", "jsessionid", "cfid", "cftoken", "oscsid", "zenid",
    }
)  # fmt: skip
_UNLESS_NUMBERS: Final = frozenset(
    {
        "icid", "ocid", "ncid", "mbid", "cmp", "ftag", "spm", "esrc", "taid", "emc", "itid", "eref",
        "iref", "rref", "hpt", "xif", "csp", "ssm", "awc", "erid", "rtid", "trk", "wfr",
        "smid", "cmpid", "intcmp", "intcid", "dcmp", "sref", "maca",
    }
)  # fmt: skip

_SESSION_NAMES: Final = frozenset({"sid", "sess", "sessid", "session", "sessionid", "session_id"})
_SESSION_ID: Final = re.compile(r"[0-9a-f]{26}|[0-9a-f]{32}|[0-9a-f]{40}", re.IGNORECASE)

# `source=reuters` and `from=paris` choose what is shown, `source=rss` and `from=twitter` do not.
_TO_READERS: Final = frozenset(
    {
        "rss", "rssfeed", "feed", "feeds", "atom", "newsletter", "newsletters", "nl", "email",
        "mail", "twitter", "tw", "twsrc", "facebook", "fb", "whatsapp", "wa", "telegram", "tg",
        "linkedin", "instagram", "ig", "pinterest", "vk", "vkontakte", "weibo", "wechat",
        "timeline", "singlemessage", "groupmessage", "flipboard", "smartnews", "social",
        "socialflow", "socialmedia", "share", "sharing", "shared", "sharebutton", "sm", "push",
        "pushnotification",
    }
)  # fmt: skip
_ON_PAGES: Final = _TO_READERS | frozenset(
    {
        "home", "homepage", "hp", "front", "frontpage", "nav", "navigation", "menu", "sidebar",
        "footer", "header", "related", "recommended", "recommendation", "trending", "mostread",
        "popular", "search", "app", "mobileapp", "ios", "android", "widget", "ticker", "banner",
        "amp", "google", "googlenews", "gnews", "bing", "yahoo", "yandex", "yanews", "yandexnews",
        "msn", "applenews", "reddit", "organic", "direct", "referral", "syndication",
    }
)  # fmt: skip
_ORIGINS: Final = {
    **dict.fromkeys(("source", "src", "via", "partner", "origin", "share"), _TO_READERS),
    "campaign": _TO_READERS,
    **dict.fromkeys(("from", "ref", "cid", "mod", "rel", "referral"), _ON_PAGES),
}  # fmt: skip
_OFTEN_RECORDS: Final = frozenset({"cid", "mod", "rel"})  # `mod=search`, not `cid=social_x`
_JOINT: Final = re.compile("[_:-]")
_FEED: Final = re.compile(r"(?:rss|atom|feed)(?:[0-9._-]|$)|rss[a-z]{0,12}(?:[^a-z]|$)")
_HOST: Final = re.compile(r"(?:https?(?::|%3a)/*)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/?")
_FILES: Final = (".html", ".htm", ".php", ".aspx", ".asp", ".jsp", ".xml", ".pdf", ".doc", ".docx")
_WORD: Final = re.compile("[a-z]+")
_MOST_HYPHENS: Final = 2  # more are the slug of a headline


def is_tracking(name: str, value: str, *, told: bool) -> bool:
    """Say whether a parameter leaves the page what it is.

    `told`: the path alone names one article, so that `from` and `ref` need not.
    """
    name = name.casefold()
    if _is_owned(name):
        return True
    if name in _UNLESS_NUMBERS:
        return not value.isdecimal()
    if name in _SESSION_NAMES:
        return _SESSION_ID.fullmatch(value) is not None
    if name == "_":
        return value.isdecimal()
    words = _ORIGINS.get(name)
    if words is None:
        return False
    value = value.casefold()
    if name == "ref" and (not value or _is_host(value)):
        return True
    if told and name in ("from", "ref") and not value.isdecimal():
        return True
    if not told and name in _OFTEN_RECORDS and not _JOINT.search(value):
        return False
    return _is_origin(value, words)


@lru_cache(maxsize=1024)  # an outlet's items have the same ones
def _is_owned(name: str) -> bool:
    return name in _NAMES or name.startswith(_OWNED) or _CAMPAIGN.fullmatch(name) is not None


def _is_host(value: str) -> bool:
    return _HOST.fullmatch(value) is not None and not value.endswith(_FILES)


def _is_origin(value: str, words: frozenset[str]) -> bool:
    if _FEED.match(value):
        return True
    first = _WORD.match(value)
    return first is not None and first[0] in words and value.count("-") <= _MOST_HYPHENS
