from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexoide.incidents.fingerprint import fingerprint
from nexoide.model.failure import Failure, Frame, Raised

from .failures import ROOT, failure, frame, raised

LIB = frame("request", file="/usr/lib/python3.11/http/client.py", module="http.client")
VENV = frame("get", file=".venv/lib/python3.11/site-packages/requests/api.py", module="requests.api")
BASE = failure(raised(frame("handle"), frame("total", "return price.amount")))
RAISER = frame("fail", "raise ShopError(text)")


def same(first: Failure, second: Failure) -> bool:
    return fingerprint(first, ROOT) == fingerprint(second, ROOT)


def test_it_is_sixteen_hex_digits_and_the_same_every_time() -> None:
    assert fingerprint(BASE, ROOT) == fingerprint(BASE, ROOT)
    assert len(fingerprint(BASE, ROOT)) == 16
    assert int(fingerprint(BASE, ROOT), 16)


def test_known_values_do_not_change_between_versions() -> None:
    """A journal's incidents must be recognised by the next release."""
    assert fingerprint(BASE, ROOT) == "444b7392aeb512da"


LIKE = {
    "moved lines": failure(raised(frame("handle", line=900), frame("total", "return price.amount", line=901))),
    "another message": failure(raised(frame("handle"), frame("total", "return price.amount"), message="order 17")),
    "white space": failure(raised(frame("handle"), frame("total", "   return  price.amount "))),
    "further lines of the statement": failure(raised(frame("handle"), frame("total", "return price.amount\n    + 1"))),
    "another caller": failure(raised(frame("retry"), frame("worker"), frame("total", "return price.amount"))),
    "no caller": failure(raised(frame("total", "return price.amount"))),
    "library frames between": failure(raised(LIB, frame("handle"), VENV, frame("total", "return price.amount"))),
    "another time, process, host and target": replace(BASE, at=5.0, pid=1, target="other", thread="T-9", host="b", origin="x.log", source="sentry"),
    "a qualified name": failure(raised(frame("Cart.total", "return price.amount"))),
    "a name within a function": failure(raised(frame("make.<locals>.total", "return price.amount"))),
    "no module": failure(raised(frame("total", "return price.amount", module=""))),
    "the module of the type": failure(raised(frame("total", "return price.amount"), module="shop.errors")),
    "the module in the type": failure(raised(frame("total", "return price.amount"), kind="shop.errors.ValueError", module="")),
    "a frozen frame": failure(raised(frame("_run", file="<frozen runpy>"), frame("handle"), frame("total", "return price.amount"))),
    "a path of another host": failure(raised(frame("total", "return price.amount", file=str(ROOT / "../else/../shop-under-test/shop/cart.py")))),
    "a cause without a frame of ours": failure(BASE.exceptions[0], raised(LIB, kind="KeyError", relation="cause")),
    "a comprehension before 3.12": failure(raised(frame("total", "return [x"), frame("total.<locals>.<listcomp>", "return price.amount"))),
}


@pytest.mark.parametrize("other", LIKE.values(), ids=LIKE.keys())
def test_like_failures_are_one(other: Failure) -> None:
    assert same(BASE, other)


UNLIKE = {
    "type": failure(raised(frame("handle"), frame("total", "return price.amount"), kind="TypeError")),
    "function": failure(raised(frame("handle"), frame("subtotal", "return price.amount"))),
    "source line": failure(raised(frame("handle"), frame("total", "return price.sum"))),
    "file": failure(raised(frame("handle"), frame("total", "return price.amount", file="shop/basket.py"))),
    "a cause of ours": failure(BASE.exceptions[0], raised(frame("load"), kind="KeyError", relation="cause")),
    "a library's line behind it": failure(raised(frame("total", "return price.amounts"), LIB)),
}


