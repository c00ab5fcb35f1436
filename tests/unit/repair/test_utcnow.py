from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.repair.programs import Case, check

RULE = "utcnow"

CASES = [
    Case(
        "compare",
        {
            "clock.py": """
                from datetime import datetime, timedelta

                def now():
                    return datetime.utcnow()

                def expires(hours):
                    return now() + timedelta(hours=hours)
            """,
            "tokens.py": """
                from datetime import datetime, timezone
                from clock import now

                class Token:
                    def __init__(self, until):
                        self.until = datetime.fromisoformat(until)
                    def valid(self):
                        return self.until > now()
            """,
            "main.py": """
                from tokens import Token
                print(Token("2999-01-01T00:00:00+00:00").valid())
            """,
        },
        "True\n",
    ),
    Case(
        "subtract",
        {
            "main.py": """
                import datetime
                start = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
                age = datetime.datetime.utcnow() - start
                print(age.days > 0)
            """,
        },
        "True\n",
    ),
    Case(
        "fromts",
        {
            "main.py": """
                from datetime import datetime, timezone
                a = datetime.utcfromtimestamp(10)
                b = datetime.fromtimestamp(5, tz=timezone.utc)
                print(a > b)
            """,
        },
        "True\n",
        "datetime.fromtimestamp(10, tz=timezone.utc)",
    ),
    Case(
        "field",
        {
            "main.py": """
                from dataclasses import dataclass, field
                from datetime import datetime, timezone
                @dataclass
                class Ev:
                    at: datetime = field(default_factory=datetime.utcnow)
                e = Ev()
                print(e.at <= datetime.now(timezone.utc))
            """,
        },
        "True\n",
        "default_factory=lambda: datetime.now(timezone.utc)",
    ),
    Case(
        "replace",
        {
            "main.py": """
                from datetime import datetime, timezone
                deadline = datetime(2999, 1, 1, tzinfo=timezone.utc)
                def left():
                    return (deadline - datetime.utcnow()).days
                print(left() > 1)
            """,
        },
        "True\n",
    ),
    Case(
        "many",
        {
            "a.py": """
                from datetime import datetime
                def created(): return datetime.utcnow()
            """,
            "b.py": """
                import datetime
                class Window:
                    def __init__(self):
                        self.opened = datetime.datetime.utcnow()
                    def age(self, now):
                        return now - self.opened
            """,
            "main.py": """
                from datetime import datetime, timezone
                import a, b
                w = b.Window()
                print(w.age(datetime.now(timezone.utc)).days, a.created() >= w.opened)
            """,
        },
        "0 True\n",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_repaired_program_runs_and_prints_what_it_should(case, tmp_path):
    check(tmp_path, case, RULE)


OLD = ["compare", "many"]


@pytest.mark.parametrize("name", OLD)
def test_it_works_from_the_traceback_of_an_old_python(name, tmp_path):
    case = next(item for item in CASES if item.name == name)
    check(tmp_path, case, RULE, old=True)


def test_a_moment_that_is_taken_as_local_is_found_behind_the_programs_own_check(tmp_path: Path) -> None:
    files = {
        "clock.py": "from datetime import datetime\n\n\ndef stamp(moment):\n    return moment.timestamp()\n\n\n"
        "def start():\n    return datetime.utcfromtimestamp(1_700_000_000)\n",
        "main.py": "import os\nimport time\n\nos.environ['TZ'] = 'America/New_York'\ntime.tzset()\n"
        "from clock import stamp, start\n\nassert stamp(start()) == 1_700_000_000, stamp(start())\nprint('ok')\n",
    }
    check(tmp_path, Case("", files, "ok\n", "fromtimestamp(1_700_000_000, tz=timezone.utc)"), "utcnow")
