from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.repair.engine import diagnose
from tests.unit.repair.programs import Case, apply, check, fail, run, write

RULE = "file-missing"

BESIDE = Case(
    "from-the-modules-own-folder",
    {
        "shop/data/prices.txt": "tea 3\n",
        "shop/prices.py": """
            def load():
                with open("data/prices.txt", encoding="utf-8") as source:
                    return source.read().split()
        """,
        "main.py": """
            from shop.prices import load

            print(load())
        """,
    },
    "['tea', '3']\n",
    'Path(__file__).resolve().parent / "data/prices.txt"',
)


@pytest.mark.parametrize("old", [False, True], ids=["columns", "no-columns"])
def test_takes_a_file_from_the_modules_own_folder(tmp_path: Path, old: bool) -> None:
    check(tmp_path, BESIDE, RULE, old=old)


def repaired(root: Path, files: dict[str, str]) -> tuple[str, bytes]:
    """Repair with the first proposal; return what is printed then, and the edited main.py."""
    failure = fail(root, files)
    best = diagnose(root, failure).proposals[0]
    assert best.rule == RULE
    apply(root, best)
    printed, again = run(root)
    assert again is None, (again and again.exceptions[0].message, best)
    return printed, (root / "main.py").read_bytes()


def test_uses_the_file_of_almost_that_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {
        "data/customers.json": '["Ada"]',
        "main.py": """
            import json
            from pathlib import Path

            FOLDER = Path("data")

            def load(name):
                return json.loads((FOLDER / name).read_text())

            print(load("costumers.json"))
        """,
    }
    printed, source = repaired(tmp_path, files)
    assert printed == "['Ada']\n"
    assert b'load("customers.json")' in source


def test_uses_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {
        "config/app.cfg": "x",
        "main.py": 'import os\n\nCONFIG = os.path.join("conf", "app.cfg")\n\n\ndef read():\n    return open(CONFIG).read()\n\n\nprint(read())\n',
    }
    printed, source = repaired(tmp_path, files)
    assert printed == "x\n"
    assert b'os.path.join("config", "app.cfg")' in source


def test_makes_the_folder_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {
        "main.py": """
            from pathlib import Path

            def save(folder, text):
                target = Path(folder) / "reports" / "day.txt"
                target.write_text(text)
                return target.read_text()

            print(save("out", "done"))
        """
    }
    printed, source = repaired(tmp_path, files)
    assert printed == "done\n"
    assert b"    target.parent.mkdir(parents=True, exist_ok=True)\n    target.write_text(text)" in source


def test_makes_the_folder_of_an_opened_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {
        "main.py": (
            'def log(path, line):\n    with open(path, "a") as out:\n        out.write(line)\n\n\nlog("logs/app.log", '
            '"x")\nprint(open("logs/app.log").read())\n'
        )
    }
    printed, source = repaired(tmp_path, files)
    assert printed == "x\n"
    assert b"import os" in source


def test_puts_the_listed_folder_in_front(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {
        "texts/a.txt": "A",
        "texts/b.txt": "B",
        "main.py": """
            import os

            def read(folder):
                found = []
                for name in sorted(os.listdir(folder)):
                    with open(name) as source:
                        found.append(source.read())
                return found

            print(read(os.path.join(os.path.dirname(__file__), "texts")))
        """,
    }
    printed, source = repaired(tmp_path, files)
    assert printed == "['A', 'B']\n"
    assert b"open(os.path.join(folder, name))" in source


def test_takes_a_folder_that_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {"out/kept.txt": "k", "main.py": 'import os\n\nos.mkdir("out")\nprint(os.listdir("out"))\n'}
    printed, _ = repaired(tmp_path, files)
    assert printed == "['kept.txt']\n"


def test_strips_the_end_of_a_line(tmp_path: Path) -> None:
    files = {
        "a.txt": "A",
        "list.txt": "a.txt\n",
        "main.py": """
            from pathlib import Path

            HERE = Path(__file__).parent

            def texts():
                for line in open(HERE / "list.txt"):
                    yield open(str(HERE) + "/" + line).read()

            print(list(texts()))
        """,
    }
    failure = fail(tmp_path, files)
    assert "\\n" in failure.exceptions[0].message
    assert diagnose(tmp_path, failure).proposals == ()  # the path is a sum: only its part would be stripped


def test_a_file_that_nothing_is_like_is_said(tmp_path: Path) -> None:
    files = {"settings.example.ini": "a=1", "main.py": 'print(open("settings.ini").read())\n'}
    diagnosis = diagnose(tmp_path, fail(tmp_path, files))
    assert diagnosis.proposals == ()
    assert "settings.example.ini" in diagnosis.advice[0].text


def test_a_program_that_is_not_installed_is_said(tmp_path: Path) -> None:
    diagnosis = diagnose(tmp_path, fail(tmp_path, {"main.py": 'import subprocess\n\nsubprocess.run(["no-such-tool-x", "-v"])\n'}))
    assert diagnosis.proposals == ()
    assert any("no-such-tool-x" in item.title for item in diagnosis.advice)


def test_a_missing_file_that_the_docstring_allows(tmp_path: Path) -> None:
    files = {
        "main.py": '''
            import json

            def load(path):
                """Return the saved state; an empty dict if the file does not exist: {} then."""
                with open(path) as source:
                    return json.load(source)

            print(load("state-x.json"))
        '''
    }
    write(tmp_path, files)
    best = diagnose(tmp_path, fail(tmp_path, files)).proposals[0]
    assert b"if not os.path.exists(path):\n        return {}" in best.files["main.py"][1]
