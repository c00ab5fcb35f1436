from __future__ import annotations

import pytest

from tests.unit.repair.programs import Case, check, refuse

RULE = "shadowed"

CASES = [
    Case(
        "list-local",
        {
            "main.py": """
                def group(rows):
                    list = []
                    for row in rows:
                        list.append(row)
                    seen = list(set(list))
                    return f"{len(list)} {seen}"
                print(group([1, 1]))
            """,
        },
        "2 [1]\n",
        "set(list_value)",
    ),
    Case(
        "max-unbound",
        {
            "main.py": """
                def top(xs):
                    max = max(xs)
                    return max + 1
                print(top([1, 2]))
            """,
        },
        "3\n",
    ),
    Case(
        "param",
        {
            "main.py": """
                def join(items, str=","):
                    return str.join(str(i) for i in items)
                print(join([1, 2]), join([1], str=";"))
            """,
        },
        "1,2 1\n",
    ),
    Case(
        "global",
        {
            "main.py": """
                sum = 0
                for x in [1, 2]:
                    sum += x

                def mean(xs):
                    return sum(xs) / len(xs)
                print(sum, mean([2, 4]))
            """,
        },
        "3 3.0\n",
    ),
    Case(
        "import-json",
        {
            "main.py": """
                import json
                def load(text):
                    json = json.loads(text)
                    return json["a"]
                print(load('{"a": 1}'))
            """,
        },
        "1\n",
    ),
    Case(
        "param-json",
        {
            "main.py": """
                import json
                def dump(json):
                    return json.dumps(json, sort_keys=True)
                print(dump({"a": 1}))
            """,
        },
        '{"a": 1}\n',
    ),
    Case(
        "module-time",
        {
            "main.py": """
                import time
                time = time.time()
                later = time.time()
                print(later >= time)
            """,
        },
        "True\n",
    ),
    Case(
        "datetime-call",
        {
            "main.py": """
                import datetime
                d = datetime(2024, 1, 1) + datetime.timedelta(days=1)
                print(d.date())
            """,
        },
        "2024-01-02\n",
        "datetime.datetime(2024, 1, 1)",
    ),
    Case(
        "glob",
        {
            "main.py": """
                import glob
                print(glob("/nonexistent/*"))
            """,
        },
        "[]\n",
        'glob.glob("/nonexistent/*")',
    ),
    Case(
        "own-mod-call",
        {
            "report.py": """
                def report(x): return x * 2
            """,
            "main.py": """
                import report
                print(report(2))
            """,
        },
        "4\n",
    ),
    Case(
        "loop-func",
        {
            "main.py": """
                def total(xs):
                    return sum(xs)
                def show(groups):
                    out = []
                    for total in groups:
                        out.append(total(total))
                    return out
                print(show([[1, 2], [3]]))
            """,
        },
        "[3, 3]\n",
    ),
    Case(
        "def-reassign",
        {
            "main.py": """
                def area(w, h):
                    return w * h
                area = area(2, 3)
                print(area)
                print(area(1, 2))
            """,
        },
        "6\n2\n",
    ),
    Case(
        "class-list",
        {
            "main.py": """
                class Store:
                    def __init__(self):
                        self.rows = [1]
                    def list(self) -> list[int]:
                        return self.rows
                    def both(self) -> list[int]:
                        return self.rows
                print(Store().both())
            """,
        },
        "[1]\n",
    ),
    Case(
        "isinstance",
        {
            "main.py": """
                def kind(x):
                    str = "text"
                    if isinstance(x, str):
                        return str
                    return "other"
                print(kind("a"), kind(1))
            """,
        },
        "text other\n",
    ),
    Case(
        "file-random",
        {
            "random.py": """
                def helper():
                    return 1
            """,
            "main.py": """
                import random
                print(random.randint(1, 1))
            """,
        },
        "1\n",
    ),
    Case(
        "queue",
        {
            "queue.py": """
                class JobQueue:
                    pass
            """,
            "main.py": """
                from queue import Queue
                q = Queue(); q.put(1)
                print(q.get())
            """,
        },
        "1\n",
    ),
    Case(
        "comp",
        {
            "main.py": """
                def ids(rows):
                    return [id(id) > 0 for id in rows]
                print(ids([1]))
            """,
        },
        "[True]\n",
    ),
    Case(
        "except-as",
        {
            "main.py": """
                def f():
                    try:
                        1 / 0
                    except ZeroDivisionError as str:
                        return str(str)
                print(f())
            """,
        },
        "division by zero\n",
    ),
    Case(
        "shared-global",
        {
            "cfg.py": """
                list = [1, 2]
                def as_list(x):
                    return list(x)
            """,
            "main.py": """
                from cfg import list as L, as_list
                import cfg
                print(cfg.list, as_list("ab"))
            """,
        },
        "[1, 2] ['a', 'b']\n",
    ),
    Case(
        "print-var",
        {
            "main.py": """
                print = "x"
                def f():
                    print("hello", print)
                f()
            """,
        },
        "hello x\n",
    ),
    Case(
        "dict-for",
        {
            "main.py": """
                rows = [("a", 1)]
                for dict in rows:
                    key, value = dict
                out = dict(rows)
                print(out)
            """,
        },
        "{'a': 1}\n",
    ),
    Case(
        "type-kw",
        {
            "ev.py": """
                class Event:
                    def __init__(self, name, type="info"):
                        self.name = name
                        self.label = f"{type}:{type(name).__name__}"
            """,
            "main.py": """
                from ev import Event
                print(Event("a", type="warn").label)
            """,
        },
        "warn:str\n",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_repaired_program_runs_and_prints_what_it_should(case, tmp_path):
    check(tmp_path, case, RULE)


OLD = ["glob", "global", "list-local", "param-json"]


@pytest.mark.parametrize("name", OLD)
def test_it_works_from_the_traceback_of_an_old_python(name, tmp_path):
    case = next(item for item in CASES if item.name == name)
    check(tmp_path, case, RULE, old=True)


REFUSED = [
    (
        "file-random2",
        {
            "random.py": """
                def roll():
                    return 1
            """,
            "main.py": """
                import random
                print(random.randint(1, 1), random.roll())
            """,
        },
        "hides the module random",
    ),
]


@pytest.mark.parametrize(("files", "word"), [item[1:] for item in REFUSED], ids=[item[0] for item in REFUSED])
def test_nothing_is_proposed_where_nothing_says_what_is_right(files, word, tmp_path):
    refuse(tmp_path, files, word)