@pytest.mark.parametrize("other", UNLIKE.values(), ids=UNLIKE.keys())
def test_unlike_failures_are_two(other: Failure) -> None:
    assert not same(BASE, other)
    assert sum(same(other, third) for third in UNLIKE.values()) == 1


@pytest.mark.parametrize(
    ("kind", "module", "alias", "alias_module"),
    [
        ("TimeoutError", "builtins", "timeout", "socket"),
        ("TimeoutError", "builtins", "TimeoutError", "asyncio.exceptions"),
        ("TimeoutError", "builtins", "concurrent.futures._base.TimeoutError", ""),
        ("OSError", "builtins", "IOError", "builtins"),
        ("PatternError", "re", "error", "re"),
        ("OSError", "builtins", "socket.error", ""),
    ],
)
@pytest.mark.parametrize("frames", [(frame("f"),), (LIB,)])
def test_the_names_of_one_class_are_one(kind: str, module: str, alias: str, alias_module: str, frames: tuple[Frame, ...]) -> None:
    assert same(failure(raised(*frames, kind=kind, module=module)), failure(raised(*frames, kind=alias, module=alias_module)))


def test_an_error_of_another_module_is_another() -> None:
    assert not same(failure(raised(frame("f"), kind="error", module="zlib")), failure(raised(frame("f"), kind="error", module="re")))


def test_no_context_manager_is_one_bug_before_and_since_python_3_11() -> None:
    before = failure(raised(frame("f", "with job:"), kind="AttributeError", message="__enter__"))
    since = failure(raised(frame("f", "with job:"), kind="TypeError", message="'int' object does not support the context manager protocol"))
    assert same(before, since)
    assert not same(before, failure(raised(frame("f", "with job:"), kind="AttributeError", message="'int' object has no attribute 'job'")))


@pytest.mark.parametrize("depth", [2, 3, 50, 997])
def test_recursion_of_any_depth_is_one(depth: int) -> None:
    def story(times: int) -> Failure:
        return failure(raised(frame("main"), *[frame("walk", "walk(node.left)")] * times, kind="RecursionError"))

    assert same(story(1), story(depth))


@pytest.mark.parametrize("depth", [3, 4, 5, 6, 400])
def test_mutual_recursion_is_one_wherever_it_ended_and_whatever_led_there(depth: int) -> None:
    cycle = [frame("even", "return odd(n - 1)"), frame("odd", "return even(n - 1)")]

    def story(length: int, *more: Frame) -> Failure:
        return failure(raised(frame("main"), frame("main"), *(cycle * length)[:length], *more, kind="RecursionError"))

    assert same(story(4), story(depth))
    assert same(story(4), story(depth, frame("check", "return isinstance(n, int)")))
    assert not same(story(4), failure(raised(*[frame("even", "return even(n)")] * 9, kind="RecursionError")))


def test_what_fails_within_a_recursion_is_one_at_any_depth() -> None:
    def story(depth: int) -> Failure:
        return failure(raised(*[frame("walk", "walk(node.left)")] * depth, frame("walk", "return node.value.upper()"), kind="AttributeError"))

    assert same(story(1), story(30))


def test_members_of_a_group_count_once_and_in_no_order() -> None:
    group = raised(frame("gather"), kind="ExceptionGroup")
    key, value = raised(frame("load"), kind="KeyError", relation="member"), raised(frame("parse"), relation="member")
    assert same(failure(group, key, value), failure(group, value, key, key))
    assert not same(failure(group, key, value), failure(group, key))


def test_a_group_of_one_bug_is_that_bug_however_it_was_bundled() -> None:
    group, inner = raised(frame("gather"), kind="ExceptionGroup"), raised(frame("other"), kind="ExceptionGroup", relation="member")
    member = raised(frame("load"), kind="KeyError", relation="member")
    alone = failure(raised(frame("load"), kind="KeyError"))
    assert same(alone, failure(group, member))
    assert same(alone, failure(group, inner, member, member))


