from __future__ import annotations

import pytest

from tests.unit.repair.examples import check_example, named
from tests.unit.repair.programs import Case, check, refuse

RULE = "resource-open"
BEGIN = """
                import tempfile
                from pathlib import Path

                folder = tempfile.TemporaryDirectory()
                file = Path(folder.name) / "a.txt"
                file.write_text("b\\na\\n")
"""

CASES = [
    Case(
        "used-behind-its-block",
        {
            "main.py": BEGIN
            + """
                def lines(path):
                    found = []
                    with open(path) as source:
                        source.readline()
                    for line in source:
                        found.append(line.strip())
                    return found

                print(lines(file))
            """
        },
        "['a']\n",
        "        for line in source:",
    ),
    Case(
        "reader-behind-its-block",
        {
            "rows.py": """
                import csv

                def rows(path):
                    with open(path, newline="") as source:
                        reader = csv.reader(source)
                    return [row[0] for row in reader]
            """,
            "main.py": BEGIN
            + """
                from rows import rows

                print(rows(file))
            """,
        },
        "['b', 'a']\n",
        "list(csv.reader(source))",
    ),
    Case(
        "map-handed-out",
        {
            "main.py": BEGIN
            + """
                def words(path):
                    with path.open() as source:
                        return map(str.strip, source)

                print(sorted(words(file)))
            """
        },
        "['a', 'b']\n",
        "return list(map(str.strip, source))",
    ),
    Case(
        "cursor-of-a-closed-database",
        {
            "main.py": """
                import sqlite3
                from contextlib import closing

                def numbers():
                    with closing(sqlite3.connect(":memory:")) as db:
                        return db.execute("select 1 union select 2")

                print([row[0] for row in numbers()])
            """
        },
        "[1, 2]\n",
        ".fetchall()",
    ),
    Case(
        "closed-within-its-loop",
        {
            "main.py": BEGIN
            + """
                def write(path, rows):
                    out = open(path, "w")
                    for row in rows:
                        out.write(row)
                        out.close()

                write(file, ["x", "y"])
                print(file.read_text())
            """
        },
        "xy\n",
        "\n    out.close()",
    ),
    Case(
        "pool-behind-its-block",
        {
            "main.py": """
                from concurrent.futures import ThreadPoolExecutor

                def lengths(words):
                    with ThreadPoolExecutor() as pool:
                        first = pool.submit(len, words[0])
                    rest = [pool.submit(len, word) for word in words[1:]]
                    return [item.result() for item in [first, *rest]]

                print(lengths(["a", "bb"]))
            """
        },
        "[1, 2]\n",
        "        rest = [pool",
    ),
    Case(
        "never-closed",
        {
            "main.py": BEGIN
            + """
                import resource

                resource.setrlimit(resource.RLIMIT_NOFILE, (32, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))

                class Keeper:
                    def __init__(self):
                        self.rows = []

                    def add(self, path):
                        source = open(path)
                        lines = (line.strip() for line in source)
                        self.rows.append(lines)

                keeper = Keeper()
                for _ in range(40):
                    keeper.add(file)
                print(sum(len(list(row)) for row in keeper.rows))
            """
        },
        "80\n",
        "with open(path) as source:",
    ),
    Case(
        "close-not-called",
        {
            "main.py": BEGIN
            + """
                import json

                def save(path, value):
                    out = open(path, "w")
                    json.dump(value, out)
                    out.close
                    return json.loads(path.read_text())

                print(save(file, [1]))
            """
        },
        "[1]\n",
        "out.close()",
    ),
    Case(
        "read-before-it-is-written-out",
        {
            "main.py": BEGIN
            + """
                import json

                def load(path):
                    return json.loads(Path(path).read_text())

                def round_trip(value):
                    with tempfile.NamedTemporaryFile("w") as out:
                        json.dump(value, out)
                        return load(out.name)

                print(round_trip([1]))
            """
        },
        "[1]\n",
        "out.flush()",
    ),
    Case(
        "lost-with-its-connection",
        {
            "main.py": BEGIN
            + """
                import sqlite3

                base = Path(folder.name) / "a.db"

                def add(name):
                    db = sqlite3.connect(base)
                    db.execute("create table if not exists item (name text)")
                    db.execute("insert into item values (?)", (name,))
                    db.close()

                def first():
                    db = sqlite3.connect(base)
                    return db.execute("select name from item").fetchall()[0][0]

                add("axe")
                print(first())
            """
        },
        "axe\n",
        "    db.commit()",
    ),
    Case(
        "given-back-twice",
        {
            "main.py": """
                import threading

                lock = threading.Lock()
                counts = []

                def count():
                    with lock:
                        counts.append(1)
                        lock.release()
                    return len(counts)

                print(count())
            """
        },
        "1\n",
    ),
    Case(
        "folder-of-a-name-alone",
        {
            "main.py": """
                import tempfile
                from pathlib import Path

                def workspace():
                    return Path(tempfile.TemporaryDirectory().name)

                file = workspace() / "a.txt"
                file.write_text("x")
                print(file.read_text())
            """
        },
        "x\n",
        "tempfile.mkdtemp()",
    ),
]

REFUSED = [
    ("a-missing-file", {"main.py": 'with open("nothing-of-that-name.bin", "rb") as source:\n    print(source.read())\n'}, ""),
    ("an-index", {"main.py": "with open(__file__) as source:\n    text = source.read()\nprint([text][3])\n"}, ""),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_things_are_used_while_they_are_open(case, tmp_path):
    check(tmp_path, case, RULE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_without_columns(case, tmp_path):
    check(tmp_path, case, RULE, old=True)


@pytest.mark.parametrize(("name", "files", "word"), REFUSED, ids=[row[0] for row in REFUSED])
def test_other_errors_are_left(name, files, word, tmp_path):
    refuse(tmp_path, files, word)


@pytest.mark.parametrize("example", named(RULE).examples, ids=lambda example: example.name)
def test_examples(example, tmp_path):
    check_example(named(RULE), example, tmp_path)
