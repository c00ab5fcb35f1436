"""Asking a target whether it is well: over HTTP, by a connection, by a command; each bounded in time and in what is read."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import SplitResult, quote, urlsplit

from nexoide.config import HealthSettings
from nexoide.probe.redact import redact
from nexoide.supervisor import check_command

BODY_BYTES = 64 << 10
BODY_SECONDS = 0.5
_SHOWN = 200
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})(?: |\r?\n)")


async def ask(settings: HealthSettings, cwd: Path, env: Mapping[str, str]) -> str:
    """Return "" where everything that is asked answers as it should, else in words what does not; never raises for what is asked."""
    checks: list[Awaitable[str]] = []
    if settings.http:
        checks.append(_bounded(settings.http, settings.timeout, lambda: _http(settings.http)))
    if settings.tcp:
        checks.append(_bounded(settings.tcp, settings.timeout, lambda: _tcp(settings.tcp)))
    if settings.command:
        checks.append(_command(settings, cwd, env))
    answers = await asyncio.gather(*checks)
    return redact("; ".join(answer for answer in answers if answer))[: 3 * _SHOWN]


async def _bounded(what: str, seconds: float, check: Callable[[], Awaitable[str]]) -> str:
    try:
        async with asyncio.timeout(seconds):
            return await check()
    except TimeoutError:
        return f"{what[:_SHOWN]} did not answer within {seconds:g} s"
    except asyncio.LimitOverrunError:
        return f"{what[:_SHOWN]} answered with something that is no HTTP"
    except (OSError, EOFError, ValueError) as error:
        return f"{what[:_SHOWN]} did not answer: {_reason(error)}"


def _reason(error: Exception) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "nobody listens there"
    if isinstance(error, asyncio.IncompleteReadError):
        return "the connection ended before an answer"
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return (words or type(error).__name__)[:_SHOWN]


async def _tcp(address: str) -> str:
    host, _, port = address.rpartition(":")
    _, writer = await asyncio.open_connection(host.strip("[]"), int(port))
    writer.transport.abort()
    return ""


async def _http(url: str) -> str:
    """Ask once, following nothing: a redirect is an answer like any other below 400."""
    where = urlsplit(url)
    secure = _tls() if where.scheme == "https" else None
    port = where.port or (443 if secure else 80)
    reader, writer = await asyncio.open_connection(where.hostname, port, ssl=secure, limit=BODY_BYTES)
    try:
        writer.write(_request(where))
        await writer.drain()
        found = _STATUS.match(await reader.readuntil(b"\n"))
        if found is None:
            return f"{url[:_SHOWN]} answered with something that is no HTTP"
        await _rest(reader)
    finally:
        writer.transport.abort()
    status = int(found[1])
    return "" if status < 400 else f"{url[:_SHOWN]} answered with status {status}"


async def _rest(reader: asyncio.StreamReader) -> None:
    """Read some of what follows, so that a server that is just sending it does not meet a closed connection."""
    left = BODY_BYTES
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while left > 0 and (piece := await reader.read(left)):
                left -= len(piece)
    except (OSError, TimeoutError):
        pass  # the status was there, and nothing else is asked for


def _request(where: SplitResult) -> bytes:
    path = quote(where.path or "/", safe="/%:@!$&'()*+,;=~-._") + (f"?{quote(where.query, safe='/%:@!$&()*+,;=?~-._')}" if where.query else "")
    lines = (f"GET {path} HTTP/1.1", f"Host: {where.netloc.encode('idna').decode() if not where.netloc.isascii() else where.netloc}")
    return "\r\n".join((*lines, "User-Agent: nexoide-health", "Accept: */*", "Connection: close", "", "")).encode("ascii")


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


async def _command(settings: HealthSettings, cwd: Path, env: Mapping[str, str]) -> str:
    name = settings.command[0][:_SHOWN]
    try:
        outcome = await check_command.run(settings.command, cwd, env, settings.timeout)
    except (OSError, ValueError) as error:
        return f"the health check {name} cannot be run: {_reason(error)}"
    if outcome.code == 0:
        return ""
    how = f"did not end within {settings.timeout:g} s" if outcome.code is None else f"ended with exit code {outcome.code}"
    last = next((line.strip() for line in reversed(outcome.output.splitlines()) if line.strip()), "")
    return f"the health check {name} {how}" + (f": {last[:_SHOWN]}" if last else "")
