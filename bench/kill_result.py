"""What a run of the kill test found, and what of it breaks the guarantee."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.kill_world import Told

CONCURRENCY = 4  # sends in flight: the bound of duplicates a kill


@dataclass
class Result:
    """The figures of one world, or of several added up."""

    variant: str
    seed: int
    kills: int = 0
    published: int = 0
    items: int = 0  # kept in the database
    lost: int = 0
    duplicates: int = 0  # sends of which an alert was sent again
    copies: int = 0  # alerts that came once more
    retold: int = 0  # copies with another alert id than the first
    kept_early: int = 0  # items kept before the last run, which nothing disturbs
    told_early: int = 0  # alerts accepted before it
    quick_check: str = "ok"
    seconds: float = 0.0

    @property
    def expected(self) -> int:
        """Return how many alerts there are to be: one for each item and receiver."""
        return 2 * self.published

    @property
    def faults(self) -> list[str]:
        """Return what breaks the guarantee, in words."""
        found = []
        if self.lost:
            found.append(f"{self.lost} of {self.expected} alerts lost")
        if self.duplicates > self.kills * CONCURRENCY:
            found.append(f"{self.duplicates} sends repeated, more than {CONCURRENCY} a kill")
        if self.retold:
            found.append(f"{self.retold} alerts came again under another id")
        if self.items != self.published:
            found.append(f"{self.items} items kept of {self.published} published")
        if self.quick_check != "ok":
            found.append(f"database: {self.quick_check}")
        return found

    @property
    def doubts(self) -> list[str]:
        """Return why the run says little although nothing broke: the kills met no work."""
        found = []
        if self.kept_early < self.kills:
            found.append(f"{self.kills} killed runs kept {self.kept_early} items")
        if self.told_early < self.kills:
            found.append(f"{self.kills} killed runs sent {self.told_early} alerts")
        return found


def compare(result: Result, told: Sequence[Told], promised: set[tuple[str, str]]) -> Result:
    """Fill in what follows from what was told, in its order, and what was promised."""
    sends: dict[tuple[str, str], list[int]] = {}
    ids: dict[tuple[str, str], set[str]] = {}
    for one in told:
        sends.setdefault((one.receiver, one.title), []).append(one.send)
        ids.setdefault((one.receiver, one.title), set()).add(one.alert)
    result.lost = len(promised - sends.keys())
    # what died between acceptance and mark: every send of an alert but the last
    result.duplicates = len({send for several in sends.values() for send in several[:-1]})
    result.copies = sum(len(several) - 1 for several in sends.values())
    result.retold = sum(len(several) - 1 for several in ids.values())
    return result


def added(results: list[Result], seconds: float) -> Result:
    """Return the figures of worlds that ran beside each other as one."""
    first = results[0]
    broken = [one.quick_check for one in results if one.quick_check != "ok"]
    return Result(
        first.variant,
        first.seed,
        kills=sum(one.kills for one in results),
        published=sum(one.published for one in results),
        items=sum(one.items for one in results),
        lost=sum(one.lost for one in results),
        duplicates=sum(one.duplicates for one in results),
        copies=sum(one.copies for one in results),
        retold=sum(one.retold for one in results),
        kept_early=sum(one.kept_early for one in results),
        told_early=sum(one.told_early for one in results),
        quick_check=broken[0] if broken else "ok",
        seconds=seconds,
    )


def table(results: list[Result]) -> str:
    """Return the results as a Markdown table."""
    return "\n".join(
        [
            "| variant | kills | alerts | sent in killed runs | lost | sends repeated | a kill | "
            "alerts in them | quick_check | s |",
            "|---|--:|--:|--:|--:|--:|--:|--:|---|--:|",
            *(
                f"| {r.variant} | {r.kills} | {r.expected} | {r.told_early} | {r.lost} | "
                f"{r.duplicates} | {r.duplicates / max(r.kills, 1):.2f} | {r.copies} | "
                f"{r.quick_check} | {r.seconds:.0f} |"
                for r in results
            ),
        ]
    )