def test_attempts_that_failed_alike_are_one_component() -> None:
    again = raised(frame("send"), kind="ConnectionResetError", relation="context")
    first = raised(frame("send"), kind="ConnectionResetError")
    assert same(failure(first), failure(first, again, again))


def test_where_a_task_was_when_it_was_cancelled_counts_for_nothing() -> None:
    waited = raised(frame("bounded", "await asyncio.wait_for(slow(), 1)"), LIB, kind="TimeoutError")
    assert same(failure(waited), failure(waited, raised(frame("slow", "await asyncio.sleep(60)"), kind="CancelledError", relation="cause")))


def test_one_line_that_raises_what_it_was_given_is_told_apart_by_the_caller_who_said_it() -> None:
    def story(text: str, line: str, *before: Frame) -> Failure:
        return failure(raised(*before, frame("order", line), RAISER, kind="ShopError", message=text))

    empty = story("the cart of ada is empty", 'fail(f"the cart of {name} is empty")')
    assert same(empty, story("the cart of bob is empty", 'fail(f"the cart of {name} is empty")', frame("route"), frame("worker")))
    assert not same(empty, story("the cart of ada holds too much", 'fail(f"the cart of {name} holds too much")'))


def test_the_caller_is_looked_for_through_those_that_hand_it_on() -> None:
    def story(line: str, text: str) -> Failure:
        return failure(raised(frame("order", line), frame("require", "fail(text)"), RAISER, kind="ShopError", message=text))

    assert not same(story('require(items, "nothing to order")', "nothing to order"), story('require(paid, "nobody has paid")', "nobody has paid"))


def test_where_no_caller_says_it_the_masked_message_does() -> None:
    def story(text: str, *before: Frame) -> Failure:
        return failure(raised(*before, frame("order", "fail(reason)"), RAISER, kind="ShopError", message=text))

    assert same(story("order 17 cannot be paid"), story("order 18 cannot be paid", frame("route")))
    assert not same(story("order 17 cannot be paid"), story("order 17 cannot be sent"))


@pytest.mark.parametrize(
    "line", ["raise NotFound(key)", 'raise ValueError(f"no order {key}")', "raise OutOfStock(sku)", "raise ValueError(", "assert total > 0"]
)
@pytest.mark.parametrize("texts", [("17", "'x'"), ("no order 17", "no order of ada lovelace")])
def test_a_value_or_a_text_of_its_own_needs_no_caller(line: str, texts: tuple[str, str]) -> None:
    if line.startswith(("raise N", "raise O")):
        texts = ("17", "'x'")

    def story(text: str, caller: str) -> Failure:
        return failure(raised(frame(caller), frame("find", line), message=text))

    assert same(story(texts[0], "route"), story(texts[1], "worker"))


def test_two_failures_of_one_line_are_told_apart_by_what_it_names() -> None:
    def story(kind: str, line: str, message: str) -> Failure:
        return failure(raised(frame("f", line), kind=kind, message=message))

    line = "return order.customer.city"
    first, second = story("AttributeError", line, "'A' object has no attribute 'customer'"), story("AttributeError", line, "'B' object has no attribute 'city'")
    assert not same(first, second)
    assert same(second, story("AttributeError", line, "'NoneType' object has no attribute 'city'"))
    assert not same(story("KeyError", "c['host'], c['port']", "'host'"), story("KeyError", "c['host'], c['port']", "'port'"))
    assert same(story("KeyError", "c[name]", "'host'"), story("KeyError", "c[name]", "'port'"))


def test_one_call_that_fails_with_statuses_of_several_kinds_is_several() -> None:
    def story(message: str) -> Failure:
        return failure(raised(frame("call", "response.raise_for_status()"), VENV, kind="HTTPError", message=message))

    large, auth = story("413 Client Error: Payload Too Large for url: http://x/1"), story("401 Client Error: Unauthorized for url: http://x/1")
    assert not same(large, auth)
    assert same(large, story("413 Client Error: Payload Too Large for url: http://x/2"))
    assert same(story("500 Server Error: x for url: http://x"), story("503 Server Error: y for url: http://x"))


