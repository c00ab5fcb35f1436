"""Traffic is counted honestly: by what came back, and by what did not."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from nexoide.demo import history, traffic
from nexoide.demo.project import DEFECTS, free_port
from nexoide.demo.traffic import Count


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("shop")
    for path, content in history.template_files().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    port = free_port()
    process = subprocess.Popen([sys.executable, "-B", "-m", "shop", "--port", str(port)], cwd=folder, stderr=subprocess.DEVNULL)
    try:
        assert traffic.wait_until_up(f"http://127.0.0.1:{port}", 10)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        assert process.wait(10) == 0


def test_a_probe_round_meets_each_defect_and_no_other(shop: str) -> None:
    counts = traffic.probe_round(shop, times=1)
    assert {route for route, count in counts.items() if count.failed} == {route for _, route in DEFECTS.values()}
    assert traffic.total(counts).dropped == traffic.total(counts).refused == 0
    assert sum(count.ok + count.failed for count in counts.values()) == len(traffic.MIX)


def test_what_is_sold_is_delivered(shop: str) -> None:
    before = traffic.get(shop, "/stock")
    traffic.probe_round(shop, times=3)
    after = traffic.get(shop, "/stock")
    assert all(after[sku] >= before[sku] for sku in before)


def test_traffic_starts_and_stops_and_keeps_the_service_busy(shop: str) -> None:
    before = traffic.get(shop, "/stats")["orders"]
    driver = traffic.Traffic(shop, rate=400)
    driver.start()
    while traffic.total(driver.snapshot()).ok < 40:
        assert not driver.wait(0.01)
    counts = traffic.total(driver.stop())
    assert counts.failed > 0
    assert counts.dropped == 0
    assert traffic.get(shop, "/stats")["orders"] > before
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("traffic-")]


def test_nobody_there_is_dropped_and_not_failed() -> None:
    caller = traffic.Caller(f"http://127.0.0.1:{free_port()}")
    assert caller.call(traffic.MIX[0]) == "dropped"


def test_a_broken_connection_is_dropped_and_the_next_request_gets_a_new_one() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for reply in (b"HTTP/1.1 200 OK\r\nContent-Le", answer):
                connection, _ = server.accept()
                connection.recv(4096)
                connection.sendall(reply)
                connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        caller = traffic.Caller(f"http://127.0.0.1:{server.getsockname()[1]}")
        assert [caller.call(traffic.MIX[0]), caller.call(traffic.MIX[0])] == ["dropped", "ok"]
        thread.join()


def test_it_runs_as_a_script_alone(shop: str, tmp_path: Path) -> None:
    script = tmp_path / "traffic.py"
    script.write_bytes(Path(traffic.__file__).read_bytes())
    done = subprocess.run([sys.executable, "-I", "-S", str(script), shop, "--rate", "200", "--seconds", "0.3"], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    assert "requests/s" in done.stdout
    assert "dropped 0" in done.stdout


def test_the_sum_of_routes() -> None:
    assert traffic.total({"a": Count(ok=1, failed=2), "b": Count(ok=3, dropped=1)}) == Count(ok=4, failed=2, dropped=1)
