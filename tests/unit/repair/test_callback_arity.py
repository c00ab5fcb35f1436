from __future__ import annotations

import pytest

from tests.unit.repair.programs import Case
from tests.unit.repair.solving import silent, solved

RULE = "callback-arity"

CASES = [
    Case(
        "callback",
        {
            "main.py": """
                def apply_all(items, fn):
                    return [fn(i, x) for i, x in enumerate(items)]
                def double(x):
                    return x * 2
                print(apply_all([1,2], double))
            """,
        },
        "[2, 4]\n",
    ),
    Case(
        "callback2",
        {
            "events.py": """
                class Bus:
                    def __init__(self):
                        self.h = []
                    def on(self, fn):
                        self.h.append(fn)
                    def emit(self, name, payload):
                        for fn in self.h:
                            fn(name, payload)
            """,
            "main.py": """
                from events import Bus
                out = []
                def first(name, payload):
                    out.append((name, payload))
                def second(payload):
                    out.append(payload)
                b = Bus()
                b.on(first)
                b.on(second)
                b.emit('x', 1)
                print(out)
            """,
        },
        "[('x', 1), 1]\n",
    ),
    Case(
        "lambdaarity",
        {
            "main.py": """
                def run(jobs):
                    return [job(3) for job in jobs]
                print(run([lambda: 1, lambda x: x]))
            """,
        },
        "[1, 3]\n",
    ),
    Case(
        "eventcb",
        {
            "main.py": """
                class Button:
                    def __init__(self):
                        self.cbs = []
                    def on_click(self, cb):
                        self.cbs.append(cb)
                    def click(self, x, y):
                        for cb in self.cbs:
                            cb(self, x, y)
                out = []
                class App:
                    def __init__(self, b):
                        b.on_click(self.clicked)
                    def clicked(self, x, y):
                        out.append((x, y))
                b = Button()
                App(b)
                b.click(1, 2)
                print(out)
            """,
        },
        "[(1, 2)]\n",
    ),
    Case(
        "exitargs",
        {
            "main.py": """
                class Timer:
                    def __enter__(self):
                        return self
                    def __exit__(self):
                        return False
                with Timer() as t:
                    print('x')
            """,
        },
        "x\n",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, old, tmp_path):
    solved(tmp_path, case, RULE, old=old)


REFUSED = {
    "two-lambdas": {
        "main.py": """
            def go(jobs):
                return [job(1) for job in jobs]


            go([lambda: 1, lambda: 2])
        """
    },
    "called-by-its-name": {
        "main.py": """
            def f(a):
                return a


            print(f(1, 2))
        """
    },
    "keywords-through-a-variable": {
        "main.py": """
            def f(a):
                return a


            for job in [f]:
                job(1, 2, depth=3)
        """
    },
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_its_case_is_left_alone(name, tmp_path):
    silent(tmp_path, REFUSED[name], RULE)
