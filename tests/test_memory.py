"""What a long-lived daemon holds on to, over polls of the real parts (`bench.memory`, briefly)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WARM, LAST, STEP = 100, 300, 50  # cycles of five polls: 1,000 polls are looked at
CODE = f"""
import json
from bench.memory import measured
if __name__ == "__main__":
    print(json.dumps(measured(1, {LAST}, {STEP})))
"""


def test_T07_a_thousand_polls_leave_less_than_5_mb_behind(tmp_path: Path) -> None:
    """In a process of its own, which has its own reactor; a file, since outlets are spawned."""
    script = tmp_path / "cycles.py"
    script.write_text(CODE)
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    samples, told = json.loads(done.stdout)
    held = {cycle: (daemon, workers) for cycle, daemon, workers in samples}
    assert told > 5, "nothing alerted: not the whole way was gone"
    for which, name in enumerate(("daemon", "workers")):
        assert held[LAST][which] - held[WARM][which] < 5, (name, samples)
