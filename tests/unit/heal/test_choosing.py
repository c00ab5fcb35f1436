"""Which failure comes first, and what a run with a patch shows beside the run without."""

from __future__ import annotations

from pathlib import Path

from nexoide.heal import choosing
from tests.unit.heal.made import failure, seen

ROOT = Path("/srv/shop")
APP = ("/srv/shop/app.py", 3, "main")


def test_what_ended_the_program_comes_first_and_the_last_of_it() -> None:
    first, last = failure("KeyError", "'a'", APP), failure("ValueError", "b", APP)
    warning, logged = failure("RuntimeWarning", "w", APP, source="warning"), failure("OSError", "o", APP, source="log")
    thread = failure("TypeError", "t", APP, source="thread")
    assert choosing.ordered(seen(warning, logged, first, thread, last)) == (last, first, thread, warning, logged)


def test_failing_tests_come_in_their_order() -> None:
    one, two = failure("KeyError", "'a'", APP, source="pytest"), failure("ValueError", "b", APP, source="pytest")
    assert choosing.ordered(seen(one, two)) == (one, two)


def test_the_place_is_the_deepest_frame_of_the_folder() -> None:
    packages = "/srv/shop/lib/site-packages/requests/api.py"
    found = choosing.place(failure("OSError", "x", ("/usr/lib/a.py", 1, "a"), APP, (packages, 5, "get"), ("/usr/lib/b.py", 9, "b")), ROOT)
    assert found is not None
    assert (found.file, found.line) == (APP[0], 3)
    foreign = choosing.place(failure("OSError", "x", ("/usr/lib/a.py", 1, "a")), ROOT)
    assert foreign is not None
    assert foreign.file == "/usr/lib/a.py"
    assert choosing.place(failure(), ROOT) is None


def test_a_run_repairs_where_it_ends_well_and_shows_nothing_new() -> None:
    broken, beside = failure("KeyError", "'a'", APP), failure("OSError", "o", ("/srv/shop/b.py", 1, "b"), source="log")
    before = seen(broken, beside)
    assert choosing.repaired(broken, before, seen(code=0), ROOT)
    assert choosing.repaired(broken, before, seen(beside, code=0), ROOT)
    assert not choosing.repaired(broken, before, seen(broken, code=0), ROOT)
    assert not choosing.repaired(broken, before, seen(code=1), ROOT)
    assert not choosing.repaired(broken, before, seen(code=None, problem="It was stopped."), ROOT)
    fresh = failure("TypeError", "t", ("/srv/shop/b.py", 4, "b"), source="log")
    assert not choosing.repaired(broken, before, seen(fresh, code=0), ROOT)


def test_what_lies_beyond_is_what_is_new_else_what_is_left() -> None:
    first, second = failure("KeyError", "'a'", APP), failure("ValueError", "b", ("/srv/shop/b.py", 4, "b"))
    other = failure("KeyError", "'z'", ("/srv/shop/z.py", 4, "z"), source="pytest")
    assert choosing.beyond(first, seen(first), seen(second), ROOT) == second
    assert choosing.beyond(first, seen(first), seen(first, second), ROOT) is None
    assert choosing.beyond(first, seen(first, other), seen(other), ROOT) == other
    assert choosing.beyond(first, seen(first, other), seen(other, code=0), ROOT) is None
    assert choosing.beyond(first, seen(first), seen(), ROOT) is None


def test_frames_can_be_made_to_end_in_a_named_file() -> None:
    found = choosing.pointed(failure("KeyError", "'a'", APP, ("/srv/shop/b.py", 1, "b"), ("/usr/lib/c.py", 1, "c")), ROOT, "app.py")
    assert [frame.file for frame in found.exceptions[0].frames] == [APP[0]]
    whole = failure("KeyError", "'a'", APP)
    assert choosing.pointed(whole, ROOT, "other.py") == whole


def test_a_failure_is_moved_to_a_copy_without_what_is_not_the_folders() -> None:
    found = choosing.moved(failure("KeyError", "'a'", APP, ("/usr/lib/c.py", 1, "c")), ROOT, Path("/tmp/copy"))
    assert [frame.file for frame in found.exceptions[0].frames] == ["/tmp/copy/app.py", "/usr/lib/c.py"]
