from __future__ import annotations

from pathlib import Path

from nexoide.repair.validation.selection import selected
from tests.unit.repair.validation.builders import lay

FILES = {
    "shop/__init__.py": "",
    "shop/cart.py": "from .money import (\n    add,\n    sub,\n)\n",
    "shop/money.py": "def add(a, b): return a + b\n",
    "shop/mail.py": "import smtplib\n",
    "tests/test_money.py": "from shop import money\n",
    "tests/test_cart.py": "import shop.cart as c, json\n",
    "tests/test_mail.py": "from shop.mail import send\n",
}
TESTS = ("tests/test_money.py", "tests/test_cart.py", "tests/test_mail.py")


def test_those_that_import_what_changed_the_closest_first(tmp_path: Path) -> None:
    assert selected(lay(tmp_path, FILES), TESTS, ["shop/money.py"]) == ("tests/test_money.py", "tests/test_cart.py")


def test_a_change_that_no_test_imports_selects_none(tmp_path: Path) -> None:
    root = lay(tmp_path, {**FILES, "tools/run.py": ""})
    assert selected(root, TESTS, ["tools/run.py"]) == ()


def test_a_conftest_that_imports_it_selects_the_tests_below(tmp_path: Path) -> None:
    root = lay(tmp_path, {**FILES, "tests/conftest.py": "from shop.mail import send\n"})
    assert set(selected(root, TESTS, ["shop/mail.py"])) == set(TESTS)


def test_a_source_folder_is_no_part_of_the_name(tmp_path: Path) -> None:
    root = lay(tmp_path, {"src/lib.py": "", "tests/test_lib.py": "import lib\n"})
    assert selected(root, ("tests/test_lib.py",), ["src/lib.py"]) == ("tests/test_lib.py",)


def test_a_package_is_reached_through_its_init(tmp_path: Path) -> None:
    root = lay(tmp_path, {"shop/__init__.py": "from shop.cart import total\n", "shop/cart.py": "", "test_it.py": "import shop\n"})
    assert selected(root, ("test_it.py",), ["shop/cart.py"]) == ("test_it.py",)


def test_circular_imports_end(tmp_path: Path) -> None:
    root = lay(tmp_path, {"a.py": "import b\n", "b.py": "import a\n", "test_a.py": "import a\n"})
    assert selected(root, ("test_a.py",), ["b.py"]) == ("test_a.py",)
