"""What words became, and which rules are too quiet or too loud."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from daemon import rasid, rows
from newsroom import _cache, make_world

from rasid.archive.activity import WINDOW, noisy, silent, since_of, totals
from rasid.archive.expansion import Expanded, expanded, expanded_word
from rasid.models import RuleVersion
from rasid.settings import DAY, HOUR, Term
from rasid.text.dictionary import Dictionaries

CACHE = Path(_cache.name)
NOW = 20_000 * DAY + 5 * HOUR
TODAY = 20_000
RULES = """\
version: 1
lists: {strike: [قصف, airstrike], forces: [US, $strike]}
receivers: [{id: desk, urls: ["console://"]}]
rules:
  - id: many
    any: [$forces, drone*, 空袭, "حقل العمر", {word: حمله, language: fa}]
    query: '="SDF" OR strike'
    regex: ['MQ-?9']
    notify: [desk]
"""


def words(folder: Path) -> dict[str, Expanded]:
    config = make_world(folder, RULES).config
    found = expanded(config.rules["many"], config, Dictionaries(CACHE))
    return {one.word: one for one in found}


def test_each_word_says_its_list_language_and_forms(tmp_path: Path) -> None:
    found = words(tmp_path)
    shelling = found["قصف"]
    assert (shelling.language, shelling.known, shelling.clitics) == ("ar", True, True)
    assert set(shelling.lists) == {"strike", "forces"}
    assert "قصفت" in shelling.forms
    assert "strikes" in found["strike"].forms
    assert (found["strike"].language, found["strike"].lists) == ("en", ())
    assert found["US"].capitals
    assert (found["حمله"].language, found["حمله"].term) == ("fa", "حمله")
    assert {found[one].term for one in ("حقل", "العمر")} == {"حقل العمر"}


def test_what_has_no_forms_says_how_it_is_looked_for(tmp_path: Path) -> None:
    found = words(tmp_path)
    assert found["drone*"].how == "wildcard"
    assert found["SDF"].how == "as typed"
    assert found["空袭"].how == "found inside running text"
    assert found["MQ-?9"].how == "regular expression"


def test_a_word_that_stands_in_no_rule() -> None:
    (known,) = expanded_word(Term("صاروخ"), Dictionaries(CACHE))
    assert "صواريخ" in known.forms
    (unknown,) = expanded_word(Term("xqzzt"), Dictionaries(CACHE))
    assert not unknown.known


def test_R08_a_rule_is_silent_when_it_was_there_and_matched_nothing() -> None:
    old, new = NOW - (WINDOW + 1) * DAY, NOW - DAY
    versions = [
        RuleVersion("quiet", "2", {}, new, NOW),
        RuleVersion("quiet", "1", {}, old, new),
        RuleVersion("busy", "1", {}, old, NOW),
        RuleVersion("young", "1", {}, new, NOW),
    ]
    rules = ("quiet", "busy", "young", "unheard")
    assert silent(rules, {"busy": {TODAY: 1}}, versions, NOW) == ["quiet"]


def test_a_rule_is_noisy_by_its_busiest_day_of_the_week() -> None:
    counts = {
        "loud": {TODAY: 3, TODAY - 6: 101},
        "once": {TODAY - 7: 500},
        "limit": {TODAY: 100},
        "gone": {TODAY: 900},
    }
    assert noisy(("loud", "once", "limit", "new"), counts, 100, NOW) == {"loud": 101}
    assert totals(counts)["loud"] == 104


def test_the_window_is_thirty_days_with_today() -> None:
    assert since_of(NOW) == (TODAY - 29) * DAY


def test_rules_and_status_from_the_command_line(tmp_path: Path) -> None:
    config = tmp_path / "rules.yaml"
    config.write_text(RULES, encoding="utf-8")
    place = ["--config", config, "--data-dir", tmp_path / "data"]
    rasid("once", *place)
    (rule,) = rows(rasid("rules", "--json", *place))
    assert (rule["rule"], rule["matches_30d"], rule["versions"]) == ("many", 0, 1)
    assert rule["since"] is not None
    assert rows(rasid("status", "--json", *place))[0]["rules_silent"] == []
    with closing(sqlite3.connect(tmp_path / "data" / "rasid.db")) as database, database:
        database.execute("UPDATE rule_versions SET first_seen_at = 0")
    (status,) = rows(rasid("status", "--json", *place))
    assert (status["rules_silent"], status["rules_noisy"]) == (["many"], {})
    assert "many" in rasid("status", *place).stdout
    assert "many" in rasid("rules", *place).stdout
    found = {row["word"]: row for row in rows(rasid("rules", "expand", "many", "--json", *place))}
    assert "قصفت" in found["قصف"]["forms"]
    shown = rasid("rules", "expand", "--word", "قصف", *place).stdout
    assert {"ar", "yes", "قصفت,"} <= set(shown.split())
    assert "did you mean" in rasid("rules", "expand", "meny", *place, check=2).stderr
    assert "--word" in rasid("rules", "expand", *place, check=2).stderr
