"""Arguments come before the environment, which comes before what is usual."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest

from rasid.config.environment import Logging, Place, logging_of, place
from rasid.errors import ConfigError


def test_usual_places_without_a_local_file(tmp_path: Path) -> None:
    found = place({}, folder=tmp_path)
    assert found.config == platformdirs.user_config_path("rasid") / "rules.yaml"
    assert found.data_dir == platformdirs.user_data_path("rasid")


def test_local_file_comes_before_the_users(tmp_path: Path) -> None:
    local = tmp_path / "rules.yaml"
    local.touch()
    assert place({}, folder=tmp_path).config == local


def test_environment_overrides_and_arguments_override_it(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").touch()
    env = {"RASID_CONFIG": "/etc/rasid.yaml", "RASID_DATA_DIR": "~/data"}
    found = place(env, folder=tmp_path)
    assert found == Place(Path("/etc/rasid.yaml"), Path.home() / "data")
    asked = place(env, config="mine.yaml", data_dir=tmp_path, folder=tmp_path)
    assert asked == Place(Path("mine.yaml"), tmp_path)


def test_empty_variables_count_as_absent(tmp_path: Path) -> None:
    assert place({"RASID_CONFIG": "", "RASID_DATA_DIR": ""}, folder=tmp_path) == place(
        {}, folder=tmp_path
    )


def test_logging() -> None:
    env = {"RASID_LOG_LEVEL": "DEBUG", "RASID_LOG_FORMAT": "json"}
    assert logging_of({}) == Logging("info", "text")
    assert logging_of(env) == Logging("debug", "json")
    assert logging_of(env, level="error", format="text") == Logging("error", "text")


def test_every_wrong_variable_is_named() -> None:
    with pytest.raises(ConfigError) as caught:
        logging_of({"RASID_LOG_LEVEL": "loud", "RASID_LOG_FORMAT": "xml"})
    assert [problem.file for problem in caught.value.problems] == [
        "RASID_LOG_LEVEL",
        "RASID_LOG_FORMAT",
    ]
