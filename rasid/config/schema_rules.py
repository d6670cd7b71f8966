"""The shape of rules and lists in rules.yaml: words, conditions, examples."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from rasid.config.schema_gates import MaybeOutlets, MaybeSpike, Silent
from rasid.config.schema_places import Together, Wheres
from rasid.config.schema_values import (
    Countries,
    Events,
    Filter,
    Flag,
    Labels,
    Language,
    Languages,
    MaybeLong,
    Name,
    Names,
    Part,
    Patterns,
    Positive,
    Query,
    SourceIds,
    Text,
    Texts,
    Wait,
    filled,
    listed,
)


def _looked_for(value: Any) -> Any:
    """Return what is looked for in one field as a condition."""
    return value if isinstance(value, dict) else {"any": value}


def _kind_of_entry(value: Any) -> str | None:
    if isinstance(value, str):
        return "<phrase>"
    if isinstance(value, dict):
        return "<word>" if "word" in value else "<condition>"
    return None


class WordIn(Part):
    """A word that says its language, or how it is to be taken."""

    word: Text
    language: Language = ""
    exact: Flag = False
    inflect: Flag = True


class WordsIn(Part):
    """Keys are ANDed, entries of `any` ORed (`at_least` of them), entries of `none` veto."""

    any: Entries = Field(default_factory=list)
    all: Entries = Field(default_factory=list)
    none: Entries = Field(default_factory=list)
    at_least: Positive | None = None
    query: Query = ""
    regex: Patterns = Field(default_factory=list)
    title: LookedFor = None
    summary: LookedFor = None
    text: LookedFor = None
    url: LookedFor = None
    author: LookedFor = None


class ConditionIn(WordsIn):
    """A condition inside a rule."""

    tags: LookedFor = None  # of the item; those of a rule are its own


Entry = Annotated[
    Annotated[Text, Tag("<phrase>")]
    | Annotated[WordIn, Tag("<word>")]
    | Annotated[ConditionIn, Tag("<condition>")],
    Discriminator(_kind_of_entry),
]
Entries = Annotated[
    list[Entry], BeforeValidator(filled, json_schema_input_type=Entry | list[Entry])
]
LookedFor = Annotated[
    ConditionIn | None,
    BeforeValidator(_looked_for, json_schema_input_type=Text | list[Entry] | ConditionIn),
]
_ListEntry = Annotated[
    Annotated[Text, Tag("<phrase>")] | Annotated[WordIn, Tag("<word>")],
    Discriminator(_kind_of_entry),
]
ListIn = Annotated[
    list[_ListEntry],
    BeforeValidator(filled, json_schema_input_type=_ListEntry | list[_ListEntry]),
]


def _kind_of_example(value: Any) -> str:
    return "<example>" if isinstance(value, dict) else "<title>"


class ExampleIn(Part):
    """An item of which more than the title is given."""

    title: Text = ""
    summary: Text = ""
    text: Text = ""
    url: Text = ""
    author: Text = ""
    tags: Texts = Field(default_factory=list)


_Example = Annotated[
    Annotated[Text, Tag("<title>")] | Annotated[ExampleIn, Tag("<example>")],
    Discriminator(_kind_of_example),
]
_Examples = Annotated[
    list[_Example], BeforeValidator(listed, json_schema_input_type=_Example | list[_Example])
]


class ExamplesIn(Part):
    """Texts that `rasid check` runs a rule on."""

    match: _Examples = Field(default_factory=list)
    no_match: _Examples = Field(default_factory=list)


class RuleIn(WordsIn):
    """A condition over items and whom to tell."""

    id: Name
    notify: Names = Field(default_factory=list)
    outlet: Filter = Field(default_factory=list)
    source: SourceIds = Field(default_factory=list)
    language: Languages = Field(default_factory=list)
    country: Countries = Field(default_factory=list)
    published_within: MaybeLong = None
    cooldown: Wait = 0
    outlets: MaybeOutlets = None
    spike: MaybeSpike = None
    silent: Silent = 0
    where: Wheres = Field(default_factory=list)
    not_where: Wheres = Field(default_factory=list)
    together: Together = None
    certainty: Literal["precision", "recall"] | None = None
    demonyms: Flag = False
    on: Events = Field(default_factory=lambda: ["new"])
    inflect: Flag = True
    severity: Name = ""
    tags: Labels = Field(default_factory=list)
    examples: ExamplesIn = Field(default_factory=ExamplesIn)
    allow_match_all: Flag = False
    enabled: Flag = True


for _model in (WordsIn, ConditionIn, RuleIn):
    _model.model_rebuild()
