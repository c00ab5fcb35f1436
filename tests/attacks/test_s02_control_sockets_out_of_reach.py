"""S2: a Unix socket is out of reach even where its file can be seen, and everyday programs still work."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.unit.sandbox.helpers import both, confined


@both
async def test_s02_a_visible_control_socket_cannot_be_reached(tmp_path: Path, runtime: Path, kind: str) -> None:
    stream, datagram = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    stream.bind(str(runtime / "api.sock"))
    stream.listen()
    stream.setblocking(False)
    datagram.bind(str(runtime / "log.sock"))
    datagram.setblocking(False)
    code = f"""
import os, socket
print(os.listdir({str(runtime)!r}))
def trying(step):
    try:
        step()
        print("reached")
    except OSError:
        print("refused")
trying(lambda: socket.socket(socket.AF_UNIX).connect({str(runtime / "api.sock")!r}))
trying(lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"x", {str(runtime / "log.sock")!r}))
trying(lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b"x", {str(runtime / "log.sock")!r}))
trying(lambda: socket.socketpair()[0].connect({str(runtime / "api.sock")!r}))
trying(lambda: socket.socket(40, socket.SOCK_STREAM))
trying(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW))
"""
    try:
        ended = await confined(kind, tmp_path, code, readable=(runtime,))
        assert "api.sock" in ended.output.splitlines()[0]  # it could be seen: the refusal is the filter's
        assert ended.output.splitlines()[1:] == ["refused"] * 6, ended.output
        for listener in (stream, datagram):
            try:
                listener.recv(1) if listener is datagram else listener.accept()
            except BlockingIOError:
                continue
            raise AssertionError("something arrived from inside the sandbox")
    finally:
        stream.close()
        datagram.close()


@both
async def test_s02_an_abstract_socket_cannot_be_reached(tmp_path: Path, kind: str) -> None:
    name = "\0nexoide-test-" + tmp_path.name
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(name)
        listener.listen()
        ended = await confined(kind, tmp_path, f"import socket\nsocket.socket(socket.AF_UNIX).connect({name!r})")
    assert "PermissionError" in ended.output


@both
async def test_s02_everyday_programs_still_work(tmp_path: Path, kind: str) -> None:
    code = """
import asyncio, multiprocessing, socket, subprocess, threading
def double(n): return 2 * n
async def main():
    server = await asyncio.start_server(lambda r, w: (w.write(b"hello"), w.close()), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    print((await reader.read()).decode())
    writer.close()
if __name__ == "__main__":
    asyncio.run(main())
    thread = threading.Thread(target=lambda: print("thread"))
    thread.start(); thread.join()
    print(subprocess.run(["/bin/echo", "child"], capture_output=True, text=True).stdout.strip())
    with multiprocessing.get_context("fork").Pool(2) as pool:
        print(pool.map(double, [1, 2]))
    open("/dev/null", "w").write("x")
    print(len(open("/dev/urandom", "rb").read(8)))
"""
    ended = await confined(kind, tmp_path, code)
    assert ended.output.split("\n")[:5] == ["hello", "thread", "child", "[2, 4]", "8"], ended.output


@both
async def test_s02_the_network_is_the_sandboxs_own(tmp_path: Path, kind: str) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.setblocking(False)
        code = (
            f"import socket\ntry:\n    socket.create_connection(('127.0.0.1', {listener.getsockname()[1]}), 2)\nexcept OSError as error:\n    print('refused')"
        )
        code += "\ntry:\n    socket.create_connection(('192.0.2.1', 80), 2)\nexcept OSError as error:\n    print('refused')"
        ended = await confined(kind, tmp_path, code)
    assert ended.output.split() == ["refused", "refused"]
