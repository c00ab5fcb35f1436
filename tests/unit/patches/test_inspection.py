from __future__ import annotations

import threading
import warnings

import pytest

from nexoide.errors import InspectionError
from nexoide.patches.inspection import inspect, inspect_all

BASE = b"def total(order):\n    return order.total\n"
NEW = b"def total(order):\n    return order.total or 0\n"


def test_a_plain_patch_has_nothing_to_note():
    assert inspect("shop/price.py", BASE, NEW) == ()
    assert inspect("shop/new.py", None, NEW) == ()
    assert inspect("shop/__init__.py", None, b"") == ()


def test_notes_of_all_files_come_in_the_order_of_paths():
    files = {"tests/b.py": (BASE, NEW), "a.py": (BASE, NEW + "é = 1\n".encode())}
    first, second = inspect_all(files)
    assert first.startswith("a.py: line 3: the name '\\xe9' is not ASCII (U+00E9")
    assert second.startswith("tests/b.py: test surface")


def test_notes_are_bounded():
    names = "".join(f"é{number} = {number}\n" for number in range(500))
    assert len(inspect("a.py", BASE, names.encode())) == 20


def test_a_refusal_carries_its_status():
    with pytest.raises(InspectionError) as caught:
        inspect("a.py", BASE, b"\0")
    assert (caught.value.exit_code, caught.value.http_status) == (4, 422)


def test_many_threads_leave_the_warnings_filters_as_they_were():
    before = list(warnings.filters)
    threads = [threading.Thread(target=inspect, args=("a.py", BASE, NEW + b"x = '\\d'\n")) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(warnings.filters) == before


def test_a_source_in_any_script_is_text():
    assert inspect("a.py", BASE, BASE + "x = '日本語 🎉 ✔︎'\n".encode()) == ()
