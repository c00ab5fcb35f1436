"""Small programs that crash, each in its own way, and what is to be read from what they print; run under every CPython found."""

# ruff: noqa: E501 - programs and lines of logs are as long as they are

from __future__ import annotations

import functools
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Crash:
    """A program, and the type, function and number of failures that it prints; `since` is the first minor version that has the feature."""

    source: str
    type: str
    function: str
    others: tuple[tuple[str, str], ...] = ()
    since: int = 8
    count: int = 1
    relation: str = ""


def _deep(body: str) -> str:
    return f"def inner(x):\n{body}\n\ndef middle(x):\n    return inner(x)\n\ndef main():\n    middle(3)\n\nmain()\n"


CRASHES = {
    "plain": Crash(_deep("    return x / 0"), "ZeroDivisionError", "inner"),
    "no message": Crash(_deep("    raise ValueError"), "ValueError", "inner"),
    "own type": Crash("class Refused(Exception):\n    pass\n\n" + _deep("    raise Refused('card 17')"), "Refused", "inner"),
    "key": Crash(_deep("    return {'a': 1}['b']"), "KeyError", "inner"),
    "attribute": Crash(_deep("    return x.missing"), "AttributeError", "inner"),
    "cause": Crash(
        _deep("    try:\n        {}['k']\n    except KeyError as error:\n        raise RuntimeError('no price') from error"),
        "RuntimeError", "inner", (("KeyError", "inner"),), relation="cause",
    ),
    "context": Crash(
        "def handler():\n    int('x')\n\n" + _deep("    try:\n        [][1]\n    except IndexError:\n        handler()"),
        "ValueError", "handler", (("IndexError", "inner"),), relation="context",
    ),
    "three": Crash(
        _deep("    try:\n        try:\n            1 / 0\n        except ZeroDivisionError as error:\n            raise KeyError('a') from error\n    except KeyError:\n        raise OSError(5, 'bad')"),
        "OSError", "inner", (("KeyError", "inner"), ("ZeroDivisionError", "inner")), relation="context",
    ),
    "cause without frames": Crash(_deep("    raise RuntimeError('outer') from ValueError('never raised')"), "RuntimeError", "inner", (("ValueError", ""),), relation="cause"),
    "recursion": Crash("def down(n):\n    return down(n + 1)\n\ndown(0)\n", "RecursionError", "down"),
    "mutual": Crash("def ping(n):\n    return pong(n)\n\ndef pong(n):\n    if n > 300:\n        raise ValueError('deep')\n    return ping(n + 1)\n\nping(0)\n", "ValueError", "pong"),
    "syntax": Crash("def f(:\n    pass\n", "SyntaxError", "<module>"),
    "indentation": Crash("def f():\nreturn 1\n", "IndentationError", "<module>"),
    "compiled": Crash(_deep("    exec(compile('a = = 1', 'rules.txt', 'exec'))"), "SyntaxError", "<module>"),
    "several lines": Crash(_deep("    raise ValueError('first line\\n  second line\\n  third line')"), "ValueError", "inner"),
    "spread call": Crash(
        "def total(*values):\n    return sum(values)\n\ndef main():\n    return total(\n        1,\n        2,\n        3,\n        'x',\n    )\n\nmain()\n", "TypeError", "total"
    ),
    "thread": Crash("import threading\n" + _deep("    raise OSError('disk')").replace("\nmain()\n", "\nt = threading.Thread(target=main, name='worker-7')\nt.start()\nt.join()\n"), "OSError", "inner"),
    "async": Crash("import asyncio\n\nasync def inner():\n    raise LookupError('order 4')\n\nasync def main():\n    await inner()\n\nasyncio.run(main())\n", "LookupError", "inner"),
    "task": Crash(
        "import asyncio, gc\n\nasync def job():\n    raise LookupError('order 4')\n\nasync def main():\n    t = asyncio.ensure_future(job())\n    await asyncio.sleep(0)\n    del t\n    gc.collect()\n\nasyncio.run(main())\n",
        "LookupError", "job",
    ),
    "ignored": Crash("class Handle:\n    def __del__(self):\n        raise ValueError('late')\n\nh = Handle()\ndel h\n", "ValueError", "__del__"),
    "logged": Crash("import logging\nlogging.basicConfig(format='%(asctime)s %(levelname)s %(name)s: %(message)s')\n\ndef inner():\n    [][3]\n\ntry:\n    inner()\nexcept IndexError:\n    logging.getLogger('shop').exception('order %d failed', 7)\n", "IndexError", "inner"),
    "pool": Crash(
        "from concurrent.futures import ProcessPoolExecutor\n\ndef work(n):\n    return 1 / n\n\nif __name__ == '__main__':\n    with ProcessPoolExecutor(1) as pool:\n        pool.submit(work, 0).result()\n",
        "ZeroDivisionError", "work",
    ),
    "multiprocessing": Crash(
        "import multiprocessing\n\ndef work(n):\n    return [][n]\n\nif __name__ == '__main__':\n    with multiprocessing.Pool(1) as pool:\n        pool.map(work, [3])\n", "IndexError", "work"
    ),
    "process": Crash("import multiprocessing\n\ndef work():\n    raise KeyError('k')\n\nif __name__ == '__main__':\n    p = multiprocessing.Process(target=work)\n    p.start()\n    p.join()\n", "KeyError", "work"),
    "group": Crash(
        "def a():\n    raise ValueError('one')\n\ndef b():\n    raise TypeError('two')\n\ndef main():\n    found = []\n    for f in (a, b):\n        try:\n            f()\n        except Exception as error:\n            found.append(error)\n    raise ExceptionGroup('both', found)\n\nmain()\n",
        "ExceptionGroup", "main", (("ValueError", "a"), ("TypeError", "b")), since=11, relation="member",
    ),
    "nested group": Crash(
        "def a():\n    raise ValueError('one')\n\ndef main():\n    try:\n        a()\n    except ValueError as error:\n        inner = ExceptionGroup('inner', [error, KeyError('k')])\n    raise ExceptionGroup('outer', [inner, OSError('three')])\n\nmain()\n",
        "ExceptionGroup", "main", (("ExceptionGroup", ""), ("OSError", ""), ("ValueError", "a"), ("KeyError", "")), since=11, relation="member",
    ),
    "task group": Crash(
        "import asyncio\n\nasync def job():\n    raise ValueError('job')\n\nasync def main():\n    async with asyncio.TaskGroup() as group:\n        group.create_task(job())\n\nasyncio.run(main())\n",
        "ExceptionGroup", "__aexit__", (("ValueError", "job"),), since=11, relation="member",
    ),
    "notes": Crash(_deep("    error = ValueError('bad')\n    error.add_note('while reading row 7')\n    raise error"), "ValueError", "inner", since=11),
    "segfault": Crash("import ctypes, faulthandler\nfaulthandler.enable()\n\ndef crash():\n    ctypes.string_at(0)\n\ncrash()\n", "Segmentation fault", "string_at"),
    "abort": Crash("import faulthandler, os\nfaulthandler.enable()\n\ndef crash():\n    os.abort()\n\ncrash()\n", "Aborted", "crash"),
    "no source": Crash("exec(compile('def hidden():\\n    raise ValueError(1)\\nhidden()', '<generated>', 'exec'))\n", "ValueError", "hidden"),
    "unicode": Crash("def größe(wert):\n    raise ValueError('Straße «x» ' + wert)\n\ngröße('ü')\n", "ValueError", "größe"),
    "local type": Crash("def main():\n    class Local(Exception):\n        pass\n    raise Local('x')\n\nmain()\n", "main.<locals>.Local", "main", since=9),
    "exit": Crash("import sys\n\ndef main():\n    raise KeyboardInterrupt\n\nmain()\n", "KeyboardInterrupt", "main"),
    "library": Crash("import json\n\ndef main():\n    json.loads('{')\n\nmain()\n", "JSONDecodeError", "raw_decode"),
}  # fmt: skip


@functools.cache
def interpreters() -> dict[str, str]:
    """Return the CPythons of this machine, by version: that of the tests, and those of pyenv."""
    found = {f"3.{sys.version_info[1]}": sys.executable}
    for folder in sorted((Path.home() / ".pyenv" / "versions").glob("3.*")):
        minor = int(folder.name.split(".")[1])
        if minor >= 8 and (folder / "bin" / "python").exists():
            found.setdefault(f"3.{minor}", str(folder / "bin" / "python"))
    return found


@functools.cache
def printed(kind: str, version: str) -> str:
    """Return what a program prints when it crashes."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "crash.py")
        file.write_text(CRASHES[kind].source, encoding="utf-8")
        environment = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8", "HOME": folder}
        result = subprocess.run([interpreters()[version], str(file)], capture_output=True, env=environment, cwd=folder, timeout=60, check=False)
        return (result.stdout + result.stderr).decode()


def cases() -> list[tuple[str, str]]:
    """Return every kind of crash with every version that has it."""
    return [(kind, version) for kind, crash in CRASHES.items() for version in interpreters() if int(version.split(".")[1]) >= crash.since]
