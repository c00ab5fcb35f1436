"""`nexoide heal` as an operator runs it: on a plain folder, without a workspace, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

from tests.unit.repair.programs import write

pytestmark = pytest.mark.sandbox
TYPO = {
    "app.py": """
        import stock

        def main():
            items = stock.load()
            print(stock.total(items))
            print(items[0].lenght)

        main()
        """,
    "stock.py": """
        class Item:
            def __init__(self, length):
                self.length = length

        def load():
            return [Item(3), Item(4)]

        def total(items):
            return sum(item.length for item in items)
        """,
}
TWICE = {**TYPO, "app.py": TYPO["app.py"].replace("stock.total", "stock.totl")}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    write(tmp_path / "my shop", TYPO)
    return tmp_path / "my shop"


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NEXOIDE", "PYTEST"))}
    return {**kept, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", **more}


def heal(folder: Path, *words: str, code: int, command: str = "python app.py", **env: str) -> dict[str, Any]:
    """Run the command with --json; the document is all that it prints."""
    argv = [sys.executable, "-m", "nexoide.cli", "heal", "--json", "--path", str(folder), *(("--command", command) if command else ()), *words]
    done = subprocess.run(argv, env=environment(**env), capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=110, check=False)
    assert done.returncode == code, (done.returncode, done.stdout[-2000:], done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"" for path in sorted(folder.rglob("*"))}


def ours() -> set[str]:
    """The scratch folders of this user's processes, as they are now."""
    return {path.name for path in Path(tempfile.gettempdir()).glob("nexoide-sandbox-*")}


def test_a_failing_program_gets_a_patch_that_git_applies_and_that_works(shop: Path) -> None:
    before = contents(shop)
    found = heal(shop, "--no-test", code=0)
    assert contents(shop) == before, "something was written"
    assert (found["status"], found["error_class"]) == ("fixed", "AttributeError")
    assert found["where"] == "app.py:6, in main"
    best = found["patches"][0]
    assert best["passes"]
    assert best["rule"] == "attribute-missing"
    assert ("replay", "passed") in [(row["kind"], row["outcome"]) for row in best["evidence"]]
    assert "app.py" in best["files"]
    applied = subprocess.run(["git", "apply", "-"], cwd=shop, input=best["diff"].encode(), capture_output=True, check=False)
    assert applied.returncode == 0, applied.stderr
    assert subprocess.run([sys.executable, "-B", "app.py"], cwd=shop, capture_output=True, text=True, check=True).stdout == "7\n3\n"


def test_a_second_failure_behind_the_first_is_repaired_with_it(tmp_path: Path) -> None:
    write(tmp_path / "shop", TWICE)
    found = heal(tmp_path / "shop", "--no-test", code=0)
    best = found["patches"][0]
    assert best["rounds"] == 2
    subprocess.run(["patch", "-p1", "--silent"], cwd=tmp_path / "shop", input=best["diff"].encode(), check=True)
    assert subprocess.run([sys.executable, "-B", "app.py"], cwd=tmp_path / "shop", capture_output=True, text=True, check=True).stdout == "7\n3\n"


