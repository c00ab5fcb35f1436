"""A local server that speaks the chat-completions protocol of OpenAI, with answers written beforehand."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One scripted answer; `status` other than 200 is an error with `text` as its message.

    `cut`: the stream ends without a reason; `broken`: the connection is torn in the middle of a chunk; `hang`: seconds of silence before
    anything is sent; `pace`: seconds between two pieces; `usage`: tokens in and out, None where the server does not say.
    """

    text: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    finish: str = "stop"
    cut: bool = False
    broken: bool = False
    hang: float = 0.0
    pace: float = 0.0
    usage: tuple[int, int] | None = (120, 30)
    raw: bytes = b""


class ChatServer:
    """Answers in the order of the script, its last answer for ever; what was asked is kept."""

    def __init__(self, script: Sequence[Answer]) -> None:
        self.script = list(script)
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.times: list[float] = []
        self.hung_up = threading.Event()
        self.ending = threading.Event()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"chat": self}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def base(self) -> str:
        """The address to give as the base."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def question(self, number: int = -1) -> str:
        """The text of all messages of one question."""
        return "\n".join(str(message["content"]) for message in self.asked[number]["messages"])

    def take(self, headers: dict[str, str], body: dict[str, Any]) -> Answer:
        """Keep a question and return the answer to it."""
        with self._lock:
            number = len(self.asked)
            self.asked.append(body)
            self.headers.append(headers)
            self.times.append(time.monotonic())
            return self.script[min(number, len(self.script) - 1)]

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """End, also what hangs."""
        self.ending.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


@contextmanager
def chat_server(*script: Answer) -> Iterator[ChatServer]:
    """Yield a running server."""
    server = ChatServer(script)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class _Handler(BaseHTTPRequestHandler):
    chat: ChatServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionResetError:
            self.chat.hung_up.set()

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = self.chat.take(dict(self.headers), body)
        if answer.hang:
            self.chat.ending.wait(answer.hang)
        try:
            self._send(answer, body)
        except (BrokenPipeError, ConnectionResetError):
            self.chat.hung_up.set()
            self.close_connection = True

    def _send(self, answer: Answer, body: dict[str, Any]) -> None:
        if answer.raw or answer.status != 200:
            error = {"error": {"message": answer.text or "refused", "type": "error", "param": None, "code": None}}
            self._whole(answer.status, answer.raw or json.dumps(error).encode(), answer.headers)
        elif body.get("stream"):
            self._stream(answer, body)
        else:
            message = {"role": "assistant", "content": answer.text}
            self._whole(200, json.dumps(_completion(answer, body, "message", message)).encode(), answer.headers)

    def _whole(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, answer: Answer, body: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for start in range(0, len(answer.text), 400):
            self._event(_completion(answer, body, "delta", {"role": "assistant", "content": answer.text[start : start + 400]}, finish=None))
            if answer.pace:
                self.chat.ending.wait(answer.pace)
        if answer.broken:
            self.wfile.write(b"1000\r\ndata: {")
            self.wfile.flush()
            self.close_connection = True
            return
        if not answer.cut:
            self._event(_completion(answer, body, "delta", {}, finish=answer.finish))
            if answer.usage and (body.get("stream_options") or {}).get("include_usage"):
                self._event({**_completion(answer, body, "delta", {}), "choices": [], "usage": _usage(answer.usage)})
            self._chunk(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _event(self, row: dict[str, Any]) -> None:
        self._chunk(b"data: " + json.dumps(row).encode() + b"\n\n")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()


def _completion(answer: Answer, body: dict[str, Any], key: str, message: dict[str, Any], finish: str | None = "stop") -> dict[str, Any]:
    kind = "chat.completion.chunk" if key == "delta" else "chat.completion"
    row = {"id": "c1", "object": kind, "created": 1, "model": body["model"], "choices": [{"index": 0, key: message, "finish_reason": finish}]}
    return {**row, "usage": _usage(answer.usage)} if key == "message" and answer.usage else row


def _usage(usage: tuple[int, int]) -> dict[str, int]:
    return {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
