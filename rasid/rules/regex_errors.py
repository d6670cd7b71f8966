"""What is wrong with a regular expression of a rule.

Expressions are RE2's, whose time grows with the text alone; what RE2 lacks for that reason
(lookarounds, backreferences) is named. https://github.com/google/re2/wiki/Syntax
The `regex` module, which finds where a match stands, must be able to read them too, and so
must `rasid.rules.widened`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from rasid.text.wildcards import Fault

if TYPE_CHECKING:
    import re2

_INSTEAD: Final = "take it out, and say what must be there with all:, what must not with none:"
_TWICE: Final = "write out what may stand twice: (?:ha ha|no no)"
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_ESCAPES: Final = {"\b": r"\b", "\a": r"\a", "\v": r"\v", "\f": r"\f", "\r": r"\r", "\x1b": r"\e"}
_QUOTES: Final = r"write a regex in single quotes: in double quotes YAML itself reads \b"
_COUNT: Final = r"write a count like {0,3}, a bracket meant as such like \{"
_RE2: Final = "the syntax is that of RE2"
# counts that are none to RE2, and to `regex` one, or leave to mistype
_COUNTED: Final = re.compile(
    r"\\(?:[pPx]\{[^}]*\}|.)|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d+(?:,\d*)?\}"
    r"|(\{\s*[\d,eids<][^}]*\})",
    re.DOTALL,
)
# found in RE2's message -> what it is called, what to do
_LACKING: Final = (
    (r"\(\?<[=!]", "a lookbehind", _INSTEAD),
    (r"\(\?[=!]", "a lookahead", _INSTEAD),
    (r"\(\?>", "an atomic group", "an ordinary group (?:...) is fast enough here"),
    (r"\(\?P[=>]|\\k", "a backreference", _TWICE),
    (r"\(\?#", "a comment", "take it away; YAML has # comments"),
    (r"\(\?", "this kind of group", "groups are (...), (?:...), (?i:...) and (?P<name>...)"),
    (r"\\[1-9]", "a backreference", _TWICE),
    (r"\\Z", r"\Z", r"write \z"),
    (r"\\[uUN]", "this way of writing a letter", "write the letter itself"),
    (r"bad repetition operator: .*\+$", "a possessive repetition", "write one + less"),
)  # fmt: skip
_BROKEN: Final = (
    ("missing ]", "a [ is never closed", r"a bracket meant as such is \["),
    ("missing )", "a ( is never closed", r"a bracket meant as such is \("),
    ("unexpected )", "a ) closes no bracket", r"a bracket meant as such is \)"),
    ("no argument for repetition", "nothing stands before *, + or ?", r"a sign as such is \*"),
    ("invalid repetition size", "a repetition counts down, or beyond 1000", "write it as {2,5}"),
    ("bad repetition operator", "one repetition follows another", "write one of * + ?"),
    ("invalid character class range", "a range of letters that does not exist", "such as [a-z]"),
    ("trailing \\", "ends in a \\", "a backslash as such is \\\\"),
    ("pattern too large", "is too large", "make it shorter, or two of it"),
)
# Texts of one script that share no letter: what finds both needs none in particular.
_PROBES: Final = (
    ("Dablem dablem", "Norsti norsti"),
    ("ابتثجح", "دذرزسش"),
    ("Абвгде абвгде", "Ноптуф ноптуф"),
    ("אבגדהו", "כלמנסע"),
    ("空袭美军", "新闻日报"),
)


def regex_fault(pattern: str) -> Fault | None:
    """Return why an expression cannot be used, or None."""
    if control := _CONTROL.search(pattern):
        return Fault(f"a control character, {shown(control[0])}, stands in it", _QUOTES)
    for counted in _COUNTED.finditer(pattern):
        if counted[1]:
            return Fault(f"{counted[1]} counts nothing", _COUNT)
    import re2
    import regex

    from rasid.rules.widened import widened

    try:
        _compiled(pattern)
        _compiled(widened(pattern))
    except re2.error as error:
        said = error.args[0]
        text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        return _worded(text.replace("(?P", "(?P=") if "(?P=" in pattern else text)
    try:
        regex.compile(pattern)
    except regex.error as error:
        return Fault(f"the regex cannot be read: {error}", "write it in a simpler way")
    return None


def shown(pattern: str) -> str:
    """Return an expression with its control characters as they are written."""
    return _CONTROL.sub(lambda found: _ESCAPES.get(found[0], rf"\x{ord(found[0]):02x}"), pattern)


def finds_everything(pattern: str) -> bool:
    """Whether an expression finds texts without any letter in common, such as `.*` and `[a-z]+`.

    The expression must be one that `regex_fault` passes.
    """
    found = _compiled(pattern)
    return any(found.search(one) and found.search(two) for one, two in _PROBES)


@cache
def _options() -> re2.Options:
    import re2

    options = re2.Options()
    options.log_errors = False
    return options


def _compiled(pattern: str) -> re2._Regexp:
    import re2

    return re2.compile(pattern, _options())


def _worded(said: str) -> Fault:
    for sought, name, hint in _LACKING:
        if re.search(sought, said):
            part = said.partition(": ")[2]
            return Fault(f"{name}, {part}, is not supported in a regex", hint)
    for sought, message, hint in _BROKEN:
        if sought in said:
            return Fault(f"the regex is broken: {message}", hint)
    return Fault(f"the regex cannot be read: {said}", _RE2)
