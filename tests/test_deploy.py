"""The files that install Rasid: image, compose file, systemd units."""

from __future__ import annotations

import configparser
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
UNITS = ("rasid.service", "rasid-once.service", "rasid-once.timer")


def instructions() -> list[tuple[str, str]]:
    """Return (instruction, arguments) of the Dockerfile, continuations joined."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines()]
    return [
        (word, rest.strip())
        for word, _, rest in (line.partition(" ") for line in lines if line and line[0] != "#")
    ]


def arguments(word: str) -> list[str]:
    return [rest for name, rest in instructions() if name == word]


def unit(name: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(ROOT / "deploy" / name, encoding="utf-8")
    return parser


@pytest.fixture(scope="module")
def service() -> dict[str, Any]:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    assert list(compose["volumes"]) == ["data"]
    found: dict[str, Any] = compose["services"]["rasid"]
    return found


def test_every_copied_file_exists_and_is_in_the_build_context() -> None:
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for copied in arguments("COPY"):
        if copied.startswith("--from="):
            continue
        for source in copied.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert f"!{source}" in allowed, f"{source} is hidden by .dockerignore"


def test_image_has_two_stages_over_a_base_that_can_be_replaced() -> None:
    assert arguments("ARG") == ["PYTHON_IMAGE=python:3.13-slim"]
    stages = arguments("FROM")
    assert len(stages) == 2
    assert all(stage.startswith("${PYTHON_IMAGE}") for stage in stages)


def test_image_installs_pinned_and_hashed_dependencies_only() -> None:
    pip = [json.loads(run) for run in arguments("RUN") if "pip" in run]
    assert len(pip) == 2
    assert "--require-hashes" in pip[0]
    assert {"--no-deps", "--no-build-isolation"} <= set(pip[1])


def test_image_does_not_run_as_root() -> None:
    order = [name for name, _ in instructions()]
    assert arguments("USER") == ["65534:65534"]
    assert order.index("USER") > len(order) - 1 - order[::-1].index("RUN")


def test_image_says_where_data_and_configuration_are() -> None:
    environment = " ".join(arguments("ENV"))
    for setting in (
        "RASID_DATA_DIR=/data",
        "RASID_CONFIG=/config/rules.yaml",
        "PYTHONUNBUFFERED=1",
    ):
        assert setting in environment
    assert arguments("VOLUME") == ['["/data"]']
    assert arguments("STOPSIGNAL") == ["SIGTERM"]
    assert json.loads(arguments("ENTRYPOINT")[0]) == ["rasid"]
    assert arguments("HEALTHCHECK")[0].endswith('CMD ["rasid", "health"]')


def test_dockerfile_passes_hadolint() -> None:
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which(
        "hadolint"
    )
    if not hadolint:
        pytest.skip("hadolint is not installed here")
    done = subprocess.run(
        [hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, check=False, timeout=20
    )
    assert done.stdout + done.stderr == ""


def test_compose_stops_slowly_and_grants_little(service: dict[str, Any]) -> None:
    assert service["stop_grace_period"] == "30s"
    assert service["restart"] == "unless-stopped"
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["cap_drop"] == ["ALL"]
    assert "ports" not in service


def test_compose_mounts_what_the_image_expects(service: dict[str, Any]) -> None:
    assert service["volumes"] == ["./rules.yaml:/config/rules.yaml:ro", "data:/data"]
    assert (ROOT / "rules.yaml").exists()


def test_daemon_unit_is_watched_and_has_time_to_drain() -> None:
    section = unit("rasid.service")["Service"]
    assert section["Type"] == "notify"
    assert section["WatchdogSec"] == "60"
    assert section["TimeoutStopSec"] == "30"
    assert section["Restart"] == "always"
    assert section["RestartPreventExitStatus"].split() == ["2", "75"]
    assert "HUP" in section["ExecReload"]


@pytest.mark.parametrize("name", ["rasid.service", "rasid-once.service"])
def test_services_are_hardened_alike(name: str) -> None:
    section = unit(name)["Service"]
    assert section["User"] == "rasid"
    assert section["ProtectSystem"] == "strict"
    assert section["StateDirectory"] == "rasid"
    for key in ("NoNewPrivileges", "PrivateDevices", "PrivateTmp", "ProtectHome"):
        assert section[key] == "true", key


def test_timer_starts_the_oneshot_and_a_running_round_is_no_failure() -> None:
    assert unit("rasid-once.service")["Service"]["Type"] == "oneshot"
    assert unit("rasid-once.service")["Service"]["SuccessExitStatus"] == "75"
    assert unit("rasid-once.timer")["Timer"]["OnUnitActiveSec"] == "5min"


def verified(folder: Path) -> str:
    """Return what `systemd-analyze verify` prints of the units in a folder; it exits 0 anyway."""
    tool = shutil.which("systemd-analyze")
    if not tool:
        pytest.skip("systemd-analyze is not installed here")
    units = [folder / name for name in UNITS]
    done = subprocess.run(
        [tool, "verify", "--man=no", *units],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.stdout + done.stderr


def copy_units(folder: Path, change: tuple[str, str] = ("", "")) -> None:
    """Copy the units; the program they start is replaced by one that exists here."""
    for name in UNITS:
        text = (ROOT / "deploy" / name).read_text(encoding="utf-8").replace(*change)
        (folder / name).write_text(re.sub(r"/opt/rasid/bin/rasid", "/bin/true", text))


def test_systemd_finds_nothing_to_say_about_the_units(tmp_path: Path) -> None:
    copy_units(tmp_path)
    assert verified(tmp_path) == ""


def test_systemd_would_name_a_misspelt_key(tmp_path: Path) -> None:
    copy_units(tmp_path, ("WatchdogSec=60", "WatchdogSex=60"))
    assert "WatchdogSex" in verified(tmp_path)
