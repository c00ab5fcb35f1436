"""`nexoide run --reload`: real programs, real saves, no configuration, no supervisor, no git."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.support.reloading import ORDERS, STEADY, reloading
from tests.support.supervised import REPOSITORY, wait_for


def test_a_save_changes_the_running_program_and_one_line_says_what(tmp_path: Path, runtime: Path) -> None:
    with reloading(tmp_path / "shop", runtime) as run:
        run.up()
        assert run.ask("first") == "first 4 3 1"
        report = run.write(orders=ORDERS.replace("number + LIMIT", "number * LIMIT").replace("LIMIT = 3", "LIMIT = 50").replace("return len(", "return -len("))
        assert run.ask("second") == "second 50 50 -2", "new code, and the cart that was there before"
        assert report["state"] == "live"
        (line,) = [line for line in run.said() if line.startswith("nexoide: ")]
        assert line.startswith("nexoide: orders.py: ")
        for part in ("1 function", "1 class method", "1 constant", " · ", " ms"):
            assert part in line
        assert run.end() == 7, "the program's exit code is ours"
        assert not list(runtime.glob("nexoide/run-*")), "nothing is left behind"
        assert not (tmp_path / "shop" / ".nexoide").exists()


def test_what_does_not_compile_is_named_and_the_next_save_brings_it_in(tmp_path: Path, runtime: Path) -> None:
    with reloading(tmp_path / "shop", runtime) as run:
        run.up()
        report = run.write(orders=ORDERS + "def broken(:\n")
        assert report["state"] == "refused"
        assert any("orders.py" in line and "does not compile" in line for line in run.said())
        assert run.ask("still") == "still 4 3 1"
        assert run.write(orders=ORDERS.replace("+ LIMIT", "- LIMIT"))["state"] == "live"
        assert run.ask("fixed") == "fixed -2 3 2"


def test_bytes_that_are_no_utf8_are_refused_with_the_line(tmp_path: Path, runtime: Path) -> None:
    with reloading(tmp_path / "shop", runtime) as run:
        run.up()
        (run.folder / "orders.py").write_bytes(ORDERS.encode() + b"# \xff\n")
        said = wait_for(lambda: [line for line in run.said() if "UTF-8" in line], "a refusal")
        assert "orders.py:15" in said[0]
        assert "the running code stays" in said[0]
        assert run.ask("still") == "still 4 3 1"


def test_signals_reach_the_program_and_its_end_is_ours(tmp_path: Path, runtime: Path) -> None:
    program = """import signal, sys, time
def bow(number, frame):
    print("bowed", number, flush=True)
    sys.exit(42)
signal.signal(signal.SIGTERM, bow)
signal.signal(signal.SIGINT, bow)
print("up", flush=True)
while True:
    time.sleep(0.1)
"""
    for number in (signal.SIGINT, signal.SIGTERM):
        with reloading(tmp_path / f"shop{number}", runtime, files={"app.py": program}) as run:
            run.up()
            os.kill(run.process.pid, number)
            assert run.process.wait(20) == 42
            assert f"bowed {int(number)}" in run.lines()


def test_a_program_that_a_signal_ended_is_reported_as_a_shell_does(tmp_path: Path, runtime: Path) -> None:
    with reloading(tmp_path / "shop", runtime, files={"app.py": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"}) as run:
        assert run.process.wait(20) == 137


def test_a_program_that_is_not_there_is_one_sentence_and_exit_code_3(tmp_path: Path, runtime: Path) -> None:
    with reloading(tmp_path / "shop", runtime, "no-such-program-here") as run:
        assert run.process.wait(20) == 3
        assert "There is no program no-such-program-here" in run.err.read_text()


def test_forks_and_children_all_take_a_save_over(tmp_path: Path, runtime: Path) -> None:
    program = """import os, subprocess, sys, time
import orders
if len(sys.argv) == 1:
    if os.fork() == 0:
        name = "fork"
    else:
        subprocess.Popen([sys.executable, "app.py", "child"])
        name = "main"
else:
    name = "child"
print("up", flush=True)
until = time.time() + 30
while time.time() < until:
    os.write(1, f"{name} {orders.total(1)}\\n".encode())  # whole: two processes that print in step would mix their words
    time.sleep(0.1)
"""
    with reloading(tmp_path / "shop", runtime, files={"app.py": program, "orders.py": ORDERS}) as run:
        wait_for(lambda: {line.split()[0] for line in run.lines() if " 4" in line} == {"main", "fork", "child"}, "all three run")
        report = run.save("orders.py", "number + LIMIT", "number * 100")
        assert report["state"] == "live"
        assert len(report["processes"]) == 3
        wait_for(lambda: {line.split()[0] for line in run.lines() if " 100" in line} == {"main", "fork", "child"}, "all three changed")
        assert any("in 3 processes" in line for line in run.said())


def test_one_process_that_does_not_answer_keeps_them_all_as_they_were(tmp_path: Path, runtime: Path) -> None:
    program = """import os, sys, time
import orders
child = os.fork()
if child == 0:
    open("child.txt", "w").write(str(os.getpid()))
    while True:
        time.sleep(0.05)
        open("said.txt", "a").write(f"{orders.total(1)}\\n")
print("up", flush=True)
for line in sys.stdin:
    print(line.strip(), orders.total(1), flush=True)
