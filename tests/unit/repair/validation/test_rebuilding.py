from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.repair.validation.rebuilding import Call, rebuilt
from tests.unit.repair.validation.builders import failure, frame, lay, thing, value

CART = """from dataclasses import dataclass
from decimal import Decimal


@dataclass
class Line:
    price: Decimal
    qty: int = 1


class Cart:
    def __init__(self, tax=0):
        self.tax = tax

    def total(self, lines, *, rounded=False):
        return lines[0].price

    @staticmethod
    def parse(text):
        return int(text)

    @property
    def size(self):
        return self.tax["x"]


def total(items, start=0, *more, cap=None, **flags):
    return items[0]


def clean(items):
    items = list(items)
    return items[0]


async def fetch(name):
    return name["x"]


def outer():
    def inner(a):
        return a[0]

    return inner([])
"""


def _calls(tmp_path: Path, line: int, function: str, **seen: object) -> tuple[tuple[Call, ...], str]:
    root = lay(tmp_path, {"shop/__init__.py": "", "shop/cart.py": CART})
    return rebuilt(failure(frame(root, "shop/cart.py", line, function, module="shop.cart", **seen)), root)  # type: ignore[arg-type]


def _expression(tmp_path: Path, line: int, function: str, **seen: object) -> str:
    calls, why = _calls(tmp_path, line, function, **seen)
    assert calls, why
    return calls[0].expression


def test_a_function_is_called_with_what_it_was_given(tmp_path: Path) -> None:
    calls, _ = _calls(tmp_path, 28, "total", items="[{'a': 1}]", start="0", more="()", cap="None", flags="{}")
    assert calls[0].expression == "total([{'a': 1}])"
    assert calls[0].imports == (("shop.cart", "total"),)
    assert calls[0].folder == ""


def test_defaults_are_left_out_and_the_rest_goes_by_name(tmp_path: Path) -> None:
    assert _expression(tmp_path, 28, "total", items="[]", start="2", more="(5, 6)", cap="9", flags="{'x': 1}") == "total([], 2, *(5, 6), cap=9, **{'x': 1})"


def test_a_method_of_a_class_that_needs_nothing(tmp_path: Path) -> None:
    lines = thing("list", "[Line(price=Decimal('3.50'), qty=2)]", "shop.cart")
    calls, _ = _calls(tmp_path, 15, "Cart.total", self=thing("Cart", module="shop.cart"), lines=lines, rounded="False")
    assert calls[0].expression == "Cart().total([Line(price=Decimal('3.50'), qty=2)])"
    assert set(calls[0].imports) == {("decimal", "Decimal"), ("shop.cart", "Cart"), ("shop.cart", "Line")}


def test_a_static_method_and_a_property(tmp_path: Path) -> None:
    assert _expression(tmp_path, 19, "Cart.parse", text="'x'") == "Cart.parse('x')"
    calls, _ = _calls(tmp_path, 23, "Cart.size", self=thing("Cart", module="shop.cart"))
    assert calls[0].expression == "Cart().size"


def test_a_coroutine_function_is_known_as_one(tmp_path: Path) -> None:
    calls, _ = _calls(tmp_path, 36, "fetch", name="'a'")
    assert calls[0].is_async


@pytest.mark.parametrize(
    ("line", "function", "seen", "words"),
    [
        (28, "total", {"items": thing("socket")}, "a socket, of which too little was captured"),
        (28, "total", {}, "not captured"),
        (33, "clean", {"items": value("[]")}, "another value"),
        (41, "outer.<locals>.inner", {"a": value("[]")}, "inside another function"),
        (99, "gone", {}, "could not be found"),
        (3, "<module>", {}, "outside of any function"),
    ],
)
def test_what_cannot_be_rebuilt_says_why(tmp_path: Path, line: int, function: str, seen: dict[str, object], words: str) -> None:
    calls, why = _calls(tmp_path, line, function, **seen)
    assert calls == ()
    assert words in why


def test_a_redacted_value_is_never_written_down(tmp_path: Path) -> None:
    calls, _ = _calls(tmp_path, 19, "Cart.parse", text="'«redacted:token:…1234»'")
    assert calls == ()


def test_a_hostile_repr_is_no_expression(tmp_path: Path) -> None:
    for text in ("__import__('os').system('x')", "Line(price=open('/etc/passwd'))", "[x for x in ()]", "Unknown(1)", "Line.__class__(1)"):
        calls, _ = _calls(tmp_path, 19, "Cart.parse", text=thing("Line", text, "shop.cart"))
        assert calls == (), text


def test_frames_further_out_are_rebuilt_as_well_the_innermost_first(tmp_path: Path) -> None:
    root = lay(tmp_path, {"lib.py": "def inner(a):\n    return a[0]\n\n\ndef outer(b):\n    return inner(b)\n"})
    seen = failure(frame(root, "lib.py", 6, "outer", b="[]"), frame(root, "lib.py", 2, "inner", a="[]"))
    assert [call.expression for call in rebuilt(seen, root)[0]] == ["inner([])", "outer([])"]


def test_a_module_below_a_source_folder_is_imported_from_there(tmp_path: Path) -> None:
    root = lay(tmp_path, {"src/shop/__init__.py": "", "src/shop/cart.py": "def f(a):\n    return a[0]\n"})
    calls, _ = rebuilt(failure(frame(root, "src/shop/cart.py", 2, "f", a="[]")), root)
    assert (calls[0].imports, calls[0].folder) == ((("shop.cart", "f"),), "src")


def test_a_script_without_a_guard_is_not_imported(tmp_path: Path) -> None:
    root = lay(tmp_path, {"main.py": "def f(a):\n    return a[0]\n\n\nprint(f([]))\n"})
    calls, why = rebuilt(failure(frame(root, "main.py", 2, "f", module="__main__", a="[]")), root)
    assert calls == ()
    assert "would run the program" in why
