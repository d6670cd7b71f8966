"""What rules match, and where."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from rasid.models import Document
from rasid.rules import RuleIndex, compile_rules
from rasid.settings import Condition, Config, Rule, Term
from rasid.text.dictionary import Dictionaries
from rasid.text.forms import expand_terms

ARABIC = Path(__file__).parent / "data" / "rules" / "arabic.tsv"
SEED = Path("../shared/corpora/seed/orient-net-deir-ez-zor.txt")


OTHERS = [
    ("US", "tell us about US forces", ["US"]),
    ("US", "TELL THEM THAT US FORCES LEFT", ["US"]),
    ("SDF", "the sdf and SDF", ["SDF"]),
    ("Şam", "SAM arrived", []),
    ("Şam", "Şam'da", ["Şam"]),
    ("Şam", "ŞAM", ["ŞAM"]),
    ("resume", "a résumé", ["résumé"]),
    ("saldırı", "SALDIRI", ["SALDIRI"]),
    ("R&D", "new R&D unit", ["R&D"]),
    ("strike", "they struck twice", ["struck"]),
    ("strike", "a striker", []),
    ("удар", "серия ударов", ["ударов"]),
    ("удар", "штрафной", []),
    ("空袭", "美军空袭叙利亚", ["空袭"]),
    ("Sana'a", "in Sanaa and Sana’a", ["Sanaa", "Sana’a"]),
    ("drone", "#drone_attack", ["drone"]),
    ("ג'נין", "הפצוע מג׳נין ואחר בג'נין", ["מג׳נין", "בג'נין"]),
    ("צ'אד", "גבול צ’אד", ["צ’אד"]),
    ('צה"ל', "כוחות צה״ל, לצה“ל", ["צה״ל", "לצה“ל"]),
]
PHRASES = [
    ("القوات الأمريكية", "قصفت القوات الأميركية موقعاً", ["القوات الأميركية"]),
    ("ח'אן יונס", "תקיפה בח׳אן יונס", ["בח׳אן יונס"]),
    ("القوات الأمريكية", "للقوات الأمريكية", ["للقوات الأمريكية"]),
    ("القوات الأمريكية", "القوات والأسلحة الأمريكية", []),
    ("دير الزور", "ريف ديرالزور", ["ديرالزور"]),
    ("دير الزور", "بدير الزور", ["بدير الزور"]),
    ("air strike", "two air strikes", ["air strikes"]),
    ("air strike", "strike the air", []),
    ("حقل العمر", "وحقل العمر النفطي", ["وحقل العمر"]),
]
PLAIN = ["strike", "football", "oil", "gas", "cooking", "field", "ball", "breaking", "لل لل"]


@cache
def dictionaries() -> Dictionaries:
    """Open each dictionary once for all words of this file."""
    opened = Dictionaries()
    texts = [row[0] for row in (*rows(), *OTHERS, *PHRASES)]
    expand_terms(words(*texts, *PLAIN), opened)
    return opened


def words(*texts: str) -> tuple[Term, ...]:
    return tuple(map(Term, texts))


def index_of(*rules: Rule) -> RuleIndex:
    config = Config(rules={rule.id: rule for rule in rules}, version="v1")
    return compile_rules(config, dictionaries=dictionaries())


def found(condition: Condition, **fields: str) -> list[str]:
    """Return the parts of a document that a condition matched."""
    index = index_of(Rule("r", condition, (), hash="h"))
    matches = index.match(Document("d", **fields))  # type: ignore[arg-type]
    for match in matches:
        for e in match.evidence:
            assert fields[e.field][e.start : e.end] == e.text
    return [e.text for match in matches for e in match.evidence]


def rows() -> list[tuple[str, str, bool]]:
    lines = ARABIC.read_text("utf-8").splitlines()
    parts = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(word, text, answer == "yes") for word, text, answer in parts]


@pytest.fixture(scope="module")
def arabic() -> RuleIndex:
    return index_of(*(Rule(w, Condition(any=words(w)), ()) for w in {row[0] for row in rows()}))


def test_the_table_of_arabic_is_as_long_as_promised() -> None:
    answers = [answer for _, _, answer in rows()]
    assert answers.count(True) >= 60
    assert answers.count(False) >= 20


@pytest.mark.parametrize(("word", "text", "answer"), rows())
def test_arabic_forms_and_near_misses(
    arabic: RuleIndex, word: str, text: str, answer: bool
) -> None:
    match = arabic.match_rule(word, Document("d", text=text))
    assert (match is not None) == answer


@pytest.mark.parametrize(("word", "text", "parts"), OTHERS)
def test_words_of_other_languages(word: str, text: str, parts: list[str]) -> None:
    assert found(Condition(any=words(word)), text=text) == parts


@pytest.mark.parametrize(("phrase", "text", "parts"), PHRASES)
def test_phrases(phrase: str, text: str, parts: list[str]) -> None:
    assert found(Condition(any=words(phrase)), text=text) == parts


def test_a_phrase_never_crosses_fields() -> None:
    assert found(Condition(any=words("air strike")), title="air", summary="strike") == []


def test_title_looks_at_the_title_alone() -> None:
    condition = Condition(
        all=(Condition(any=words("breaking"), fields=("title",)), *words("strike"))
    )
    assert found(condition, title="quiet", text="breaking strike") == []
    assert found(condition, title="Breaking", text="strikes") == ["Breaking", "strikes"]


def test_none_vetoes() -> None:
    condition = Condition(any=words("strike"), none=words("football"))
    assert found(condition, text="strike") == ["strike"]
    assert found(condition, title="Football", text="strike") == []


def test_conditions_nest() -> None:
    inner = Condition(any=words("oil", "gas"), none=words("cooking"))
    condition = Condition(all=(Term("field"), inner))
    assert found(condition, text="gas field") == ["gas", "field"]
    assert found(condition, text="cooking oil field") == []
    assert found(condition, text="field") == []


@pytest.mark.parametrize(
    ("rule", "answer"),
    [
        (Rule("r", Condition(any=words("strike")), (), outlets=("sana",)), True),
        (Rule("r", Condition(any=words("strike")), (), outlets=("bbc",)), False),
        (Rule("r", Condition(any=words("strike")), (), sources=("sana-en",)), True),
        (Rule("r", Condition(any=words("strike")), (), sources=("x",)), False),
        (Rule("r", Condition(any=words("strike")), (), languages=("fr", "en")), True),
        (Rule("r", Condition(any=words("strike")), (), languages=("ar",)), False),
        (Rule("r", Condition(any=words("strike")), (), languages=("e",)), False),
    ],
)
def test_filters(rule: Rule, answer: bool) -> None:
    document = Document("d", text="strike", outlet="sana", source="sana-en", language="en-GB")
    assert bool(index_of(rule).match(document)) == answer


def test_evidence_names_the_word_and_the_form() -> None:
    index = index_of(Rule("r", Condition(any=words("غارة")), (), hash="h"))
    (match,) = index.match(Document("d", title="شنت \u2066غارات\u2069 جوية"))
    (evidence,) = match.evidence
    assert (match.rule, match.rule_hash, index.version) == ("r", "h", "v1")
    assert (evidence.kind, evidence.field, evidence.text) == ("word", "title", "غارات")
    assert (evidence.word, evidence.form) == ("غارة", "غارات")
    assert (evidence.start, evidence.end) == (5, 10)


def test_a_veto_is_no_evidence() -> None:
    condition = Condition(any=words("strike"), none=(Condition(all=words("strike", "ball")),))
    assert found(condition, text="strike") == ["strike"]


def test_R01_hostile_text_yields_bounded_evidence() -> None:
    index = index_of(Rule("r", Condition(any=words("قصف", "لل لل")), ()))
    text = "و" * 50_000 + " " + "ل" * 50_000 + " " + "وبالقصفها " * 5_000
    (match,) = index.match(Document("d", text=text + "قصف " * 5_000))
    assert len(match.evidence) == 50


def test_threads_share_an_index() -> None:
    index = index_of(Rule("r", Condition(any=words("قصف", "strike", "удар")), ()))
    documents = [Document(str(n), text=f"{n} قصفت strikes ударом {n * 7}") for n in range(40)]
    alone = [index.match(document) for document in documents]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            assert list(pool.map(index.match, documents)) == alone


def test_the_founding_report() -> None:
    if not SEED.exists():
        pytest.skip(f"the founding report is not part of the project: {SEED} is absent")
    text = SEED.read_text("utf-8")
    title = text.partition("،")[0]
    index = index_of(Rule("r", Condition(all=words("قصف", "الميادين")), ()))
    (match,) = index.match(Document("d", title=title, text=text))
    parts = [e.text for e in match.evidence]
    assert {"قصفت", "لقصف", "بقصف", "الميادين"} <= set(parts)
    for e in match.evidence:
        assert {"title": title, "text": text}[e.field][e.start : e.end] == e.text


def test_a_rule_that_may_match_everything_does(tmp_path: Path) -> None:
    from rasid.config import load
    from rasid.rules import compile_rules, problems

    path = tmp_path / "rules.yaml"
    path.write_text(
        "version: 1\nreceivers: [{id: desk, urls: ['console://']}]\nrules:\n"
        "  - {id: all, allow_match_all: true, notify: [desk]}\n"
        "  - {id: but, allow_match_all: true, none: [sport], notify: [desk]}\n",
        encoding="utf-8",
    )
    config = load(path)
    assert problems(config) == []
    index = compile_rules(config, cache_dir=tmp_path)
    found = [
        [match.rule for match in index.match(Document("1", title=title))]
        for title in ("Rain", "Sport")
    ]
    assert found == [["all", "but"], ["all"]]
