"""What a failure tells: chains, frames, values; and that no code of the program runs for it."""

from __future__ import annotations

import json
from typing import Any

from tests.unit.probe.peer import Bench


def only(bench: Bench, text: str, python: str | None = None) -> dict[str, Any]:
    bench.run(text, **({"python": python} if python else {}))
    (failure,) = bench.peer.failures()
    return failure


HOSTILE = """\
import os

def boom(*a, **k):
    os.write(1, b"CALLED\\n")
    os._exit(99)

class Meta(type):
    __getattribute__ = boom
    __repr__ = boom
    __subclasscheck__ = boom

class Evil(metaclass=Meta):
    __repr__ = __str__ = __getattr__ = __getattribute__ = __len__ = __iter__ = __hash__ = __eq__ = __bool__ = __format__ = boom
    __class__ = property(boom)
    __dict__ = property(boom)
    prop = property(boom)
    def visible(self): pass

class EvilStr(str):
    __repr__ = __str__ = __len__ = __format__ = __getitem__ = boom

class EvilDict(dict):
    __repr__ = __iter__ = items = keys = boom

class EvilError(Exception):
    __str__ = __repr__ = __getattribute__ = boom

def fail():
    evil, text, table, kind = Evil(), EvilStr("x"), EvilDict(), Evil
    nested = [evil, {"k": evil}, (evil,)]
    raise EvilError(evil)

import sys
sys.excepthook_was = sys.excepthook
hook = sys.excepthook
hook.__closure__  # the one of the probe
try:
    fail()
except Exception:
    kind, error, tb = sys.exc_info()
    sys.modules["_nexoide_probe.hooks"].report(sys.modules["_nexoide_probe.start"]._link, error, tb, "main", 1)
    sys.modules["_nexoide_probe.start"]._link.flush(1)
    os._exit(0)
"""


def test_no_method_of_the_programs_classes_is_called(bench: Bench, edge: str) -> None:
    done = bench.run(HOSTILE, edge)

    assert (done.stdout, done.returncode) == ("", 0), done.stderr
    (failure,) = bench.peer.failures()
    error = failure["exceptions"][0]
    assert (error["type"], error["message"]) == ("EvilError", "<Evil>")
    seen = error["frames"][-1]["locals"]
    assert {name: seen[name]["repr"] for name in seen} == {
        "evil": "<Evil>",
        "text": "<EvilStr>",
        "table": "<EvilDict>",
        "kind": "<class __main__.Evil>",
        "nested": "[<Evil>, {'k': <Evil>}, (<Evil>,)]",
    }
    assert seen["evil"]["attributes"] == ["prop", "visible"]


def test_a_missing_attribute_is_told_with_its_object_and_place(bench: Bench, edge: str) -> None:
    failure = only(
        bench,
        "class Reply:\n    def __init__(self):\n        self.text = 'hi'\n        self._own = 1\n"
        "    def ask(self):\n        é = 'é'; return é + self.content\n\n\nReply().ask()\n",
        edge,
    )

    error = failure["exceptions"][0]
    frame = error["frames"][-1]
    assert (error["type"], error["name"], error["obj"]["type"], error["obj"]["attributes"]) == ("AttributeError", "content", "Reply", ["text", "ask"])
    assert error["obj"]["file"].endswith("script.py")
    assert frame["function"] == "Reply.ask"
    if frame["column"] != -1:
        line = "        é = 'é'; return é + self.content"
        assert line[frame["column"] : frame["end_column"]] == "self.content"
    else:
        assert ".".join(bench.peer.messages[0]["python"].split(".")[:2]) < "3.11" or bench.peer.messages[0]["python"].startswith(("3.9", "3.10"))


def test_a_missing_name_is_told(bench: Bench, edge: str) -> None:
    error = only(bench, "def f():\n    return undefined_thing\nf()\n", edge)["exceptions"][0]

    assert (error["type"], error["name"], error["obj"]) == ("NameError", "undefined_thing", None)


def test_chains_are_told_newest_first_bounded_and_without_cycles(bench: Bench) -> None:
    failure = only(
        bench,
        """\
def chain(n):
    if not n:
        raise KeyError("root")
    try:
        chain(n - 1)
    except Exception as e:
        if n % 2:
            raise ValueError(n) from e
        raise TypeError(n)
try:
    chain(20)
except Exception as error:
    last = error
    while last.__context__ is not None:
        last = last.__context__
    last.__cause__ = error
    raise
""",
    )

    told = [(error["type"], error["message"], error["relation"]) for error in failure["exceptions"]]
    assert told[:3] == [("TypeError", "20", "raised"), ("ValueError", "19", "context"), ("TypeError", "18", "cause")]
    assert told[-2:] == [("ValueError", "1", "context"), ("KeyError", "'root'", "cause")]
    assert len(told) == 8


