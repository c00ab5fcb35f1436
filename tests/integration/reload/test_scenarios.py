"""Every reload scenario through our engine, in real programs, on every interpreter that is installed.

The oldest and the newest interpreter run all of them, those between a third each, so that the suite stays short;
`NEXOIDE_SCENARIOS=all` runs everything everywhere.
"""

from __future__ import annotations

import os
import sys

import pytest

from tests.support.reload_runs import run_scenarios
from tests.support.reload_scenarios import Scenario, scenarios
from tests.unit.probe.peer import interpreters

ALL = scenarios()
FOUND = interpreters()
VERSIONS = sorted(FOUND, key=lambda version: int(version.split(".")[1]))
GROUPS = list(dict.fromkeys(scenario.group for scenario in ALL))
NEUTRAL = {"touch_no_reexec", "lazy_import_later", "file_deleted", "module_deletes_itself"}  # nothing may happen in them


def chosen(version: str, group: str) -> list[str]:
    """Return the scenarios of a group that an interpreter runs."""
    mine = [scenario for scenario in ALL if scenario.group == group]
    if version in (VERSIONS[0], VERSIONS[-1]) or os.environ.get("NEXOIDE_SCENARIOS") == "all":
        return [scenario.name for scenario in mine]
    part = int(version.split(".")[1]) % 3
    return [scenario.name for number, scenario in enumerate(mine) if number % 3 == part or _needs_this(scenario, version)]


def _needs_this(scenario: Scenario, version: str) -> bool:
    return "needs" in scenario.keys and FOUND[version] == sys.executable


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("version", VERSIONS)
def test_the_running_program_is_as_an_operator_expects(version: str, group: str) -> None:
    names = chosen(version, group)
    rows = run_scenarios(FOUND[version], "nexoide", names)
    wrong = [f"{row['name']}: {row['verdict']}: {row['reason']}" for row in rows if row["verdict"] not in ("pass", "refused-as-expected", "skipped")]

    assert [row["name"] for row in rows] == names
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("group", [group for group in GROUPS if group != "running"])
def test_an_engine_that_does_nothing_passes_no_scenario(group: str) -> None:
    rows = run_scenarios(sys.executable, "nothing", [group])

    assert {row["name"] for row in rows if row["verdict"] in ("pass", "refused-as-expected")} <= NEUTRAL
    assert [row["name"] for row in rows if row["reason"].startswith(("before", "driver", "the program", "no end"))] == []
