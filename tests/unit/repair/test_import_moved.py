from __future__ import annotations

import pytest

from tests.unit.repair.programs import Case, check, refuse

RULE = "import-moved"

CASES = [
    Case(
        "moved-name",
        {
            "text/__init__.py": "",
            "text/words.py": """
                def shout(t): return t.upper()
            """,
            "text/lines.py": """
                def first(t): return t.split("\\n")[0]
            """,
            "main.py": """
                from text.lines import first, shout
                print(shout(first("a\\nb")))
            """,
        },
        "A\n",
        "from text.words import shout",
    ),
    Case(
        "typo-name",
        {
            "calc.py": """
                def compute_total(xs, tax): return sum(xs) + tax
                def compute_mean(xs): return 0
            """,
            "report.py": """
                from calc import compute_totals
                def r(): return compute_totals([1], 1)
            """,
            "main.py": """
                from calc import compute_totals
                import report
                print(compute_totals([1, 2], 3), report.r())
            """,
        },
        "6 2\n",
    ),
    Case(
        "typo-module",
        {
            "utils.py": """
                def clean(s): return s.strip()
            """,
            "main.py": """
                from utlis import clean
                print(clean(" a "))
            """,
        },
        "a\n",
    ),
    Case(
        "typo-module2",
        {
            "utils.py": """
                def clean(s): return s.strip()
            """,
            "main.py": """
                import util
                print(util.clean(" a "))
            """,
        },
        "a\n",
    ),
    Case(
        "level",
        {
            "app/__init__.py": "",
            "app/helpers.py": """
                def clean(s): return s.strip()
            """,
            "main.py": """
                from helpers import clean
                print(clean(" a "))
            """,
        },
        "a\n",
        "from app.helpers import clean",
    ),
    Case(
        "level-import",
        {
            "app/__init__.py": "",
            "app/helpers.py": """
                def clean(s): return s.strip()
            """,
            "main.py": """
                import helpers
                print(helpers.clean(" a "))
            """,
        },
        "a\n",
    ),
    Case(
        "renamed-module",
        {
            "storage.py": """
                class FileStore:
                    def get(self): return 1
            """,
            "main.py": """
                from persistence import FileStore
                print(FileStore().get())
            """,
        },
        "1\n",
    ),
    Case(
        "init-export",
        {
            "services/__init__.py": "",
            "services/user.py": """
                class UserService:
                    def name(self): return "u"
            """,
            "main.py": """
                from services import UserService
                print(UserService().name())
            """,
        },
        "u\n",
    ),
    Case(
        "namespace",
        {
            "services/user.py": """
                class UserService:
                    def name(self): return "u"
            """,
            "main.py": """
                from services import UserService
                print(UserService().name())
            """,
        },
        "u\n",
    ),
    Case(
        "relative-main",
        {
            "helpers.py": """
                def f(): return 3
            """,
            "conf.py": """
                from .helpers import f
                V = f()
            """,
            "main.py": """
                from .helpers import f
                from . import conf
                print(f(), conf.V)
            """,
        },
        "3 3\n",
    ),
    Case(
        "beyond",
        {
            "config.py": """
                LIMIT = 3
            """,
            "services/__init__.py": "",
            "services/desk.py": """
                from ..config import LIMIT
                def lim(): return LIMIT
            """,
            "main.py": """
                from services.desk import lim
                print(lim())
            """,
        },
        "3\n",
        "from config import LIMIT",
    ),
    Case(
        "relative-wrong",
        {
            "shop/__init__.py": "",
            "shop/models.py": """
                class Order: n = 1
            """,
            "shop/desk/__init__.py": "",
            "shop/desk/one.py": """
                from .models import Order
                def f(): return Order.n
            """,
            "main.py": """
                from shop.desk.one import f
                print(f())
            """,
        },
        "1\n",
    ),
    Case(
        "stdlib-wrong2",
        {
            "main.py": """
                from itertools import partial
                print(partial(int, "3")())
            """,
        },
        "3\n",
    ),
    Case(
        "stdlib-typo",
        {
            "main.py": """
                import jsn
                print(jsn.dumps([1]))
            """,
        },
        "[1]\n",
    ),
    Case(
        "notpackage",
        {
            "config.py": """
                class Settings: x = 1
            """,
            "main.py": """
                from config.settings import Settings
                print(Settings.x)
            """,
        },
        "1\n",
    ),
    Case(
        "case",
        {
            "Models.py": """
                X = 1
            """,
            "main.py": """
                from models import X
                print(X)
            """,
        },
        "1\n",
    ),
    Case(
        "class-typo",
        {
            "models.py": """
                class CustomerOrder:
                    def __init__(self, a): self.a = a
            """,
            "main.py": """
                from models import CustomerOder as CO
                print(CO(1).a)
            """,
        },
        "1\n",
    ),
    Case(
        "subpkg-main",
        {
            "core/engine.py": """
                def run(): return 4
            """,
            "main.py": """
                from core.engin import run
                import core.engin
                print(run(), core.engin.run())
            """,
        },
        "4 4\n",
    ),
    Case(
        "func-level",
        {
            "tools/fmt.py": """
                def money(x): return f"{x:.2f}"
            """,
            "main.py": """
                def show(x):
                    from fmt import money
                    return money(x)
                print(show(2))
            """,
        },
        "2.00\n",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_repaired_program_runs_and_prints_what_it_should(case, tmp_path):
    check(tmp_path, case, RULE)


OLD = ["beyond", "level-import", "moved-name", "typo-module"]


@pytest.mark.parametrize("name", OLD)
def test_it_works_from_the_traceback_of_an_old_python(name, tmp_path):
    case = next(item for item in CASES if item.name == name)
    check(tmp_path, case, RULE, old=True)


REFUSED = [
    (
        "missing-dist",
        {
            "main.py": """
                import requests
                print(requests.get("x"))
            """,
        },
        "pip install requests",
    ),
    (
        "missing-dist2",
        {
            "main.py": """
                from fancy_client.api import Session
                print(Session())
            """,
        },
        "fancy_client is not installed",
    ),
    (
        "ambiguous",
        {
            "a.py": """
                def go(): return 1
            """,
            "b.py": """
                def go(): return 2
            """,
            "c.py": "",
            "main.py": """
                from c import go
                print(go())
            """,
        },
        "nothing says which is meant",
    ),
]


@pytest.mark.parametrize(("files", "word"), [item[1:] for item in REFUSED], ids=[item[0] for item in REFUSED])
def test_nothing_is_proposed_where_nothing_says_what_is_right(files, word, tmp_path):
    refuse(tmp_path, files, word)
