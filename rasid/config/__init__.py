"""rules.yaml to a `Config`: strict, and every problem at once with file, line and a hint."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rasid.config import build, schema
from rasid.config.editors import schema_json
from rasid.config.escalation import check_escalations
from rasid.config.files import digest, read_files
from rasid.config.gates import gate_warnings
from rasid.config.kept import Checked, KeptRules, ReadFile
from rasid.config.lists import Lists
from rasid.config.opened import Opened
from rasid.config.problems import Problems
from rasid.config.receivers import build_receivers, check_receivers, severity_warnings
from rasid.config.rules import build_rules, check_references, version_of
from rasid.config.schema_places import PlaceIn
from rasid.config.schema_receivers import ReceiverIn
from rasid.config.schema_rules import RuleIn
from rasid.config.sections import Found, check_top, collect, collect_lists, collect_settings
from rasid.config.starter import starter
from rasid.errors import ConfigError
from rasid.places.model import Gazetteer
from rasid.settings import Config, Rule, Term

__all__ = ["KeptRules", "digest", "load", "schema_json", "starter"]


OpenGazetteer = Callable[[], Gazetteer]


def load(
    path: Path, kept: KeptRules | None = None, gazetteer: OpenGazetteer | None = None
) -> Config:
    """Return the configuration of a file and all it includes.

    `kept` serves the rules of files that have not changed since it wrote them, and notes
    those of others. `gazetteer` is called only if there are places in the files. Raises
    `ConfigError` with every problem; whoever has an older configuration keeps it.
    """
    problems = Problems()
    files, whole = read_files(path, problems, kept.cut if kept else None)
    atlas = Opened(gazetteer)
    known = kept.serve(files) if kept and not problems.found else None
    if known is not None and not atlas.holds(known):
        known = None
    if kept and kept.cuts and known is None:
        kept.served = False
        problems = Problems()
        files, whole = read_files(path, problems)
    return _Loading(path, files, whole, problems, atlas).run(kept, known)


@dataclass(slots=True)
class _Loading:
    """One configuration on its way from the files to its parts."""

    path: Path
    files: Sequence[ReadFile]
    whole: bool  # else what an unreadable file defines would be called unknown
    problems: Problems
    atlas: Opened

    def run(self, kept: KeptRules | None, known: Checked | None) -> Config:
        files, problems = self.files, self.problems
        check_top(files, problems)
        written, spots = collect_settings(files, problems)
        outlets = collect(files, "outlets", schema.OutletIn, problems)
        sources = collect(files, "sources", schema.SourceIn, problems)
        receivers = collect(files, "receivers", ReceiverIn, problems)
        allowed = written.security.allow_addresses
        build.check_sources(sources, allowed, problems)
        check_receivers(receivers, allowed, problems)
        if self.whole:
            check_escalations(receivers, problems)
            build.check_settings(written, spots, receivers, str(self.path), problems)
        own = collect(files, "places", PlaceIn, problems)
        places = self.atlas.lay_over(own, problems) if self.whole else ()
        checked = known or self._checked(outlets, sources, receivers)
        if problems.found:
            raise ConfigError(problems.in_order())
        if kept and known is None:
            kept.note(files, checked)
        gazetteer = self.atlas.version if checked.gazetteer else ""
        config = Config(
            settings=build.build_settings(written),
            outlets=build.build_outlets(outlets),
            sources=build.build_sources(sources),
            receivers=build_receivers(receivers, written.time_zone),
            rules=checked.rules,
            lists=checked.lists,
            places=places,
            gazetteer=gazetteer,
            version=version_of(checked.rules, gazetteer),
            files=(*(file.path for file in files), *checked.beside),
            warnings=(*problems.warnings, *checked.warnings),
        )
        # not kept with the rules: what they say of a rule depends on its receivers
        more = (*severity_warnings(config), *gate_warnings(config))
        return replace(config, warnings=(*config.warnings, *more))

    def _checked(
        self,
        outlets: Mapping[str, Found[schema.OutletIn]],
        sources: Mapping[str, Found[schema.SourceIn]],
        receivers: Mapping[str, Found[ReceiverIn]],
    ) -> Checked:
        """Return rules and lists; their mistakes are noted."""
        problems, before = self.problems, self.problems.warnings
        problems.warnings = []
        found = collect(self.files, "rules", RuleIn, problems)
        rules, words = dict[str, Rule](), dict[str, tuple[Term, ...]]()
        scopes = self.atlas.scopes(found, problems)
        if self.whole:
            lists = Lists(collect_lists(self.files, problems), problems)
            lists.expand_all()
            words, rules = lists.words, build_rules(found, lists, scopes)
            named = {entry.value.outlet for entry in sources.values() if entry.value}
            countries = {entry.value.country for entry in outlets.values() if entry.value} - {""}
            check_references(found, receivers, sources, named | set(outlets), countries, problems)
        checked = Checked(
            rules,
            words,
            tuple(problems.warnings),
            self.atlas.base_version if scopes else "",
            scopes.beside if scopes else {},
        )
        problems.warnings = before
        return checked
