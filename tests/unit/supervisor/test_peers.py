from __future__ import annotations

import os
import socket
import subprocess
import sys

from nexoide.supervisor.peers import Peers

CONNECT = "import socket, sys; s = socket.create_connection(('127.0.0.1', int(sys.argv[1]))); print(s.getsockname()[1], flush=True); sys.stdin.read()"


def test_a_connection_is_that_of_the_process_and_target_that_made_it() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        own = listening.getsockname()[1]
        env = {**os.environ, "NEXOIDE_PROBE_TOKEN": "t0ken"}
        child = subprocess.Popen([sys.executable, "-c", CONNECT, str(own)], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        port = int(child.stdout.readline())
        try:
            assert Peers({"t0ken": "shop"}.get).who(port, own) == (child.pid, "shop")
            assert Peers(lambda token: None).who(port, own) == (child.pid, "")
        finally:
            child.communicate()
        assert Peers({"t0ken": "shop"}.get).who(port, own)[1] == ""


def test_a_port_that_nobody_is_connected_from_is_nobodys() -> None:
    assert Peers(lambda token: "shop").who(1, 2) == (0, "")
