from __future__ import annotations

import pytest

from tests.unit.repair.examples import check_example, leaves_alone, named
from tests.unit.repair.programs import Case, check, refuse

RULE = "super-init"

BASE = """
    class Base:
        def __init__(self, name, limit=3, *, loud=False):
            self.name = name
            self.limit = limit
            self.loud = loud
            self.rows = []
            self.setup()

        def setup(self):
            pass
"""

CASES = [
    Case(
        "left-out-two-levels-up",
        {
            "base.py": BASE,
            "middle.py": "from base import Base\n\n\nclass Middle(Base):\n    pass\n",
            "main.py": """
                from middle import Middle


                class Log(Middle):
                    '''A log.'''

                    def __init__(self, name, loud, level):
                        '''Begin.'''
                        self.level = level

                    def add(self, row):
                        self.rows.append(row)


                log = Log("a", True, 2)
                log.add(1)
                print(log.name, log.loud, log.level, log.rows)
            """,
        },
        "a True 2 [1]\n",
        "super().__init__(name, loud=loud)\n        self.level",
    ),
    Case(
        "named-and-not-called",
        {
            "main.py": """
                class Base:
                    def __init__(self):
                        self.rows = []

                class A(Base):
                    def __init__(self):
                        super().__init__
                        self.name = "x"

                print(A().rows)
            """
        },
        "[]\n",
        "super().__init__()",
    ),
    Case(
        "thread",
        {
            "main.py": """
                import threading

                class Job(threading.Thread):
                    def __init__(self, n):
                        self.n = n

                    def __repr__(self):
                        return "job"

                    def run(self):
                        print(self.n)

                job = Job(2)
                job.start()
                job.join()
            """
        },
        "2\n",
        "super().__init__()\n",
    ),
    Case(
        "without-brackets",
        {
            "base.py": BASE,
            "main.py": "from base import Base\n\n\nclass A(Base):\n    def __init__(self, name):\n        super.__init__(self, name)\n\n\nprint(A('x').name)\n",
        },
        "x\n",
        "super().__init__(name)",
    ),
    Case(
        "self-given-twice",
        {
            "main.py": "class B:\n    def __init__(self, n):\n        self.n = n\n\n\nclass A(B):\n"
            "    def __init__(self, n):\n        super().__init__(self, n)\n\n\n"
            "print(A(1).n)\n"
        },
        "1\n",
        "super().__init__(n)",
    ),
    Case(
        "class-call-without-self",
        {
            "main.py": "class B:\n    def __init__(self, n):\n        self.n = n\n\n\nclass A(B):\n    def __init__(self, n):\n        B.__init__(n)\n\n\n"
            "print(A(1).n)\n"
        },
        "1\n",
        "B.__init__(self, n)",
    ),
    Case(
        "of-another-class",
        {
            "main.py": "class B:\n    def __init__(self):\n        self.n = 1\n\n\nclass C:\n    pass\n\n\nclass A(B):\n"
            "    def __init__(self):\n        super(C, self).__init__()\n\n\n"
            "print(A().n)\n"
        },
        "1\n",
        "super().__init__()",
    ),
    Case(
        "called-after-what-it-sets-was-needed",
        {
            "papers.py": """
                class Paper:
                    def __init__(self, number):
                        self.number = number
                        self.lines = []

                    def add(self, line):
                        self.lines.append(line)


                class Invoice(Paper):
                    def __init__(self, number, amounts):
                        for amount in amounts:
                            self.add(amount)
                        # kept: the number comes last
                        super().__init__(number)
            """,
            "main.py": "from papers import Invoice\n\npaper = Invoice(7, [1, 2])\nprint(paper.number, sum(paper.lines))\n",
        },
        "7 3\n",
        "        super().__init__(number)\n        for amount",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, old, tmp_path):
    check(tmp_path, case, RULE, old=old)


@pytest.mark.parametrize("example", named(RULE).examples, ids=lambda example: example.name)
def test_its_examples_hold(example, tmp_path):
    check_example(named(RULE), example, tmp_path)


def test_arguments_that_the_class_does_not_have_are_not_made_up(tmp_path):
    files = {"base.py": BASE, "main.py": "from base import Base\n\n\nclass A(Base):\n    def __init__(self):\n        self.n = 1\n\n\nprint(A().rows)\n"}
    refuse(tmp_path, files, "nothing says what it should be given")


def test_a_base_that_is_called_is_not_its_case(tmp_path):
    files = {
        "base.py": BASE,
        "main.py": "from base import Base\n\n\nclass A(Base):\n    def __init__(self):\n        super().__init__('a')\n\n\nprint(A().qqqqqq)\n",
    }
    leaves_alone(RULE, tmp_path, files)


def test_a_call_that_needs_what_comes_before_it_is_not_moved(tmp_path):
    files = {
        "main.py": "class B:\n    def __init__(self, n):\n        self.rows = [n]\n\n\nclass A(B):\n    def __init__(self):\n        n = 1\n"
        "        self.rows.append(2)\n        super().__init__(n)\n\n\nprint(A().rows)\n"
    }
    leaves_alone(RULE, tmp_path, files)
