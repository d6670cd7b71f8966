"""What the YAML parser could not read, said for people who do not know YAML."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import yaml

from rasid.config.problems import Problems, Spot

_COLUMNS: Final = "keys of one entry begin in the same column; indent with spaces"


class _Said(NamedTuple):
    message: str
    hint: str
    at_context: bool = False  # where what is wrong began, not where reading ended


# what the parser says -> what it means here
_MEANINGS: Final[dict[str, _Said]] = {
    "could not find expected ':'": _Said(
        "a key without a colon, or without a blank after it", "write key: value", at_context=True
    ),
    "mapping values are not allowed in this context": _Said(
        "a colon where none can stand", f"put text that contains a colon in quotes; {_COLUMNS}"
    ),
    "did not find expected key": _Said(
        "this does not go on with what stands before it",
        f"put the whole value in quotes if it begins with one; {_COLUMNS}",
    ),
    "did not find expected '-' indicator": _Said(
        "this line belongs to no entry of the list above",
        f"begin an entry with - in the column of the others; {_COLUMNS}",
    ),
    "block sequence entries are not allowed in this context": _Said(
        "a list with - cannot begin here", "write the - on a line of its own, below the key"
    ),
    "found unexpected ':'": _Said(
        "a colon without a blank after it",
        "write key: value, leave out a key that has none, and put text with a colon in quotes",
    ),
    "did not find expected node content": _Said(
        "a value is missing here", "write one, or take the comma or the key away"
    ),
    "did not find expected <document start>": _Said(
        "this belongs to nothing above", "begin the sections of the file in the first column"
    ),
    "found a tab character that violates indentation": _Said(
        "a tab at the beginning of a line", "indent with spaces"
    ),
}


def add_syntax(error: yaml.MarkedYAMLError, text: str, file: str, problems: Problems) -> None:
    """Note why a file is no YAML: where, in plain words, and what to do."""
    mark: Any = error.problem_mark or error.context_mark
    began: Any = error.context_mark or mark
    said = _said(error, text, mark, began)
    mark = began if said.at_context else mark
    spot = Spot(mark.line + 1, mark.column + 1) if mark else Spot()
    problems.add(file, spot, f"not valid YAML: {said.message}", said.hint)


def _said(error: yaml.MarkedYAMLError, text: str, mark: Any, began: Any) -> _Said:
    what, while_ = str(error.problem or error.context or ""), str(error.context or "")
    here, there = _char(text, mark), _char(text, began)
    if "quoted scalar" in while_:
        return _in_quotes(what, text, mark, there)
    if "flow" in while_ and what.startswith("did not find expected ','"):
        return _in_brackets(there, same_line=began.line == mark.line)
    if "alias" in while_ or "anchor" in while_ or "tag" in while_:
        return _Said(f"text cannot begin with {there}", "put it in quotes", at_context=True)
    if "cannot start any token" in what and here == "\t":
        return _MEANINGS["found a tab character that violates indentation"]
    if "cannot start any token" in what:
        return _Said(f"text cannot begin with {here}", "put it in quotes")
    return _MEANINGS.get(what) or _Said(what, "is a quote or a bracket left open?")


def _in_quotes(what: str, text: str, mark: Any, quote: str) -> _Said:
    if "escape" in what:
        found = text[mark.index :].lstrip("\\")[:1]
        hint = f"write it in single quotes: '...\\{found}...'"
        return _Said(f'\\{found} means nothing between " and "', hint)
    hint = f"write {quote} where the text ends"
    return _Said(f"this {quote} is never closed", hint, at_context=True)


def _in_brackets(bracket: str, *, same_line: bool) -> _Said:
    closing = "]" if bracket == "[" else "}"
    if same_line:
        return _Said(
            f"a comma or {closing} is missing before this",
            "separate entries with commas; put text that contains quotes or brackets in quotes",
        )
    return _Said(
        f"this {bracket} is never closed", f"write {closing} where it ends", at_context=True
    )


def _char(text: str, mark: Any) -> str:
    return text[mark.index : mark.index + 1] if mark else ""
