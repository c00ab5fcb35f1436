"""Commands as people type them: words, variables, shells, and the interpreter that is meant."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nexoide.errors import UnavailableError, UsageError
from nexoide.heal.command import INSIDE, invocation, split


@pytest.fixture
def on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:/usr/bin:/bin")


def test_words_are_read_as_a_shell_reads_them() -> None:
    assert split("python 'my app.py' --name=x") == (("python", "my app.py", "--name=x"), {})
    assert split("MODE=test EMPTY= python app.py") == (("python", "app.py"), {"MODE": "test", "EMPTY": ""})


@pytest.mark.parametrize("typed", ["", "   ", "MODE=test", "python 'app.py", "python a\0b"])
def test_what_is_no_command_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(UsageError) as caught:
        split(typed)
    assert caught.value.sentence.endswith((".", "'."))


@pytest.mark.usefixtures("on_path")
async def test_python_is_the_operators_own(tmp_path: Path) -> None:
    found = await invocation("MODE=a python3 app.py -x", tmp_path, {"MODE": "b", "OTHER": "c"})
    assert found.words == (str(Path(sys.executable).parent / "python3"), "app.py", "-x")
    assert (found.env["MODE"], found.env["OTHER"]) == ("b", "c")
    assert found.env["PATH"].startswith(f"{Path(sys.executable).parent}:")
    assert not found.is_tests


@pytest.mark.usefixtures("on_path")
async def test_the_environment_of_the_folder_comes_first(tmp_path: Path) -> None:
    own = tmp_path / ".venv"
    (own / "bin").mkdir(parents=True)
    (own / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).resolve().parent}\n")
    (own / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    found = await invocation("python app.py", tmp_path, {})
    assert found.words[0] == str(own / "bin" / "python")
    assert found.python.prefix == own


@pytest.mark.usefixtures("on_path")
async def test_an_interpreter_that_the_folder_brings_along_is_not_run(tmp_path: Path) -> None:
    own = tmp_path / ".venv"
    (own / "bin").mkdir(parents=True)
    (own / "pyvenv.cfg").write_text("home = /usr/bin\n")
    ran = tmp_path.parent / "it-was-run"
    (own / "bin" / "python").write_text(f"#!/bin/sh\ntouch {ran}\n")
    (own / "bin" / "python").chmod(0o755)
    found = await invocation("python app.py", tmp_path, {})
    assert not str(found.python.executable).startswith(str(own))
    assert not ran.exists()


@pytest.mark.usefixtures("on_path")
@pytest.mark.parametrize("typed", ["python a.py && python b.py", "python a.py | cat", "python a.py > out.txt", "echo $(python a.py)"])
async def test_what_only_a_shell_understands_is_given_to_one(typed: str, tmp_path: Path) -> None:
    found = await invocation(typed, tmp_path, {})
    assert found.words == ("/bin/sh", "-c", typed)


@pytest.mark.usefixtures("on_path")
async def test_operators_in_quotes_need_no_shell(tmp_path: Path) -> None:
    found = await invocation("""python -c 'print(1 > 0); print("a|b")'""", tmp_path, {})
    assert found.words[1:] == ("-c", 'print(1 > 0); print("a|b")')


@pytest.mark.usefixtures("on_path")
async def test_tests_are_known_as_tests(tmp_path: Path) -> None:
    one = await invocation("pytest -q tests", tmp_path, {})
    assert one.words[1:] == (str(INSIDE / "nexoide_pytest.py"), "-q", "tests")
    assert one.is_tests
    assert (await invocation("python -m unittest", tmp_path, {})).is_tests


@pytest.mark.usefixtures("on_path")
@pytest.mark.parametrize("typed", ["no-such-command-here", "./missing.sh"])
async def test_a_command_that_is_not_there_is_said(typed: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"not (there|found)"):
        await invocation(typed, tmp_path, {})


@pytest.mark.usefixtures("on_path")
async def test_what_leads_out_of_the_sandbox_is_not_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NEXOIDE_WORKSPACE", "LD_PRELOAD", "SSH_AUTH_SOCK", "DBUS_SESSION_BUS_ADDRESS", "PYTHONSTARTUP", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("SHOP_MODE", "test")
    env = (await invocation("python app.py", tmp_path, {})).env
    assert env["SHOP_MODE"] == "test"
    assert not {"NEXOIDE_WORKSPACE", "LD_PRELOAD", "SSH_AUTH_SOCK", "DBUS_SESSION_BUS_ADDRESS", "PYTHONSTARTUP", "XDG_RUNTIME_DIR", "HOME"} & set(env)


@pytest.mark.usefixtures("on_path")
async def test_folders_of_the_import_path_outside_are_readable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, other = tmp_path / "app", tmp_path / "library"
    (root / "lib").mkdir(parents=True)
    other.mkdir()
    monkeypatch.setenv("PYTHONPATH", f"lib:{other}")
    found = await invocation("python app.py", root, {})
    assert other in found.readable
    assert root / "lib" not in found.readable


@pytest.mark.usefixtures("on_path")
@pytest.mark.parametrize("typed", ["python3.1 app.py", "python2 app.py", "python3.1 app.py | cat"])
async def test_an_interpreter_that_is_not_there_is_not_replaced_by_another(typed: str, tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"The interpreter python[\d.]+ was not found"):
        await invocation(typed, tmp_path, {})
