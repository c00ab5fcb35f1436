"""The process that talks to models: the only one that ever imports litellm (170 MB, some seconds).

Reads questions as frames from its input and answers them as they are done, several at once; a frame with `cancel` ends one.
It ends with its input, so that it never outlives the process that started it. Nothing that it does is printed.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from typing import Any, BinaryIO

from nexoide.llm import frames
from nexoide.llm.asking import ask, load
from nexoide.llm.errors import ModelError


class _Server:
    """The questions under way and the pipe that their answers go through."""

    def __init__(self, litellm: Any, answers: BinaryIO) -> None:
        self._litellm, self._answers = litellm, answers
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def run(self, questions: asyncio.StreamReader) -> None:
        """Answer until the input ends."""
        self._send({"ready": True, "pid": os.getpid()})
        while (frame := await frames.read(questions)) is not None:
            number = int(frame["id"])
            if frame.get("cancel"):
                self._cancel(number)
                continue
            task = asyncio.create_task(self._answer(number, frame["ask"]))
            self._tasks[number] = task
            task.add_done_callback(lambda _, number=number: self._tasks.pop(number, None))  # type: ignore[misc]

    def _cancel(self, number: int) -> None:
        task = self._tasks.get(number)
        if task is not None:
            task.cancel()

    async def _answer(self, number: int, job: dict[str, Any]) -> None:
        try:
            self._send({"id": number, "ok": True, "answer": await ask(self._litellm, job)})
        except ModelError as error:
            used = {"input_tokens": error.input_tokens, "output_tokens": error.output_tokens, "cost_usd": error.cost_usd}
            self._send({"id": number, "ok": False, "reason": error.reason, "sentence": error.sentence, **used})

    def _send(self, message: dict[str, Any]) -> None:
        self._answers.write(frames.pack(message))
        self._answers.flush()


async def serve(answers: BinaryIO) -> None:
    """Load litellm, say that all is ready, and answer until the input ends."""
    litellm = load()
    reader = asyncio.StreamReader(limit=frames.MAX_FRAME)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin.buffer)
    await _Server(litellm, answers).run(reader)


def main() -> None:
    """Run the worker; its output carries frames alone, so whatever prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold keys
    try:
        asyncio.run(serve(answers))
    except BrokenPipeError:
        pass  # the process that asked has gone
    os._exit(0)  # threads of the library that still wait for the network keep nobody waiting


if __name__ == "__main__":
    main()
