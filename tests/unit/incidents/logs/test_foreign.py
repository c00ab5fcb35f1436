"""Stack traces of other languages, in the shapes that their runtimes print."""

# ruff: noqa: E501 - programs and lines of logs are as long as they are

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from .reading import read

TRACES = {
    "java": (
        "2024-01-02 03:04:05,678 ERROR [main] c.f.Bar - boom\njava.lang.IllegalStateException: bad state\n\tat com.foo.Bar.baz(Bar.java:12)\n"
        "\tat com.foo.Main.main(Main.java:3)\nCaused by: java.io.IOException: disk\n\tat com.foo.Io.read(Io.java:9)\n\t... 2 more\n",
        "java.lang.IllegalStateException", "bad state", "com.foo.Bar.baz", 12,
    ),
    "uncaught java": ('Exception in thread "main" java.lang.NullPointerException\n\tat com.foo.Bar.baz(Bar.java:14)\n', "java.lang.NullPointerException", "", "com.foo.Bar.baz", 14),
    "javascript": (
        "/srv/app.js:12\n    return user.name;\n                ^\n\nTypeError: Cannot read properties of undefined (reading 'name')\n    at getName (/srv/app.js:12:17)\n"
        "    at Object.<anonymous> (/srv/app.js:20:1)\n\nNode.js v18.17.1\n",
        "TypeError", "Cannot read properties of undefined (reading 'name')", "getName", 12,
    ),
    "go": (
        "panic: runtime error: index out of range [5] with length 3\n\ngoroutine 1 [running]:\nmain.pick(...)\n\t/srv/main.go:8\nmain.main()\n\t/srv/main.go:12 +0x1d\nexit status 2\n",
        "runtime error", "index out of range [5] with length 3", "main.pick", 8,
    ),
    "go served": (
        "2024/01/02 03:04:05 http: panic serving 127.0.0.1:5: boom\ngoroutine 9 [running]:\nnet/http.(*conn).serve.func1()\n\t/usr/go/server.go:1 +0x1\npanic({0x1, 0x2})\n"
        "\t/usr/go/panic.go:9 +0x1\nmain.handle({0x1, 0x2}, 0x3)\n\t/srv/main.go:7 +0x1\n",
        "panic", "boom", "main.handle", 7,
    ),
    "rust": ("thread 'main' panicked at src/main.rs:4:5:\nindex out of bounds\nnote: run with `RUST_BACKTRACE=1`\n", "panic", "index out of bounds", "", 4),
    "old rust": ("thread 'w' panicked at 'boom', src/main.rs:2:5\nstack backtrace:\n   2: app::pick\n             at ./src/main.rs:2:5\n   3: app::main\n             at ./src/main.rs:9:3\n", "panic", "boom", "app::pick", 2),
    "ruby": ("app.rb:3:in `total': undefined method `price' for nil (NoMethodError)\n\tfrom app.rb:7:in `<main>'\n", "NoMethodError", "undefined method `price' for nil", "total", 3),
    "php": ("PHP Fatal error:  Uncaught Exception: bad in /srv/a.php:3\nStack trace:\n#0 /srv/a.php(7): total(1)\n#1 {main}\n  thrown in /srv/a.php on line 3\n", "Exception", "bad", "total", 3),
    "dotnet": (
        "Unhandled exception. System.InvalidOperationException: outer\n ---> System.FormatException: inner\n   at Shop.Parse(String s) in /srv/Shop.cs:line 5\n"
        "   --- End of inner exception stack trace ---\n   at Shop.Run() in /srv/Shop.cs:line 9\n   at Program.Main(String[] args) in /srv/Program.cs:line 3\n",
        "System.InvalidOperationException", "outer", "Shop.Run", 9,
    ),
    "c++": ("terminate called after throwing an instance of 'std::runtime_error'\n  what():  bad thing\nAborted (core dumped)\n", "std::runtime_error", "bad thing", None, 0),
    "elixir": ("** (RuntimeError) bad\n    lib/shop.ex:3: Shop.total/1\n    lib/shop.ex:9: Shop.main/0\n", "RuntimeError", "bad", "Shop.total/1", 3),
}  # fmt: skip


@pytest.mark.parametrize("name", TRACES)
@pytest.mark.parametrize("prefix", ["", "web-1  | ", "Jan 02 03:04:05 h app[3]: "])
def test_a_trace_is_one_failure_with_type_message_and_raising_frame(name: str, prefix: str) -> None:
    log, kind, message, function, line = TRACES[name]
    (failure,) = read("".join(prefix + each for each in f"hello\n{log}hello again\n".splitlines(keepends=True)))
    raised = failure.exceptions[0]
    assert (raised.type, raised.message) == (kind, message)
    assert failure.language != "python"
    if function is not None:
        assert (raised.frames[-1].function, raised.frames[-1].line) == (function, line)


def test_causes_follow() -> None:
    (failure,) = read(TRACES["java"][0])
    assert [(raised.type, raised.relation) for raised in failure.exceptions] == [
        ("java.lang.IllegalStateException", "raised"),
        ("java.io.IOException", "cause"),
    ]
    assert (failure.logger, failure.log_message, failure.thread) == ("c.f.Bar", "boom", "main")


def test_a_crash_is_one_whoever_tells_of_it_and_two_are_two() -> None:
    kernel = "Jan 02 03:04:05 h kernel: [ 1.2] app[77]: segfault at 0 ip 00007f sp 00007ff error 4 in app[55]\n"
    shell = "./run.sh: line 3: 77 Segmentation fault      (core dumped) ./app\n"
    fault = 'Fatal Python error: Segmentation fault\n\nCurrent thread 0x00007f9 (most recent call first):\n  File "/srv/a.py", line 3 in crash\n'
    assert len(read(kernel + shell)) == 1
    assert len(read(fault + shell)) == 1
    assert len(read(shell + shell)) == 2
    assert len(read(fault + fault)) == 2


def test_a_killed_process_is_told() -> None:
    (failure,) = read("Jan 02 03:04:05 h kernel: Out of memory: Killed process 77 (python) total-vm:1234kB\n")
    assert (failure.exceptions[0].type, failure.pid, failure.severity) == ("out of memory", 77, "critical")


REAL = {
    "node": ("a.js", "function total(o) {\n  return o.price.value;\n}\ntotal({});\n", "TypeError", "total"),
    "ruby": ("a.rb", "def total(o)\n  o.price\nend\ntotal(nil)\n", "NoMethodError", "total"),
    "php": ("a.php", "<?php\nfunction total($o) {\n  throw new Exception('bad');\n}\ntotal(1);\n", "Exception", "total"),
}


@pytest.mark.parametrize("runtime", ["node", "ruby", "php"])
def test_what_a_runtime_here_prints_is_read(runtime: str, tmp_path: Path) -> None:
    if shutil.which(runtime) is None:
        pytest.skip(f"there is no {runtime} here")
    name, source, kind, function = REAL[runtime]
    (tmp_path / name).write_text(source)
    result = subprocess.run([runtime, name], capture_output=True, cwd=tmp_path, timeout=30, check=False)
    (failure,) = read(result.stderr or result.stdout)
    assert failure.exceptions[0].type == kind
    assert function in failure.exceptions[0].frames[-1].function
