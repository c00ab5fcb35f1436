from __future__ import annotations

import pytest

from tests.unit.repair.examples import check_example, named
from tests.unit.repair.programs import Case, check, refuse

RULE = "json-data"

CASES = [
    Case(
        "lines-of-a-file",
        {
            "events.py": """
                import json

                def read(path):
                    with open(path, encoding="utf-8") as file:
                        return json.load(file)
            """,
            "main.py": """
                import json
                import tempfile
                from pathlib import Path

                from events import read

                with tempfile.TemporaryDirectory() as folder:
                    file = Path(folder) / "events.jsonl"
                    file.write_text("".join(json.dumps({"n": n}) + "\\n" for n in range(3)), encoding="utf-8")
                    print(sum(event["n"] for event in read(file)))
            """,
        },
        "3\n",
        "[json.loads(line) for line in file if line.strip()]",
    ),
    Case(
        "blank-line-of-a-loop",
        {
            "main.py": """
                import json

                def read(text):
                    rows = []
                    for line in text.split("\\n"):
                        rows.append(json.loads(line))
                    return rows

                print(len(read('{"a": 1}\\n\\n{"a": 2}\\n')))
            """
        },
        "2\n",
        "if not line.strip():",
    ),
    Case(
        "file-for-its-text",
        {
            "main.py": """
                import json
                import tempfile
                from pathlib import Path

                def load(path):
                    with path.open() as file:
                        return json.loads(file)

                with tempfile.TemporaryDirectory() as folder:
                    file = Path(folder) / "a.json"
                    file.write_text("[1, 2]")
                    print(load(file))
            """
        },
        "[1, 2]\n",
        "json.load(file)",
    ),
    Case("text-for-a-file", {"main.py": 'import json\n\nBODY = "[1, 2]"\nprint(json.load(BODY))\n'}, "[1, 2]\n", "json.loads(BODY)"),
    Case(
        "path-for-a-file",
        {
            "main.py": """
                import json
                import tempfile
                from pathlib import Path

                def load(path):
                    return json.load(path)

                with tempfile.TemporaryDirectory() as folder:
                    file = Path(folder) / "a.json"
                    file.write_text("[3]")
                    print(load(str(file)))
            """
        },
        "[3]\n",
        'json.loads(Path(path).read_text(encoding="utf-8"))',
    ),
    Case("parsed-already", {"main.py": 'import json\n\nrow = {"a": 1}\nprint(json.loads(row)["a"])\n'}, "1\n", 'print(row["a"])'),
    Case("text-wanted", {"main.py": "import json\n\nprint(json.dump([1]))\n"}, "[1]\n", "json.dumps([1])"),
    Case(
        "arguments-exchanged",
        {"main.py": 'import io\nimport json\n\nout = io.StringIO()\nrow = {"a": 1}\njson.dump(out, row)\nprint(out.getvalue())\n'},
        '{"a": 1}\n',
        "json.dump(row, out)",
    ),
    Case(
        "pythons-notation",
        {
            "queue_store.py": """
                class Queue:
                    def __init__(self):
                        self.rows = []

                    def put(self, job):
                        self.rows.append(str(job))
            """,
            "main.py": """
                import json

                from queue_store import Queue

                queue = Queue()
                queue.put({"name": "a", "done": True})
                print(json.loads(queue.rows[0])["done"])
            """,
        },
        "True\n",
        "json.dumps(job)",
    ),
    Case(
        "end-of-the-old-file",
        {
            "state.py": """
                import json

                def update(path, state):
                    with open(path, "r+") as file:
                        json.load(file)
                        file.seek(0)
                        json.dump(state, file)
            """,
            "main.py": """
                import json
                import tempfile
                from pathlib import Path

                from state import update

                with tempfile.TemporaryDirectory() as folder:
                    file = Path(folder) / "state.json"
                    file.write_text(json.dumps({"open": [1, 2, 3, 4]}))
                    update(file, {"open": []})
                    print(json.loads(file.read_text()))
            """,
        },
        "{'open': []}\n",
        "file.truncate()",
    ),
    Case(
        "added-to-the-document",
        {
            "main.py": """
                import json
                import tempfile
                from pathlib import Path

                def save(path, state):
                    with open(path, "a") as out:
                        json.dump(state, out)

                with tempfile.TemporaryDirectory() as folder:
                    file = Path(folder) / "state.json"
                    save(file, {"n": 1})
                    save(file, {"n": 2})
                    print(json.loads(file.read_text())["n"])
            """
        },
        "2\n",
        'open(path, "w")',
    ),
    Case(
        "comma-behind-each",
        {
            "main.py": """
                import io
                import json

                def write(out, rows):
                    out.write("[")
                    for row in rows:
                        out.write(json.dumps(row) + ",")
                    out.write("]")

                out = io.StringIO()
                write(out, [1, 2])
                print(json.loads(out.getvalue()))
            """
        },
        "[1, 2]\n",
        "enumerate(rows)",
    ),
    Case(
        "empty-body-means-none",
        {
            "main.py": '''
                import json

                def answer(body):
                    """The decoded answer, or None if there is no body."""
                    return json.loads(body)

                print(answer(b""))
            '''
        },
        "None\n",
        "if body else None",
    ),
    Case(
        "read-from-the-end",
        {
            "main.py": """
                import json
                import tempfile

                def round_trip(value):
                    with tempfile.TemporaryFile("w+") as file:
                        json.dump(value, file)
                        return json.load(file)

                print(round_trip([1]))
            """
        },
        "[1]\n",
        "file.seek(0)",
    ),
    Case(
        "byte-order-mark",
        {
            "main.py": """
                import json
                import tempfile
                from pathlib import Path

                def load(path):
                    return json.loads(path.read_text(encoding="utf-8"))

                with tempfile.TemporaryDirectory() as folder:
                    file = Path(folder) / "a.json"
                    file.write_bytes(b"\\xef\\xbb\\xbf[1]")
                    print(load(file))
            """
        },
        "[1]\n",
        'encoding="utf-8-sig"',
    ),
    Case(
        "text-used-as-the-document",
        {
            "main.py": """
                class Reply:
                    def read(self):
                        return '{"items": [1, 2]}'

                def items(reply):
                    data = reply.read()
                    return data.get("items")

                print(items(Reply()))
            """
        },
        "[1, 2]\n",
        "json.loads(",
    ),
    Case(
        "written-twice",
        {
            "main.py": """
                import json

                def body(row):
                    text = json.dumps(row)
                    return json.dumps(text)

                row = json.loads(body({"a": 1}))
                print(row.get("a"))
            """
        },
        "1\n",
    ),
]

