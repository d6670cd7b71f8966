"""Stories told with the model of the extra `models`; skipped where it is not installed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from newsroom import item, make_newsroom

from rasid.cli import command
from rasid.models import Document
from rasid.protocols import Reading
from rasid.settings import DAY
from rasid.stories import meaning
from rasid.stories.features import features
from rasid.stories.likeness import across, needed, within
from rasid.stories.meaning import KIND, LEAD, Model, described, model
from rasid.stories.stories import HOUR, Stories
from rasid.stories.told import assigned
from rasid.storybook import Storybook

WALKOUT = {
    "en": "Doctors strike over pay enters its second week",
    "ar": "إضراب الأطباء بسبب الأجور يدخل أسبوعه الثاني",
    "ru": "Забастовка врачей из-за зарплаты продолжается вторую неделю",
    "th": "การนัดหยุดงานของแพทย์เรื่องค่าจ้างเข้าสู่สัปดาห์ที่สอง",
    "de": "Ärztestreik um Löhne geht in die zweite Woche",
}
OTHERS = {
    "en": "The central bank left its interest rate unchanged, as was expected",
    "ar": "انطلاق معرض الكتاب بمشاركة واسعة من دور النشر",
    "zh": "国家队在决赛中获胜",
}


@pytest.fixture(scope="module")
def loaded() -> Model:
    found = model()
    if found is None:
        pytest.skip("the extra `models` is not installed: make bench does it")
    return found


def documents(texts: dict[str, str]) -> list[Document]:
    return [Document(id=name, title=title) for name, title in texts.items()]


def stories_of(texts: dict[str, str], with_model: Model | None) -> dict[str, str]:
    return {one.id: found.story for one, found in assigned(documents(texts), with_model)}


# the model


def test_what_means_the_same_is_one_story_in_languages_that_share_no_names(loaded: Model) -> None:
    texts = {**WALKOUT, **{f"other-{name}": title for name, title in OTHERS.items()}}
    without = stories_of(texts, None)
    assert len({without[name] for name in WALKOUT}) > 1
    told = stories_of(texts, loaded)
    assert {told[name] for name in WALKOUT} == {"en"}
    assert {told[f"other-{name}"] for name in OTHERS} == {f"other-{name}" for name in OTHERS}


def test_a_headline_in_other_words_joins_its_story(loaded: Model) -> None:
    texts = {
        "a": "Oil prices fall as producers agree to raise output",
        "b": "Oil drops after exporters decide to produce more",
        "c": "Fire destroys warehouse near the harbour",
    }
    assert stories_of(texts, None) == {"a": "a", "b": "b", "c": "c"}
    assert stories_of(texts, loaded) == {"a": "a", "b": "a", "c": "c"}


def test_headlines_of_a_word_or_two_are_not_joined_by_meaning(loaded: Model) -> None:
    texts = {"a": "Strike 1", "b": "Strike 2", "c": "Traffic", "d": "Road traffic"}
    assert stories_of(texts, loaded) == {name: name for name in texts}


def test_a_language_that_the_model_does_not_have_is_told_without_it(loaded: Model) -> None:
    hebrew, english = described(
        [Document(id="", title="רעידת אדמה חזקה בלילה"), Document(id="", title=WALKOUT["en"])],
        loaded,
    )
    assert (hebrew.meaning, english.meaning[:1]) == (b"", KIND)


def test_any_text_has_a_meaning_of_one_length(loaded: Model) -> None:
    texts = ["", "?", "\ud800 \udfff", "a" * 10_000, "\x00\u202e", "غارة " * 200]
    assert {len(one) for one in loaded.meanings(texts)} == {513}
    assert loaded.meanings([]) == []


def test_only_the_beginning_is_read(loaded: Model) -> None:
    long = "word " * LEAD
    one, other = described(
        [Document(id="", title="Strike", text=long + end) for end in ("a", "b")], loaded
    )
    assert one.meaning == other.meaning


def test_what_was_not_stored_leaves_no_trace_of_its_meaning(loaded: Model) -> None:
    stories = Stories()
    found = dict(zip(WALKOUT, described(documents(WALKOUT), loaded), strict=True))
    stories.assign("en", found["en"], 0)
    stories.settle()
    before = stories._pointing().compare(found["ar"].meaning)
    assert before is not None
    stories.assign("ar", found["ar"], 0)
    stories.assign("z", described(documents(OTHERS), loaded)[0], 0)
    stories.retract()
    after = stories._pointing().compare(found["ar"].meaning)
    assert after is not None
    assert after.of("en") == pytest.approx(before.of("en"))
    assert after.of("z") is None
    assert stories.assign("again", found["ar"], 0).story == "en"


def test_a_story_that_ended_is_not_joined_by_meaning(loaded: Model) -> None:
    stories = Stories(window=HOUR)
    en, ar = described(documents({one: WALKOUT[one] for one in ("en", "ar")}), loaded)
    stories.assign("en", en, 0)
    stories.settle()
    assert stories.assign("ar", ar, 3 * HOUR).story == "ar"
    assert stories._pointing().stories == ["ar"]


def test_many_stories_come_and_go_in_bounded_memory(loaded: Model) -> None:
    stories = Stories(most=100)
    meant = loaded.meanings([f"{n} lemons" for n in range(20)])
    for number in range(1_000):
        title = f"w{number}x y{number}z q{number}k"
        found = features(Document(id="", title=title))._replace(meaning=meant[number % 20])
        stories.assign(str(number), found, number)
        stories.settle()
    assert stories._pointing().room <= 128


def test_the_command_uses_it_unless_told_not_to(loaded: Model) -> None:
    lines = "".join(json.dumps({"id": k, "title": v}) + "\n" for k, v in WALKOUT.items())
    told = {}
    for more in ([], ["--no-model"]):
        run = CliRunner().invoke(command, ["stories", "assign", "-", "--json", *more], input=lines)
        assert run.exit_code == 0
        told[bool(more)] = {json.loads(line)["story"] for line in run.stdout.splitlines()}
    assert told[False] == {"en"}
    assert len(told[True]) > 1


# in the store


@pytest.mark.parametrize("store", ["sqlite", "memory"])
async def test_a_restart_knows_what_items_mean_and_works_nothing_out(
    store: str, loaded: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = make_newsroom(tmp_path, "memory://" if store == "memory" else "")
    await room.show("front", [item(1, WALKOUT["en"]), item(2, OTHERS["ar"])])
    kept = await room.storage.read(lambda view: view.meanings(_placed(view)))
    assert {len(one) for one in kept.values()} == {513}
    assert len(kept) == 2
    room.stories = Storybook()
    with monkeypatch.context() as patched:
        patched.setattr(loaded, "meanings", None)
        await room.stories.open(room.storage, room.clock())
    await room.show("other", [item(3, WALKOUT["th"])])
    members = await room.storage.read(lambda view: view.members(limit=9))
    first, _, last = [place for _, place in members]
    assert last.story == first.item
    room.clock.forward(4 * DAY)  # and they go with the stories
    await room.show("front", [item(4, OTHERS["en"], published=None)])
    assert len(await room.storage.read(lambda view: view.meanings(_placed(view)))) == 1
    await room.storage.close()


async def test_a_store_with_meanings_is_opened_without_the_model(
    loaded: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = make_newsroom(tmp_path)
    await room.show("front", [item(1, WALKOUT["en"])])
    monkeypatch.setattr(meaning, "_loaded", [None])
    room.stories = Storybook()
    await room.show("other", [item(2, WALKOUT["en"]), item(3, OTHERS["en"])])
    members = await room.storage.read(lambda view: view.members(limit=9))
    assert sorted(place.story == members[0][0].id for _, place in members) == [False, True, True]
    await room.storage.close()


def _placed(view: Reading) -> list[str]:
    return [one.id for one, _ in view.members(limit=9)]


# with it or without


def test_without_a_model_items_have_no_meaning() -> None:
    those = documents(WALKOUT)
    assert described(those, None) == [features(one) for one in those]
    assert described([], None) == []


def test_a_meaning_of_another_model_is_passed_over() -> None:
    pytest.importorskip("numpy")
    found = [features(one) for one in documents(WALKOUT)]
    unknown = [one._replace(meaning=b"\x00other") for one in found]
    plain, stories = Stories(), Stories()
    for number, (one, other) in enumerate(zip(found, unknown, strict=True)):
        assert stories.assign(str(number), other, 0) == plain.assign(str(number), one, 0)
    stories.retract()
    assert stories._pointing().stories == []


def test_a_model_that_cannot_be_loaded_is_told_of_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> Model:
        raise ImportError("no numpy for this processor")

    monkeypatch.setattr(meaning, "Model", fail)
    monkeypatch.setattr(meaning, "_loaded", [])
    assert model() is None
    assert model() is None
    assert [one.levelname for one in caplog.records] == ["WARNING"]


# how much each has to say


def test_words_decide_as_they_do_without_a_model() -> None:
    assert within(1.0, 1.0, 0.0, 8) >= 1
    assert needed(7) < needed(20) < needed(36) == needed(99)


def test_meaning_alone_must_be_nearer_than_where_words_agree() -> None:
    assert within(0.0, 1.0, 0.43, 8) >= 1 > within(0.0, 0.0, 0.55, 8)
    assert within(0.0, 0.0, 0.61, 8) >= 1 > within(0.0, 0.0, 1.0, 30)


def test_names_alone_do_not_join_what_means_something_else() -> None:
    assert across(1.5, 0.1) < 1 <= across(1.0, 0.5)
    assert across(0.0, 0.6) < 1 <= across(0.0, 0.72)
