from __future__ import annotations

from pathlib import Path

from nexoide.repair.validation.placing import Habit, free_name, habit
from tests.unit.repair.validation.builders import lay

CASE = "import unittest\n\n\nclass AThing(unittest.TestCase):\n    def test_it(self): pass\n"
PLAIN = "def test_a(): pass\n"


def _habit(root: Path, *tests: str, changed: str = "app.py", has_pytest: bool = True) -> Habit:
    return habit(root, tests, changed, has_pytest=has_pytest)


def test_a_project_without_tests_gets_a_folder_in_the_style_it_can_run(tmp_path: Path) -> None:
    assert _habit(tmp_path) == Habit("tests", "pytest", finds_code=False)
    assert _habit(tmp_path, has_pytest=False) == Habit("tests", "unittest", finds_code=False)


def test_tests_go_where_most_of_them_are(tmp_path: Path) -> None:
    root = lay(tmp_path, {"tests/unit/test_a.py": PLAIN, "tests/unit/test_b.py": PLAIN, "tests/test_c.py": PLAIN})
    assert _habit(root, "tests/unit/test_a.py", "tests/unit/test_b.py", "tests/test_c.py").folder == "tests/unit"


def test_tests_beside_the_code_stay_beside_it(tmp_path: Path) -> None:
    root = lay(tmp_path, {"shop/test_cart.py": PLAIN, "mail/test_send.py": PLAIN, "mail/test_more.py": PLAIN})
    assert _habit(root, "shop/test_cart.py", "mail/test_send.py", "mail/test_more.py", changed="shop/cart.py").folder == "shop"
    assert _habit(lay(tmp_path, {"test_a.py": PLAIN}), "test_a.py").folder == ""


def test_the_style_is_the_projects_own(tmp_path: Path) -> None:
    root = lay(tmp_path, {"tests/test_a.py": CASE, "tests/test_b.py": PLAIN, "tests/test_c.py": CASE})
    assert _habit(root, "tests/test_a.py", "tests/test_c.py", "tests/test_b.py").style == "unittest"
    assert _habit(root, "tests/test_b.py", has_pytest=False).style == "pytest"


def test_tests_that_change_the_path_show_that_one_has_to(tmp_path: Path) -> None:
    root = lay(tmp_path, {"tests/test_a.py": "import sys\nsys.path.insert(0, '.')\n" + PLAIN})
    assert not _habit(root, "tests/test_a.py").finds_code


def test_a_name_is_never_taken_twice(tmp_path: Path) -> None:
    root = lay(tmp_path, {"tests/test_regression_total_keyerror.py": PLAIN})
    assert free_name(root, "tests", "total KeyError") == "tests/test_regression_total_keyerror_2.py"
    assert free_name(root, "", "__init__ Ünder/../x") == "test_regression_init_nder_x.py"
    (root / "tests/test_regression_a.py").symlink_to("/nowhere")
    assert free_name(root, "tests", "a") == "tests/test_regression_a_2.py"
