from __future__ import annotations

import pytest

from nexoide.repair.engine import diagnose
from tests.unit.repair.examples import check_example, leaves_alone, named
from tests.unit.repair.programs import Case, check, fail, refuse

RULE = "unbound-local"

CASES = [
    Case(
        "global-counter",
        {
            "ids.py": """
                '''Numbers for orders.'''

                last = 0


                def following():
                    '''The next number.'''
                    last = last + 1
                    return last
            """,
            "main.py": """
                import ids

                ids.following()
                print(ids.following(), ids.last)
            """,
        },
        "2 2\n",
        "    global last\n    last = last + 1",
    ),
    Case(
        "global-cache-set-in-a-branch",
        {
            "main.py": """
                rows = None

                def load(ready):
                    if not ready:
                        rows = [1, 2]
                    return rows

                load(False)
                print(load(True))
            """
        },
        "[1, 2]\n",
        "    global rows",
    ),
    Case(
        "nonlocal-counter",
        {
            "main.py": """
                def counter():
                    count = 0

                    def step():
                        count += 1
                        return count

                    return step

                step = counter()
                step()
                print(step())
            """
        },
        "2\n",
        "        nonlocal count\n        count += 1",
    ),
    Case(
        "error-after-its-block",
        {
            "main.py": """
                def fetch(tries):
                    for number in range(tries):
                        try:
                            raise OSError(f"down {number}")
                        except OSError as error:
                            print("again")
                    raise error

                try:
                    fetch(2)
                except OSError as error:
                    print(error)
            """
        },
        "again\nagain\ndown 1\n",
        "last_error = error",
    ),
    Case(
        "mistyped-in-one-branch",
        {
            "main.py": """
                def label(points):
                    if points > 5:
                        status = "good"
                    else:
                        staus = "bad"
                    return status

                print(label(9), label(1))
            """
        },
        "good bad\n",
        '        status = "bad"',
    ),
    Case(
        "assigned-below-its-use",
        {
            "main.py": """
                def price(net):
                    gross = net + tax
                    tax = net * 2
                    return gross

                print(price(1))
            """
        },
        "3\n",
        "    tax = net * 2\n    gross = net + tax\n",
    ),
    Case(
        "inner-function-called-too-early",
        {
            "main.py": """
                def build(rows):
                    def scale(row):
                        return row * factor

                    scaled = [scale(row) for row in rows]
                    factor = 3
                    return scaled

                print(build([1, 2]))
            """
        },
        "[3, 6]\n",
        "    factor = 3\n    scaled = ",
    ),
    Case(
        "flag",
        {
            "main.py": """
                def has_even(rows):
                    for row in rows:
                        if row % 2 == 0:
                            found = True
                            break
                    return found

                print(has_even([2]), has_even([1]))
            """
        },
        "True False\n",
        "    found = False\n    for row in rows:",
    ),
    Case(
        "count-in-a-branch-of-a-loop",
        {
            "main.py": """
                def stats(rows):
                    for row in rows:
                        if row > 1:
                            count += 1
                    return count

                print(stats([1, 2, 3]))
            """
        },
        "2\n",
        "    count = 0\n    for row in rows:",
    ),
    Case(
        "count-per-group",
        {
            "main.py": """
                def lengths(groups):
                    result = []
                    for group in groups:
                        for row in group:
                            size += row
                        result.append(size)
                    return result

                print(lengths([[1, 2], [3]]))
            """
        },
        "[3, 3]\n",
        "        size = 0\n        for row in group:",
    ),
    Case(
        "text",
        {"main.py": "def join(rows):\n    for row in rows:\n        line += f'{row};'\n    return line\n\nprint(join([1, 2]))\n"},
        "1;2;\n",
        '    line = ""',
    ),
    Case(
        "list-begun-in-a-branch",
        {
            "main.py": """
                def pick(rows, fresh):
                    if fresh:
                        kept = []
                    for row in rows:
                        kept.append(row)
                    return kept

                print(pick([1], False))
            """
        },
        "[1]\n",
        "    kept = []\n    if fresh:",
    ),
    Case(
        "tested-for-none",
        {
            "main.py": """
                def owner(rows, name):
                    for row in rows:
                        if row["name"] == name:
                            match = row
                    if match is None:
                        return "nobody"
                    return match["owner"]

                print(owner([{"name": "a", "owner": "x"}], "a"), owner([], "a"))
            """
        },
        "x nobody\n",
        "    match = None\n    for row",
    ),
    Case(
        "default-constant",
        {
            "main.py": """
                DEFAULT_RATE = 2

                def cost(kind, amount):
                    if kind == "gold":
                        rate = 1
                    return amount * rate

                print(cost("gold", 5), cost("tin", 5))
            """
        },
        "5 10\n",
        "    rate = DEFAULT_RATE\n",
    ),
    Case(
        "described",
        {
            "main.py": """
                \'\'\'Discounts.

                members            5 %
                everybody else     0 %
                \'\'\'

                def percent(member):
                    if member:
                        found = 5
                    return found

                print(percent(True), percent(False))
            """
        },
        "5 0\n",
        "    found = 0\n    if member:",
    ),
    Case(
        "handler-goes-on",
        {
            "main.py": """
                def number(text):
                    if not text:
                        return None
                    try:
                        value = int(text)
                    except ValueError:
                        print("no number:", text)
                    return value

                print(number("3"), number("x"))
            """
        },
        "no number: x\n3 None\n",
        "        return None\n    return value",
    ),
    Case(
        "closed-but-never-opened",
        {
            "main.py": """
                class Link:
                    def __init__(self, up):
                        if not up:
                            raise OSError("down")

                    def close(self):
                        print("closed")

                def talk(up):
                    try:
                        link = Link(up)
                        return "talked"
                    except OSError as error:
                        return str(error)
                    finally:
                        link.close()

                print(talk(True), talk(False))
            """
        },
        "closed\ntalked down\n",
        "if link is not None:",
    ),
    Case(
        "at-the-top-level",
        {
            "main.py": """
                import sys

                rows = []
                for row in rows:
                    total = total + row if row else row
                    found = True
                if found:
                    print("found")
                print("done")
            """
        },
        "done\n",
        "found = False\nfor row in rows:",
    ),
    Case(
        "neutral-in-a-sum",
        {
            "main.py": """
                def invoice(net, express):
                    if express:
                        fee = 5
                    return net + fee

                print(invoice(1, True), invoice(1, False))
            """
        },
        "6 1\n",
        "    fee = 0\n    if express:",
    ),
    Case(
        "the-description-names-the-constant",
        {
            "grades.py": """
                LIMITS = [(90, "A"), (70, "B")]
                FAILED = "F"


                def grade(points):
                    \"\"\"The letter of the first limit that is reached; FAILED below all of them.\"\"\"
                    for limit, letter in LIMITS:
                        if points >= limit:
                            result = letter
                            break
                    return result
            """,
            "main.py": "from grades import grade\n\nprint(grade(95), grade(72), grade(3))\n",
        },
        "A B F\n",
        "    result = FAILED\n",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, old, tmp_path):
    check(tmp_path, case, RULE, old=old)


@pytest.mark.parametrize("example", named(RULE).examples, ids=lambda example: example.name)
def test_its_examples_hold(example, tmp_path):
    check_example(named(RULE), example, tmp_path)


def test_a_value_that_nothing_says_is_not_made_up(tmp_path):
    files = {"main.py": "def load(kind):\n    if kind == 'a':\n        found = open\n    return found\n\nload('b')\n"}
    refuse(tmp_path, files, "nothing in the program says")


def test_a_variable_that_hides_a_function_is_another_rule_s_case(tmp_path):
    leaves_alone(RULE, tmp_path, {"main.py": "def biggest(rows):\n    max = max(rows)\n    return max\n\nbiggest([1])\n"})


def test_a_guess_is_called_one(tmp_path):
    files = {"main.py": "def cost(net, rush):\n    if rush:\n        fee = 5\n    return net + fee\n\ncost(1, False)\n"}
    case = Case("guess", files, "")
    best = check(tmp_path, case, RULE).proposals[0]
    assert best.guesses
    assert best.prior < 0.7
    assert best.cautions


def test_factors_of_every_size_have_no_nothing(tmp_path):
    files = {
        "main.py": "def metres(value, unit):\n    if unit == 'km':\n        factor = 1000\n    elif unit == 'cm':\n        factor = 0.01\n"
        "    return value * factor\n\n\nprint(metres(3, 'CM'))\n"
    }
    assert diagnose(tmp_path, fail(tmp_path, files)).proposals == ()
