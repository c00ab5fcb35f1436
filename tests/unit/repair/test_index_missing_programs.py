from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.repair.programs import Case, check

CASES = [
    Case(
        "matrix-col",
        {
            "main.py": """
                def column_sums(rows):
                    sums = []
                    for c in range(len(rows)):
                        total = 0
                        for r in range(len(rows)):
                            total += rows[r][c]
                        sums.append(total)
                    return sums
                print(column_sums([[1, 2], [3, 4], [5, 6]]))
            """,
        },
        "[9, 12]\n",
    ),
    Case(
        "moving-average",
        {
            "main.py": """
                def moving(values, window):
                    out = []
                    for i in range(len(values)):
                        s = 0
                        for j in range(window):
                            s += values[i + j]
                        out.append(s / window)
                    return out
                print(moving([1, 2, 3, 4], 2))
            """,
        },
        "[1.5, 2.5, 3.5]\n",
    ),
    Case(
        "binary-search",
        {
            "main.py": """
                def find(xs, x):
                    lo, hi = 0, len(xs)
                    while lo <= hi:
                        mid = (lo + hi) // 2
                        if xs[mid] == x:
                            return mid
                        if xs[mid] < x:
                            lo = mid + 1
                        else:
                            hi = mid - 1
                    return -1
                print(find([1, 3, 5], 5), find([1, 3, 5], 9))
            """,
        },
        "2 -1\n",
    ),
    Case(
        "merge",
        {
            "main.py": """
                def merge(a, b):
                    i = j = 0
                    out = []
                    while i < len(a) or j < len(b):
                        if a[i] <= b[j]:
                            out.append(a[i]); i += 1
                        else:
                            out.append(b[j]); j += 1
                    return out + a[i:] + b[j:]
                print(merge([1, 4], [2, 3]))
            """,
        },
        "[1, 2, 3, 4]\n",
    ),
    Case(
        "csv-short",
        {
            "main.py": '''
                def parse(text):
                    """Parse name;age lines. Blank lines are ignored."""
                    people = []
                    for line in text.split("\\n"):
                        fields = line.split(";")
                        people.append((fields[0], int(fields[1])))
                    return people
                print(parse("a;1\\n\\nb;2\\n"))
            ''',
        },
        "[('a', 1), ('b', 2)]\n",
    ),
    Case(
        "last-none",
        {
            "main.py": '''
                from typing import Optional
                class History:
                    def __init__(self):
                        self.events = []
                    def last(self) -> Optional[str]:
                        """The newest event, or None."""
                        return self.events[-1]
                    def describe(self):
                        e = self.last()
                        return "nothing yet" if e is None else e
                print(History().describe())
            ''',
        },
        "nothing yet\n",
    ),
    Case(
        "wrap-week",
        {
            "main.py": """
                DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
                def next_day(name):
                    return DAYS[DAYS.index(name) + 1]
                print(next_day("Fr"), next_day("Su"))
            """,
        },
        "Sa Mo\n",
    ),
    Case(
        "caesar",
        {
            "main.py": """
                import string
                def shift(text, n):
                    letters = string.ascii_lowercase
                    out = ""
                    for ch in text:
                        if ch in letters:
                            out += letters[letters.index(ch) + n]
                        else:
                            out += ch
                    return out
                print(shift("xyz", 3))
            """,
        },
        "abc\n",
    ),
    Case(
        "transpose",
        {
            "main.py": """
                def transpose(m):
                    rows, cols = len(m), len(m[0])
                    out = [[0] * cols for _ in range(rows)]
                    for r in range(rows):
                        for c in range(cols):
                            out[c][r] = m[r][c]
                    return out
                print(transpose([[1, 2, 3], [4, 5, 6]]))
            """,
        },
        "[[1, 4], [2, 5], [3, 6]]\n",
    ),
    Case(
        "pop-while",
        {
            "main.py": """
                def process(tasks):
                    done = []
                    while len(tasks) >= 0:
                        t = tasks.pop()
                        done.append(t)
                    return done
                print(process([1, 2]))
            """,
        },
        "[2, 1]\n",
    ),
    Case(
        "pages",
        {
            "main.py": '''
                class Book:
                    def __init__(self, pages): self.pages = pages
                    def page(self, number):
                        """Page `number`, counted from 1."""
                        return self.pages[number]
                b = Book(["a", "b"])
                print(b.page(2))
            ''',
        },
        "b\n",
    ),
    Case(
        "carousel",
        {
            "main.py": '''
                class Carousel:
                    """Shows slides one after the other, endlessly: after the last comes the first again."""
                    def __init__(self, slides):
                        self.slides = slides
                        self.at = 0
                    def advance(self):
                        self.at += 1
                        return self.slides[self.at]
                c = Carousel(["a", "b"])
                print(c.advance(), c.advance())
            ''',
        },
        "b a\n",
    ),
    Case(
        "fixed-index",
        {
            "main.py": """
                def parse(line):
                    fields = line.strip().split(",")
                    return {"id": fields[0], "name": fields[1], "price": float(fields[3])}
                print(parse("7,tea,2.5"))
            """,
        },
        "{'id': '7', 'name': 'tea', 'price': 2.5}\n",
    ),
    Case(
        "bubble",
        {
            "main.py": """
                def sort(xs):
                    xs = list(xs)
                    for i in range(len(xs)):
                        for j in range(len(xs) - i):
                            if xs[j] > xs[j + 1]:
                                xs[j], xs[j + 1] = xs[j + 1], xs[j]
                    return xs
                print(sort([3, 1, 2]))
            """,
        },
        "[1, 2, 3]\n",
    ),
    Case(
        "dp",
        {
            "main.py": """
                def coins(total, kinds):
                    best = [float("inf")] * total
                    best[0] = 0
                    for t in range(1, total + 1):
                        for k in kinds:
                            if k <= t:
                                best[t] = min(best[t], best[t - k] + 1)
                    return best[total]
                print(coins(7, [1, 3]))
            """,
        },
        "3\n",
    ),
    Case(
        "lcs",
        {
            "main.py": """
                def lcs(a, b):
                    t = [[0] * len(b) for _ in range(len(a))]
                    for i in range(1, len(a) + 1):
                        for j in range(1, len(b) + 1):
                            if a[i - 1] == b[j - 1]:
                                t[i][j] = t[i - 1][j - 1] + 1
                            else:
                                t[i][j] = max(t[i - 1][j], t[i][j - 1])
                    return t[len(a)][len(b)]
                print(lcs("abcde", "ace"))
            """,
        },
        "3\n",
    ),
    Case(
        "prev",
        {
            "main.py": """
                def deltas(xs):
                    return [xs[i + 1] - xs[i] for i in range(len(xs))]
                print(deltas([1, 4, 9]))
            """,
        },
        "[3, 5]\n",
    ),
    Case(
        "tokens",
        {
            "main.py": """
                def tokens(text):
                    out, i = [], 0
                    while i < len(text):
                        if text[i].isdigit():
                            j = i
                            while text[j].isdigit():
                                j += 1
                            out.append(text[i:j]); i = j
                        else:
                            out.append(text[i]); i += 1
                    return out
                print(tokens("12+3"))
            """,
        },
        "['12', '+', '3']\n",
    ),
    Case(
        "stack-calc",
        {
            "main.py": '''
                def depth(text):
                    """Deepest nesting, or -1 if the brackets do not match."""
                    stack, best = [], 0
                    for ch in text:
                        if ch == "(":
                            stack.append(ch); best = max(best, len(stack))
                        elif ch == ")":
                            stack.pop()
                    return best if not stack else -1
                print(depth("(())"), depth("())"))
            ''',
        },
        "2 -1\n",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_repairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: Case) -> None:
    monkeypatch.chdir(tmp_path)
    check(tmp_path, case, "index-missing")