def test_what_is_well_needs_no_patch(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": "print(1)\n"})
    found = heal(tmp_path, code=0)
    assert (found["status"], found["patches"]) == ("nothing_to_fix", [])


def test_a_command_that_says_nothing_is_told_as_it_was_seen(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": "import sys\nprint('no luck')\nsys.exit(3)\n"})
    found = heal(tmp_path, code=1)
    assert (found["status"], found["exit_code"], found["error_class"], found["patches"]) == ("not_fixed", 3, "SystemExit", [])
    assert "ended with 3" in found["said"]
    assert "no luck" in found["said"]


def test_an_error_that_the_program_catches_itself_is_found(tmp_path: Path) -> None:
    app = TYPO["app.py"].replace(
        "        main()\n",
        "        try:\n            main()\n        except Exception as error:\n            print('error:', error)\n            raise SystemExit(1)\n",
    )
    write(tmp_path, {**TYPO, "app.py": app})
    found = heal(tmp_path, "--no-test", code=0)
    assert (found["status"], found["error_class"]) == ("fixed", "AttributeError")


def test_a_program_that_is_not_python_is_said_in_a_sentence(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": "import broken\n", "broken.py": "def f(:\n    pass\n"})
    found = heal(tmp_path, code=1)
    assert found["error_class"] == "SyntaxError"
    assert found["where"] == "broken.py:1"


def test_a_coroutine_that_nobody_awaits_is_a_failure_though_the_program_ends_well(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": "async def work():\n    return 1\n\n\ndef main():\n    work()\n    print('done')\n\n\nmain()\n"})
    argv = [sys.executable, "-m", "nexoide.cli", "heal", "--json", "--path", str(tmp_path), "--command", "python app.py", "--no-test"]
    done = subprocess.run(argv, env=environment(), capture_output=True, text=True, timeout=110, check=False)
    found = json.loads(done.stdout)
    assert found["error_class"] == "RuntimeWarning"
    assert "never awaited" in found["error"]


def test_what_reads_the_keyboard_gets_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": "print(input())\n"})
    assert heal(tmp_path, code=1)["error_class"] == "EOFError"


def test_a_run_without_end_is_stopped(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": "import time\nprint('on', flush=True)\ntime.sleep(60)\n"})
    began = time.monotonic()
    found = heal(tmp_path, "--timeout", "1", code=1)
    assert time.monotonic() - began < 20
    assert "stopped after 1 s" in found["said"]
    assert found["exit_code"] is None


def test_failing_tests_are_a_failing_command(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "prices.py": "def net(price):\n    return round(pirce / 1.2, 2)\n",
            "test_prices.py": "from prices import net\n\n\ndef test_net():\n    assert net(12) == 10\n\n\ndef test_zero():\n    assert net(0) == 0\n",
        },
    )
    before = contents(tmp_path)
    found = heal(tmp_path, "--no-test", code=0, command="pytest -q")
    assert found["error_class"] == "NameError"
    assert found["patches"][0]["files"][0] == "prices.py"
    assert contents(tmp_path) == before


def test_variables_reach_the_command_and_their_values_no_document(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": "import os\n\nassert os.environ['SHOP_MODE'] == 'tëst', 'mode'\nassert os.environ['SHOP_KEY'], 'key'\nprint({}['x'])\n"})
    found = heal(tmp_path, "--env", "SHOP_MODE=tëst", "--no-test", code=1, SHOP_KEY="v4lue-of-the-key")
    assert (found["error_class"], found["error"]) == ("KeyError", "'x'")
    assert "v4lue-of-the-key" not in json.dumps(found)


def test_carriage_returns_and_a_missing_newline_are_kept(tmp_path: Path) -> None:
    app = b"class Item:\r\n    length = 3\r\n\r\n\r\nprint(Item().lenght)"
    (tmp_path / "app.py").write_bytes(app)
    found = heal(tmp_path, "--no-test", code=0)
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=found["patches"][0]["diff"].encode(), check=True)
    assert (tmp_path / "app.py").read_bytes() == app.replace(b"lenght", b"length")


def test_a_folder_inside_a_repository_is_healed_where_it_lies(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    write(tmp_path / "services" / "shop", TYPO)
    found = heal(tmp_path / "services" / "shop", "--no-test", code=0)
    subprocess.run(["git", "apply", "-"], cwd=tmp_path / "services" / "shop", input=found["patches"][0]["diff"].encode(), check=True)
    assert "items[0].length" in (tmp_path / "services" / "shop" / "app.py").read_text()


def test_apply_writes_the_best_patch_and_says_what(shop: Path) -> None:
    found = heal(shop, "--apply", "--no-test", code=0)
    assert found["written"] == sorted(found["patches"][0]["files"])
    assert found["refused"] == ""
    assert "items[0].length" in (shop / "app.py").read_text()
    assert heal(shop, code=0)["status"] == "nothing_to_fix"
    assert not list(shop.rglob("__pycache__"))


def test_apply_refuses_a_patch_that_is_not_there(shop: Path) -> None:
    before = contents(shop)
    found = heal(shop, "--apply", "--patch", "H-9", "--no-test", code=3)
    assert (found["written"], "H-9" in found["refused"]) == ([], True)
    assert contents(shop) == before


def test_the_file_alone_names_the_command(shop: Path) -> None:
    found = heal(shop, "--file", "app.py", "--no-test", code=0, command="")
    assert found["status"] == "fixed"


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_stopped_early_it_ends_cleanly(tmp_path: Path, sign: signal.Signals) -> None:
    write(tmp_path, {"app.py": "import time\ntime.sleep(60)\n"})
    argv = [sys.executable, "-m", "nexoide.cli", "heal", "--json", "--path", str(tmp_path), "--command", "python app.py"]
    process = subprocess.Popen(argv, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    mine = f"nexoide-sandbox-{process.pid}-"
    deadline = time.monotonic() + 20
    while not any(name.startswith(mine) for name in ours()) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(sign)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130, err
    assert json.loads(out)["interrupted"] is True
    assert not [name for name in ours() if name.startswith(mine)]


BAD = [
    ("--path", "/no/such/folder", "--command", "python app.py"),
    ("--command", "python app.py", "--timeout", "0"),
    ("--command", "python app.py", "--max-patches", "99"),
    ("--command", "python app.py", "--jobs", "0"),
    ("--command", "python app.py", "--env", "no-sign"),
    ("--command", "'python app.py"),
    ("--command", "no-such-command-at-all"),
    ("--command", "python app.py", "--patch", "H-1"),
    ("--file", "nope.py"),
    ("--incident", "I-1", "--apply"),
    (),
]


@pytest.mark.parametrize("words", BAD, ids=" ".join)
def test_what_makes_no_sense_is_refused_in_one_sentence(tmp_path: Path, words: tuple[str, ...]) -> None:
    write(tmp_path, {"app.py": "print(1)\n"})
    argv = [sys.executable, "-m", "nexoide.cli", "heal", *words]
    done = subprocess.run(argv, env=environment(), cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("nexoide: ")
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


def test_for_people_the_patch_is_told_with_its_evidence_and_hostile_text_is_harmless(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": "class Item:\n    length = 3  # \x1b[31m\n\n\nprint(Item().lenght)\nraise SystemExit\n"})
    argv = [sys.executable, "-m", "nexoide.cli", "heal", "--path", str(tmp_path), "--command", "python app.py", "--no-test"]
    done = subprocess.run(argv, env=environment(), capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    for word in ("AttributeError", "Thoughts", "H-1", "confidence", "✓ replay", "why", "+print(Item().length)"):
        assert word in done.stdout, word


def test_the_workspace_is_not_needed_and_none_is_made(shop: Path) -> None:
    heal(shop, "--no-test", code=0)
    assert {path.name for path in shop.iterdir()} == {"app.py", "stock.py"}


def test_scripts_get_one_document_and_one_reason_whatever_is_asked_for(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "shared.py").write_text("x = 1\n")
    (shop / "shared.py").symlink_to(tmp_path / "shared.py")
    (shop / "uses.py").write_text("import shared\n")
    (shop / "asks.py").write_text("print(input('name? '))\n")
    assert "python3.1 was not found" in heal(shop, command="python3.1 app.py", code=5)["error"]
    assert "is a link that leads out" in heal(shop, command="python uses.py", code=1)["said"]
    assert "reads its input" in heal(shop, command="python asks.py", code=1)["said"]
    assert "No such file" in heal(shop, command="python none.py", code=1)["said"]
    assert heal(shop, "--incident", "I-1", command="", code=2)["status"] == "error"