os.kill(child, 9)
"""
    with reloading(tmp_path / "shop", runtime, files={"app.py": program, "orders.py": ORDERS}) as run:
        run.up()
        said = run.folder / "said.txt"
        wait_for(said.exists, "the child runs")
        child = int((run.folder / "child.txt").read_text())
        time.sleep(1)
        os.kill(child, signal.SIGSTOP)
        try:
            report = run.save("orders.py", "number + LIMIT", "number * 100")
            assert report["state"] == "refused"
            assert "did not answer" in report["summary"]
            assert run.ask("still") == "still 4"
        finally:
            os.kill(child, signal.SIGCONT)
        time.sleep(1)
        assert "100" not in said.read_text()
        assert run.save("orders.py", "number * 100", "number * 200")["state"] == "live"
        assert run.ask("both") == "both 200"
        wait_for(lambda: said.read_text().splitlines()[-1] == "200", "the child changed as well")


def test_restart_on_refusal_restarts_for_what_is_sound_but_not_live(tmp_path: Path, runtime: Path) -> None:
    slots = ORDERS.replace("class Cart:\n", 'class Cart:\n    __slots__ = ("rows",)\n\n')
    with reloading(tmp_path / "shop", runtime, files={"app.py": STEADY, "orders.py": slots}, options=("--restart-on-refusal",)) as run:
        run.up()
        report = run.write(orders=slots + "def broken(:\n")
        assert (report["state"], report["restarted"]) == ("refused", False), "a restart into a syntax error would end the program"
        report = run.write(orders=slots.replace('("rows",)', '("rows", "coupon")').replace("self.rows = []", 'self.rows, self.coupon = [], ""'))
        if report["state"] == "refused" or report["restarted"]:
            assert report["restarted"] is True
            wait_for(lambda: run.lines().count("up") == 2, "it runs again")
            assert any("restarted" in line for line in run.said())
        assert run.ask("again").startswith("again 4 3")
        assert run.end() == 7


def test_json_is_one_object_a_burst_on_stderr(tmp_path: Path, runtime: Path) -> None:
    with reloading(tmp_path / "shop", runtime, options=("--json",)) as run:
        run.up()
        run.save("orders.py", "LIMIT = 3", "LIMIT = 4")
        documents = [json.loads(line) for line in run.said()]
        assert [document["event"] for document in documents] == ["reload"]
        assert documents[0]["files"][0]["path"] == "orders.py"
        assert documents[0]["since_save_ms"] > 0
        assert run.end() == 7


def test_two_files_saved_together_are_one_transaction(tmp_path: Path, runtime: Path) -> None:
    orders = "import prices\n" + ORDERS.replace("number + LIMIT", "prices.of(number)")
    files = {"app.py": STEADY, "orders.py": orders, "prices.py": "def of(n):\n    return n\n"}
    with reloading(tmp_path / "shop", runtime, files=files) as run:
        run.up()
        run.write(orders=orders.replace("prices.of(number)", "prices.of(number, 9)"), prices="def of(n, factor):\n    return n * factor\n")
        assert run.ask("both") == "both 9 3 1"
        assert len(run.reports()) == 1
        assert [file["path"] for file in run.reports()[0]["files"]] == ["orders.py", "prices.py"]


def test_a_program_without_a_probe_is_told_why_nothing_happens(tmp_path: Path, runtime: Path) -> None:
    program = {"app.py": "import time\nprint('up', flush=True)\ntime.sleep(30)\n"}
    with reloading(tmp_path / "shop", runtime, sys.executable, "-I", "app.py", files=program) as run:
        run.up()
        said = wait_for(lambda: [line for line in run.said() if "no probe attached" in line], "a hint", 15)
        assert "-I" in said[0]


def test_two_hundred_files_saved_at_once_are_few_transactions(tmp_path: Path, runtime: Path) -> None:
    program = """import sys
many = [__import__(f"m{number}") for number in range(200)]
print("up", flush=True)
for line in sys.stdin:
    print(line.strip(), sum(one.f() for one in many), flush=True)
"""
    files = {f"m{number}.py": f"def f():\n    return {number}\n" for number in range(200)}
    with reloading(tmp_path / "shop", runtime, files={"app.py": program, **files}) as run:
        run.up()
        run.write(**{name: text.replace("return ", "return 1000 + ") for name, text in files.items()})
        wait_for(lambda: sum(len(report["files"]) for report in run.reports()) == 200, "all are taken over")
        assert run.ask("sum") == f"sum {sum(range(200)) + 200_000}"
        assert len(run.reports()) < 10, "few transactions, also where the writer pauses"
        assert {report["state"] for report in run.reports()} == {"live"}
        assert any(" files: " in line and " functions" in line for line in run.said())


def test_in_a_workspace_it_goes_through_the_supervisor(tmp_path: Path, runtime: Path) -> None:
    program = """import time
import orders
while orders.LIMIT < 10:
    time.sleep(0.05)
"""
    files = {"app.py": program, "orders.py": ORDERS, "nexoide.toml": ""}
    with reloading(tmp_path / "shop", runtime, files=files) as run:
        attached = wait_for(lambda: [line for line in run.lines() if "app attached" in line], "the program is attached", 30)
        assert attached
        time.sleep(0.5)
        (run.folder / "orders.py").write_text(ORDERS.replace("LIMIT = 3", "LIMIT = 30"))
        assert run.process.wait(30) == 0
        lines = "\n".join(run.lines())
        assert "reload.started" in lines
        assert "orders.py: 1 constant" in lines


def test_options_that_belong_to_reload_are_refused_without_it(tmp_path: Path, runtime: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nexoide.cli", "run", "--restart-on-refusal", "--", "true"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "go with --reload" in done.stderr
