"""The rule language: compilation into one index, matching, examples."""

from rasid.rules.check import problems, run_examples
from rasid.rules.compile import compile_rules
from rasid.rules.index import RuleIndex
from rasid.text.expanded import expand

__all__ = ["RuleIndex", "compile_rules", "expand", "problems", "run_examples"]