def test_all_statements_of_a_database_go_through_one_line_and_are_told_apart() -> None:
    def story(message: str) -> Failure:
        return failure(raised(frame("query", "return cursor.execute(sql)"), kind="OperationalError", module="sqlite3", message=message))

    assert not same(story("no such table: orders"), story("database is locked"))
    assert same(story("no such table: orders_17"), story("no such table: orders_18"))


def test_an_errno_tells_apart_what_the_type_does_not() -> None:
    def story(number: int) -> Failure:
        return failure(raised(frame("f", "stream.write(data)"), kind="OSError", message=f"[Errno {number}] it did not work: '/tmp/{number}'"))

    assert not same(story(28), story(5))


def test_a_syntax_error_is_in_its_file_whoever_imports_it_and_however_it_is_told() -> None:
    probe = failure(raised(frame("main", "import broken"), kind="SyntaxError", message="invalid syntax (broken.py, line 4)"))
    printed = failure(raised(frame("load", "import_module(name)"), frame("<module>", "def f(:", file="/x/broken.py"), kind="SyntaxError", message="bad"))
    assert same(probe, printed)
    assert not same(probe, failure(raised(frame("main", "import broken"), kind="SyntaxError", message="invalid syntax (other.py, line 4)")))


REMOTE = '''
"""
Traceback (most recent call last):
  File "/usr/lib/python3.11/concurrent/futures/process.py", line 256, in _process_worker
    r = call_item.fn(*call_item.args, **call_item.kwargs)
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/work/shop-under-test/shop/cart.py", line 17, in total
    return price.amount
           ^^^^^^^^^^^^
ValueError: bad
"""'''


def test_what_a_worker_process_raised_is_what_it_raised_there() -> None:
    waited = raised(frame("main", "return future.result()"), LIB)
    remote = Raised(type="_RemoteTraceback", module="concurrent.futures.process", message=REMOTE, relation="cause")
    assert same(BASE, failure(waited, remote))


def test_without_source_the_function_and_the_masked_message_count() -> None:
    def story(function: str, message: str) -> Failure:
        bare = replace(frame(function), source="")
        return failure(raised(bare, message=message))

    assert same(story("f", "order 17 failed"), story("f", "order 18 failed"))
    assert not same(story("f", "order 17 failed"), story("g", "order 17 failed"))
    assert not same(story("f", "order 17 failed"), story("f", "order 17 is late"))


def test_without_frames_of_the_workspace_the_message_decides_without_its_values() -> None:
    def story(message: str, module: str = "builtins") -> Failure:
        return failure(raised(LIB, kind="LibraryError", message=message, module=module))

    assert same(story("order 17 timed out after 3.5 s"), story("order 99999999 timed out after 10 s"))
    assert not same(story("order 17 timed out"), story("order 17 was refused"))
    assert not same(story("order 17 timed out", "httpx"), story("order 17 timed out", "requests"))


def test_a_logged_line_without_exception_is_grouped_by_logger_and_message() -> None:
    first = failure(logger="shop", log_message="lost order 17")
    assert same(first, failure(logger="shop", log_message="lost order 18"))
    assert not same(first, failure(logger="bank", log_message="lost order 17"))


def test_a_status_is_grouped_by_its_route() -> None:
    def story(status: int, route: str) -> Failure:
        return replace(failure(log_message=f'10.0.0.1 "{route} HTTP/1.1" {status}'), status=status, route=route, source="http")

    assert same(story(500, "GET /orders/17"), story(500, "GET /orders/18?x=1"))
    assert same(story(500, "GET /orders/{id}"), story(500, "GET /orders/18"))
    assert not same(story(500, "GET /orders/17"), story(404, "GET /orders/17"))
    assert not same(story(500, "GET /orders/17"), story(500, "GET /users/17"))


