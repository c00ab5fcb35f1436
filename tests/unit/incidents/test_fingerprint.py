from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nexoide.incidents.fingerprint import fingerprint, relative_path, workspace_frame
from nexoide.model.failure import Failure

from .failures import ROOT, failure, frame, raised

LIB = frame("request", file="/usr/lib/python3.11/http/client.py", module="http.client")
VENV = frame("get", file=".venv/lib/python3.11/site-packages/requests/api.py", module="requests.api")
BASE = failure(raised(frame("handle"), frame("total", "return price.amount")))


def same(first: Failure, second: Failure) -> bool:
    return fingerprint(first, ROOT) == fingerprint(second, ROOT)


def test_it_is_sixteen_hex_digits_and_the_same_every_time() -> None:
    assert fingerprint(BASE, ROOT) == fingerprint(BASE, ROOT)
    assert len(fingerprint(BASE, ROOT)) == 16
    assert int(fingerprint(BASE, ROOT), 16)


def test_known_values_do_not_change_between_versions() -> None:
    """A journal's incidents must be recognised by the next release."""
    assert fingerprint(BASE, ROOT) == "52a6cde689450beb"


LIKE = {
    "moved lines": failure(raised(frame("handle", line=900), frame("total", "return price.amount", line=901))),
    "another message": failure(raised(frame("handle"), frame("total", "return price.amount"), message="order 17")),
    "white space": failure(raised(frame("handle"), frame("total", "   return  price.amount "))),
    "library frames between": failure(raised(LIB, frame("handle"), VENV, frame("total", "return price.amount"), LIB)),
    "another time, process and target": replace(BASE, at=5.0, pid=1, target="other", thread="T-9"),
    "a frozen frame": failure(raised(frame("_run", file="<frozen runpy>"), frame("handle"), frame("total", "return price.amount"))),
}


@pytest.mark.parametrize("other", LIKE.values(), ids=LIKE.keys())
def test_like_failures_are_one(other: Failure) -> None:
    assert same(BASE, other)


UNLIKE = {
    "type": failure(raised(frame("handle"), frame("total", "return price.amount"), kind="TypeError")),
    "module of the type": failure(raised(frame("handle"), frame("total", "return price.amount"), module="shop.errors")),
    "function": failure(raised(frame("handle"), frame("subtotal", "return price.amount"))),
    "source line": failure(raised(frame("handle"), frame("total", "return price.sum"))),
    "module": failure(raised(frame("handle"), frame("total", "return price.amount", module="shop.basket"))),
    "caller": failure(raised(frame("retry"), frame("total", "return price.amount"))),
    "a cause": failure(BASE.exceptions[0], raised(frame("load"), kind="KeyError", relation="cause")),
    "a context": failure(BASE.exceptions[0], raised(frame("load"), kind="KeyError", relation="context")),
}


@pytest.mark.parametrize("other", UNLIKE.values(), ids=UNLIKE.keys())
def test_unlike_failures_are_two(other: Failure) -> None:
    assert not same(BASE, other)
    assert sum(same(other, third) for third in UNLIKE.values()) == 1


@pytest.mark.parametrize("depth", [2, 3, 50, 997])
def test_recursion_of_any_depth_is_one(depth: int) -> None:
    def story(times: int) -> Failure:
        return failure(raised(frame("main"), *[frame("walk", "walk(node.left)")] * times, kind="RecursionError"))

    assert same(story(1), story(depth))


@pytest.mark.parametrize("depth", [2, 3, 4, 5, 6, 400])
def test_mutual_recursion_of_any_depth_is_one(depth: int) -> None:
    cycle = [frame("even", "return odd(n - 1)"), frame("odd", "return even(n - 1)")]

    def story(length: int) -> Failure:
        return failure(raised(frame("main"), *(cycle * length)[:length], frame("check", "raise ValueError")))

    assert same(story(2), story(depth))


def test_order_of_frames_counts() -> None:
    assert not same(failure(raised(frame("a"), frame("b"))), failure(raised(frame("b"), frame("a"))))


def test_members_of_a_group_count_once_and_in_no_order() -> None:
    group = raised(frame("gather"), kind="ExceptionGroup")
    key, value = raised(frame("load"), kind="KeyError", relation="member"), raised(frame("parse"), relation="member")
    assert same(failure(group, key, value), failure(group, value, key, key))
    assert not same(failure(group, key, value), failure(group, key))


def test_without_frames_of_the_workspace_the_message_decides_without_its_values() -> None:
    def story(message: str, *frames: object) -> Failure:
        return failure(raised(LIB, kind="TimeoutError", message=message))

    assert same(story("order 17 timed out after 3.5 s"), story("order 99999999 timed out after 10 s"))
    assert not same(story("order 17 timed out"), story("order 17 was refused"))


def test_a_logged_line_without_exception_is_grouped_by_logger_and_message() -> None:
    first = failure(logger="shop", log_message="lost order 17")
    assert same(first, failure(logger="shop", log_message="lost order 18"))
    assert not same(first, failure(logger="bank", log_message="lost order 17"))


def test_a_message_counts_for_nothing_once_one_frame_of_the_chain_is_ours() -> None:
    def story(message: str) -> Failure:
        return failure(raised(LIB, kind="TimeoutError", message=message), raised(frame("load"), relation="cause"))

    assert same(story("one thing"), story("quite another"))


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (str(ROOT / "shop/cart.py"), "shop/cart.py"),
        (str(ROOT / "app.py"), "app.py"),
        (str(ROOT / "shop/../app.py"), "app.py"),
        ("shop/cart.py", "shop/cart.py"),
        (str(ROOT / ".venv/lib/x.py"), None),
        (str(ROOT / "lib/site-packages/x/y.py"), None),
        (str(ROOT / ".nexoide/x.py"), None),
        (str(ROOT / "../elsewhere/x.py"), None),
        (str(ROOT) + "-evil/x.py", None),
        (str(ROOT), None),
        ("/usr/lib/python3.11/json/decoder.py", None),
        ("<string>", None),
        ("<frozen importlib._bootstrap>", None),
        ("", None),
        ("/work/\0", None),
        ("../../etc/passwd", None),
        (str(ROOT / "venv.py"), "venv.py"),
    ],
)
def test_only_the_workspaces_own_code_has_a_relative_path(file: str, expected: str | None) -> None:
    assert relative_path(file, ROOT) == expected


def test_a_workspace_reached_through_a_link_is_recognised(tmp_path: Path) -> None:
    root = tmp_path.resolve() / "real"
    root.mkdir()
    (root / "app.py").touch()
    (tmp_path / "link").symlink_to(root)
    assert relative_path(str(tmp_path / "link" / "app.py"), root) == "app.py"


def test_the_deepest_frame_of_our_own_is_found() -> None:
    assert workspace_frame(failure(raised(frame("a"), frame("b"), VENV, LIB)), ROOT) == frame("b")
    assert workspace_frame(failure(raised(LIB)), ROOT) is None
    assert workspace_frame(failure(), ROOT) is None


def test_a_cause_with_a_frame_of_ours_is_taken_where_the_first_exception_has_none() -> None:
    assert workspace_frame(failure(raised(LIB), raised(frame("load"), relation="cause")), ROOT) == frame("load")
