from __future__ import annotations

import pytest

from tests.unit.repair.programs import Case
from tests.unit.repair.solving import silent, solved

RULE = "module-attribute"

CASES = [
    Case(
        "modmoved",
        {
            "utils.py": """
                def other():
                    return 1
            """,
            "text.py": """
                def slugify(s):
                    return s.lower()
            """,
            "main.py": """
                import utils
                print(utils.slugify('A'), utils.other())
            """,
        },
        "a 1\n",
    ),
    Case(
        "submodule",
        {
            "pkg/__init__.py": """

            """,
            "pkg/text.py": """
                def slugify(s):
                    return s.lower()
            """,
            "main.py": """
                import pkg
                print(pkg.text.slugify('A'))
            """,
        },
        "a\n",
    ),
    Case(
        "stdsub",
        {
            "main.py": """
                import xml
                print(xml.etree.ElementTree.fromstring('<a/>').tag)
            """,
        },
        "a\n",
    ),
    Case(
        "stdsub2",
        {
            "main.py": """
                import concurrent
                with concurrent.futures.ThreadPoolExecutor() as p:
                    print(p.submit(len, 'a').result())
            """,
        },
        "1\n",
    ),
    Case(
        "dt",
        {
            "main.py": """
                import datetime
                def f():
                    return datetime.fromisoformat('2024-01-02').year
                print(f())
            """,
        },
        "2024\n",
    ),
    Case(
        "dt2",
        {
            "main.py": """
                from datetime import datetime
                def f():
                    d = datetime.datetime(2024, 1, 2) + datetime.timedelta(days=1)
                    return d.day
                print(f())
            """,
        },
        "3\n",
    ),
    Case(
        "dt3",
        {
            "main.py": """
                from time import time
                def f():
                    time.sleep(0)
                    return time.time() > 0
                print(f())
            """,
        },
        "True\n",
    ),
    Case(
        "cfgobj",
        {
            "config.py": """
                class Settings:
                    def __init__(self):
                        self.timeout = 3
                settings = Settings()
            """,
            "main.py": """
                import config
                print(config.timeout)
            """,
        },
        "3\n",
    ),
    Case(
        "pkgmoved",
        {
            "app/__init__.py": """

            """,
            "app/utils.py": """
                X = 1
            """,
            "app/text.py": """
                def slug(s):
                    return s.lower()
            """,
            "app/core.py": """
                from app import utils
                def go(s):
                    return utils.slug(s)
            """,
            "main.py": """
                from app.core import go
                print(go('A'))
            """,
        },
        "a\n",
    ),
    Case(
        "dt4",
        {
            "main.py": """
                from datetime import datetime
                def f():
                    d = datetime(2024, 1, 2) + datetime.timedelta(days=1)
                    return d.day, datetime.now() is not None
                print(f())
            """,
        },
        "(3, True)\n",
    ),
    Case(
        "rnd",
        {
            "main.py": """
                from random import random
                print(random.choice([3]))
            """,
        },
        "3\n",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, old, tmp_path):
    solved(tmp_path, case, RULE, old=old)


REFUSED = {
    "a-typing-mistake": {
        "main.py": """
            import math

            print(math.flor(2.5))
        """
    },
    "nobody-has-it": {
        "main.py": """
            import math

            print(math.frobnicate(2))
        """
    },
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_its_case_is_left_alone(name, tmp_path):
    silent(tmp_path, REFUSED[name], RULE)


def test_a_name_that_two_files_define_is_open(tmp_path):
    files = {
        "utils.py": "x = 1\n",
        "one.py": "def slug(text):\n    return text\n",
        "two.py": "def slug(text):\n    return text.lower()\n",
        "main.py": "import utils\n\nprint(utils.slug('A'))\n",
    }
    assert "2 files of the project define slug" in silent(tmp_path, files, RULE).reason