REFUSED = [
    ("a-page", {"main.py": 'import json\n\n\ndef read(text):\n    return json.loads(text)\n\n\nread("<html></html>")\n'}, "no JSON"),
    ("nothing-said", {"main.py": 'import json\n\n\ndef read(text):\n    return json.loads(text)\n\n\nread("")\n'}, "does not say what there is then"),
    ("cut-off", {"main.py": "import json\n\n\ndef read(text):\n    return json.loads(text)\n\n\nread('{\"a\": [1, 2')\n"}, "no JSON document"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_documents_are_read_and_written(case, tmp_path):
    check(tmp_path, case, RULE)


WITHOUT_VALUES = ("text-used-as-the-document", "path-for-a-file", "written-twice")


@pytest.mark.parametrize("case", [case for case in CASES if case.name not in WITHOUT_VALUES], ids=lambda case: case.name)
def test_without_columns(case, tmp_path):
    check(tmp_path, case, RULE, old=True)


@pytest.mark.parametrize(("name", "files", "word"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_is_no_document_is_said(name, files, word, tmp_path):
    refuse(tmp_path, files, word)


@pytest.mark.parametrize("example", named(RULE).examples, ids=lambda example: example.name)
def test_examples(example, tmp_path):
    check_example(named(RULE), example, tmp_path)
