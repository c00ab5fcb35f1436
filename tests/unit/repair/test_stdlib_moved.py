from __future__ import annotations

import pytest

from tests.unit.repair.programs import Case, check

RULE = "stdlib-moved"

CASES = [
    Case(
        "abc1",
        {
            "main.py": """
                import collections
                from collections import OrderedDict

                def kind(v):
                    if isinstance(v, collections.Mapping): return "m"
                    if isinstance(v, collections.Sequence): return "s"
                    return OrderedDict(a=1)["a"]
                print(kind({}), kind([]), kind(1))
            """,
        },
        "m s 1\n",
        "import collections.abc",
    ),
    Case(
        "abc2",
        {
            "a.py": """
                from collections import Iterable, OrderedDict
                def flat(x):
                    for i in x:
                        if isinstance(i, Iterable): yield from flat(i)
                        else: yield i
            """,
            "main.py": """
                import a
                from collections import MutableMapping
                class D(MutableMapping):
                    def __init__(s): s.d={}
                    def __getitem__(s,k): return s.d[k]
                    def __setitem__(s,k,v): s.d[k]=v
                    def __delitem__(s,k): del s.d[k]
                    def __iter__(s): return iter(s.d)
                    def __len__(s): return len(s.d)
                d=D(); d["a"]=1
                print(list(a.flat([1,[2]])), dict(d))
            """,
        },
        "[1, 2] {'a': 1}\n",
    ),
    Case(
        "gcd",
        {
            "main.py": """
                import fractions
                print(fractions.gcd(12, 18), fractions.Fraction(1,2))
            """,
        },
        "6 1/2\n",
    ),
    Case(
        "clock",
        {
            "main.py": """
                import time
                t = time.clock()
                print(time.clock() - t < 5)
            """,
        },
        "True\n",
    ),
    Case(
        "clock2",
        {
            "main.py": """
                from time import clock, sleep
                t = clock()
                sleep(0)
                print(clock() - t < 5)
            """,
        },
        "True\n",
    ),
    Case(
        "getargspec",
        {
            "main.py": """
                import inspect
                def f(a, b=2, *c, **d): pass
                def names(fn):
                    args, varargs, keywords, defaults = inspect.getargspec(fn)
                    return args, keywords
                spec = inspect.getargspec(f)
                print(names(f), spec.args, spec.keywords, inspect.getargspec(f)[0])
            """,
        },
        "(['a', 'b'], 'd') ['a', 'b'] d ['a', 'b']\n",
        "inspect.getfullargspec(fn)[:4]",
    ),
    Case(
        "coroutine",
        {
            "main.py": """
                import asyncio

                @asyncio.coroutine
                def step(x):
                    yield from asyncio.sleep(0)
                    return x + 1

                @asyncio.coroutine
                def main():
                    a = yield from step(1)
                    return (yield from step(a))

                loop = asyncio.new_event_loop()
                print(loop.run_until_complete(main()))
            """,
        },
        "3\n",
        "async def step(x):",
    ),
    Case(
        "base64",
        {
            "main.py": """
                import base64
                def enc(s):
                    return base64.encodestring(s.encode()).decode().strip()
                print(enc("abc"), base64.decodestring(b"YWJj"))
            """,
        },
        "YWJj b'abc'\n",
    ),
    Case(
        "shuffle",
        {
            "main.py": """
                import random
                rng = random.Random(3)
                xs = [1, 2, 3]
                random.shuffle(xs, rng.random)
                print(sorted(xs))
            """,
        },
        "[1, 2, 3]\n",
    ),
    Case(
        "shuffle2",
        {
            "main.py": """
                import random
                xs = [1, 2, 3]
                random.shuffle(xs, random.random)
                print(sorted(xs))
            """,
        },
        "[1, 2, 3]\n",
    ),
    Case(
        "sample",
        {
            "main.py": """
                import random
                def pick(tags, n):
                    return random.sample(set(tags), n)
                print(sorted(pick(["a", "b"], 2)))
            """,
        },
        "['a', 'b']\n",
    ),
    Case(
        "isalive",
        {
            "main.py": """
                import threading
                t = threading.Thread(target=lambda: None)
                t.start(); t.join()
                if not t.isAlive():
                    print("done")
            """,
        },
        "done\n",
    ),
    Case(
        "json-enc",
        {
            "main.py": """
                import json
                def read(s):
                    return json.loads(s, encoding="utf-8")
                print(read("[1]"))
            """,
        },
        "[1]\n",
    ),
    Case(
        "flags",
        {
            "main.py": """
                import re
                PAT = r"^order-(?i)[a-z]+$"
                def ok(s):
                    return bool(re.match(PAT, s))
                print(ok("order-AB"))
            """,
        },
        "True\n",
        "(?i)^order-[a-z]+$",
    ),
    Case(
        "umode",
        {
            "main.py": """
                import os
                open("/tmp/r2/u.txt","w").write("a\\nb\\n")
                with open("/tmp/r2/u.txt", "rU") as f:
                    print(len(f.readlines()))
            """,
        },
        "2\n",
    ),
    Case(
        "wait",
        {
            "main.py": """
                import asyncio
                async def one(x):
                    return x
                async def main():
                    done, _ = await asyncio.wait([one(i) for i in range(3)])
                    return sorted(t.result() for t in done)
                print(asyncio.run(main()))
            """,
        },
        "[0, 1, 2]\n",
    ),
    Case(
        "wait2",
        {
            "main.py": """
                import asyncio
                async def one(x):
                    return x
                async def main():
                    jobs = []
                    for i in range(3):
                        jobs.append(one(i))
                    done, _ = await asyncio.wait(jobs, timeout=3)
                    return sorted(t.result() for t in done)
                print(asyncio.run(main()))
            """,
        },
        "[0, 1, 2]\n",
    ),
    Case(
        "iteritems",
        {
            "main.py": """
                d = {"a": 1}
                for k, v in d.iteritems():
                    print(k, v)
            """,
        },
        "a 1\n",
    ),
    Case(
        "urllib",
        {
            "main.py": """
                import urllib
                print(urllib.urlencode({"a": 1}), urllib.quote("a b"))
            """,
        },
        "a=1 a%20b\n",
    ),
    Case(
        "urllib2",
        {
            "main.py": """
                import urllib2
                def req(u):
                    return urllib2.Request(u).full_url
                try:
                    req("x")
                except (ValueError, urllib2.URLError):
                    print("bad")
            """,
        },
        "bad\n",
    ),
    Case(
        "cpickle",
        {
            "main.py": """
                import cPickle as pickle
                print(pickle.loads(pickle.dumps(3)))
            """,
        },
        "3\n",
    ),
    Case(
        "reduce",
        {
            "main.py": """
                def prod(xs):
                    return reduce(lambda a, b: a * b, xs, 1)
                print(prod([2, 3]))
            """,
        },
        "6\n",
    ),
    Case(
        "cmp",
        {
            "main.py": """
                class V:
                    def __init__(self, n): self.n = n
                    def __lt__(self, o): return cmp(self.n, o.n) < 0
                print(V(1) < V(2))
            """,
        },
        "True\n",
    ),
    Case(
        "cgi-escape",
        {
            "main.py": """
                import cgi
                def show(s):
                    return cgi.escape(s) + cgi.escape(s, True)
                print(show('<"'))
            """,
        },
        '&lt;"&lt;&quot;\n',
        "html.escape(s, quote=False)",
    ),
    Case(
        "html-unescape",
        {
            "main.py": """
                from html.parser import HTMLParser
                p = HTMLParser()
                print(p.unescape("&lt;a"))
            """,
        },
        "<a\n",
    ),
    Case(
        "string",
        {
            "main.py": """
                import string
                print(string.join(["a", "b"], "-"), string.letters[:2], string.upper("x"))
            """,
        },
        "a-b ab X\n",
    ),
    Case(
        "next",
        {
            "main.py": """
                def g():
                    yield 1
                it = g()
                print(it.next())
            """,
        },
        "1\n",
    ),
    Case(
        "nextcls",
        {
            "main.py": """
                class C:
                    def __init__(self): self.n = 0
                    def __iter__(self): return self
                    def next(self):
                        self.n += 1
                        if self.n > 2: raise StopIteration
                        return self.n
                print(list(C()))
            """,
        },
        "[1, 2]\n",
    ),
    Case(
        "hmac",
        {
            "main.py": """
                import hmac
                print(len(hmac.new(b"k", b"m").hexdigest()))
            """,
        },
        "32\n",
    ),
    Case(
        "gettext",
        {
            "main.py": """
                import gettext
                print(gettext.lgettext("x"))
            """,
        },
        "x\n",
    ),
    Case(
        "plist",
        {
            "main.py": """
                import plistlib
                plistlib.writePlist({"a": 1}, "/tmp/r2/x.plist")
                print(plistlib.readPlist("/tmp/r2/x.plist"))
            """,
        },
        "{'a': 1}\n",
    ),
    Case(
        "alltasks",
        {
            "main.py": """
                import asyncio
                async def main():
                    return len(asyncio.Task.all_tasks())
                print(asyncio.run(main()))
            """,
        },
        "1\n",
    ),
    Case(
        "maxint",
        {
            "main.py": """
                import sys
                lowest = sys.maxint
                for x in [3, 2]:
                    lowest = min(lowest, x)
                print(lowest)
            """,
        },
        "2\n",
    ),
    Case(
        "dummy",
        {
            "main.py": """
                import dummy_threading as threading
                print(threading.Lock().locked())
            """,
        },
        "False\n",
    ),
    Case(
        "errno",
        {
            "main.py": """
                import os
                print(os.errno.ENOENT)
            """,
        },
        "2\n",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_repaired_program_runs_and_prints_what_it_should(case, tmp_path):
    check(tmp_path, case, RULE)


OLD = ["abc2", "cgi-escape", "isalive", "shuffle"]


@pytest.mark.parametrize("name", OLD)
def test_it_works_from_the_traceback_of_an_old_python(name, tmp_path):
    case = next(item for item in CASES if item.name == name)
    check(tmp_path, case, RULE, old=True)