def test_members_of_a_group_are_told(bench: Bench) -> None:
    failure = only(bench, "raise ExceptionGroup('two', [ValueError(1), TypeError('b')])\n")

    assert [(e["type"], e["message"], e["relation"]) for e in failure["exceptions"]] == [
        ("ExceptionGroup", "two (2 sub-exceptions)", "raised"),
        ("ValueError", "1", "member"),
        ("TypeError", "b", "member"),
    ]


def test_depth_locals_and_messages_are_bounded(bench: Bench) -> None:
    failure = only(
        bench,
        "import sys\nsys.setrecursionlimit(30000)\ndef f(n):\n    if n == 0:\n"
        + "".join(f"        v{i} = 'y' * 5_000_000\n" for i in range(3))
        + "".join(f"        w{i} = {i}\n" for i in range(60))
        + "        raise ValueError('x' * 10_000_000)\n    f(n - 1)\nf(9000)\n",
    )

    error = failure["exceptions"][0]
    assert len(json.dumps(failure)) < 200_000
    assert len(error["frames"]) == 40
    assert error["frames"][0]["function"] == "<module>"
    assert len(error["frames"][-1]["locals"]) == 32
    assert max(len(view["repr"]) for view in error["frames"][-1]["locals"].values()) <= 200
    assert len(error["message"]) <= 2000


def test_locals_are_shown_of_the_workspace_and_of_the_last_three_frames_only(bench: Bench) -> None:
    bench.write("lib.py", "def a(f):\n    mine = 1\n    return b(f)\ndef b(f):\n    return c(f)\ndef c(f):\n    return d(f)\ndef d(f):\n    return f()\n")
    (bench.folder.parent / "outside").mkdir()
    (bench.folder / "lib.py").rename(bench.folder.parent / "outside" / "lib.py")
    failure = only(bench, "import sys; sys.path.append('../outside')\nimport lib\ndef f():\n    own = 5\n    raise ValueError\nlib.a(f)\n")

    shown = [(frame["function"], sorted(frame.get("locals", {}))) for frame in failure["exceptions"][0]["frames"]]
    assert shown == [("<module>", []), ("a", []), ("b", []), ("c", ["f"]), ("d", ["f"]), ("f", ["own"])]


def test_secrets_leave_the_program_only_as_marks(bench: Bench) -> None:
    github, words, card, url = "ghp_" + "a1B2" * 9, "correct horse battery", "s3cr3t-value", "pa55word-1"
    done = bench.run(
        """\
import logging, os, sys
def given(n):
    return os.environ["GIVEN"].split("|")[n]
def f(password, config):
    api_key = "sk_live_4242424242424242abcd"
    headers = {"Authorization": "Bearer abcdefghijklmnop1234", "note": given(0)}
    url = f"postgres://bob:{given(3)}@db/x"
    raise ValueError("login with password=opensesame123 failed for " + url)
try:
    f(given(1), {"secret": given(2), "port": 80})
except ValueError:
    logging.exception("token: %s", "zzzz-1111-2222")
""",
        GIVEN=f"{github}|{words}|{card}|{url}",
    )

    assert "Traceback" in done.stderr
    (failure,) = bench.peer.failures()
    text = json.dumps(failure, ensure_ascii=False)
    for secret in (github, words, card, url, "4242424242", "abcdefghijklmnop", "opensesame", "zzzz-1111"):
        assert secret not in text, secret
    shown = failure["exceptions"][0]["frames"][-1]["locals"]
    assert shown["password"]["repr"] == "«redacted:password:…tery»"
    assert "'port': 80" in shown["config"]["repr"]
    assert "«redacted:github-token:…a1B2»" in shown["headers"]["repr"]
    assert failure["exceptions"][0]["message"] == "login with password=«redacted:password» failed for postgres://bob:«redacted:url-password»@db/x"


GUESSED = """\
import threading

class Shut(Exception):
    def __str__(self): return "the till is shut"

class Order:
    def __repr__(self): return "an order"

def shut(): raise Shut("code 4")
def of_object(): raise KeyError(Order())
def of_text(): raise KeyError("price")
def plain(): raise ValueError("bad")

for fail in (shut, of_object, of_text, plain):
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
"""


def test_a_message_that_only_the_program_can_say_is_marked_as_guessed(bench: Bench) -> None:
    bench.run(GUESSED)

    told = [one["exceptions"][0] for one in bench.peer.failures()]
    assert [(one["message"], one["guessed"]) for one in told] == [("code 4", True), ("<Order>", True), ("'price'", False), ("bad", False)]