def test_another_languages_failures_are_grouped_by_their_last_frames_else_by_the_message() -> None:
    def story(*functions: str, message: str = "x") -> Failure:
        frames = [Frame(file=f"/srv/{name}.js", line=3, function=name) for name in functions]
        return replace(failure(raised(*frames, kind="TypeError", message=message)), language="javascript")

    assert same(story("a", "b", "c", "d"), story("z", "b", "c", "d", message="y"))
    assert not same(story("a", "b", "c", "d"), story("a", "b", "c", "e"))
    assert same(story(message="order 17"), story(message="order 18"))
    assert not same(story(message="order 17"), story(message="user 17"))


LINES = st.sampled_from(["return a.b", "x = f(y)", "raise ValueError('no items')", "total += row['n']", "for x in rows:"])
ROOTS = st.sampled_from(["/srv/a", "/home/u/releases/20260101", "C:\\work\\x", "/tmp/tmpab12"])
NAMES = st.sampled_from(["load", "save", "total", "run"])


@given(
    names=st.lists(NAMES, min_size=1, max_size=6), lines=st.lists(LINES, min_size=6, max_size=6), shift=st.integers(1, 9999),
    number=st.integers(0, 10**9), outer=st.lists(NAMES, max_size=4), root=ROOTS,
)  # fmt: skip
def test_lines_routes_hosts_and_numbers_never_change_it(names: list[str], lines: list[str], shift: int, number: int, outer: list[str], root: str) -> None:
    def story(line: int, message: str, before: list[str], folder: str) -> Failure:
        frames = [
            Frame(file=f"{folder}/shop/cart.py", line=line + at, function=name, source=lines[at % 6]) for at, name in enumerate(before + names, -len(before))
        ]
        return failure(raised(*frames, message=message))

    first = fingerprint(story(1, "no items in order 17", [], "/srv/www"), None)
    assert fingerprint(story(shift, f"no items in order {number}", outer, root), None) == first


@given(name=NAMES, line=LINES, other_name=NAMES, other_line=LINES, kind=st.sampled_from(["KeyError", "ValueError"]))
def test_another_function_line_or_type_always_changes_it(name: str, line: str, other_name: str, other_line: str, kind: str) -> None:
    first, second = failure(raised(frame(name, line))), failure(raised(frame(other_name, other_line), kind=kind))
    assert same(first, second) == ((name, line, "ValueError") == (other_name, other_line, kind))


def test_hostile_failures_are_answered() -> None:
    deep = Frame(file="/x" * 5000, line=-5, function="f." * 9999, source="raise X(" + "'" * 9999)
    endless = failure(raised(*[deep] * 128, message="a'\"" * 5000), *[raised(deep, relation="member")] * 16)
    assert len(fingerprint(endless, None)) == len(fingerprint(endless, ROOT)) == 16
    assert len(fingerprint(failure(raised(kind="", message="\0\ud800")), None)) == 16
    assert len(fingerprint(failure(), None)) == 16


def test_codes_of_a_service_are_two_bugs_at_one_call() -> None:
    first, second = (
        failure(raised(frame("handle"), LIB, kind="ClientError", message=f"An error occurred ({code}) when calling the GetObject operation: {code}"))
        for code in ("AccessDenied", "NoSuchKey")
    )
    assert not same(first, second)


def test_a_stop_that_left_a_coroutine_is_the_stop() -> None:
    stop = raised(frame("handle"), frame("first", "return next(iter(rows))"), kind="StopIteration", message="")
    outer = raised(frame("main", "asyncio.run(serve())"), kind="RuntimeError", message="coroutine raised StopIteration")
    assert same(failure(stop), failure(outer, replace(stop, relation="cause")))
    assert not same(failure(stop), failure(replace(outer, message="no rows"), replace(stop, relation="cause")))
