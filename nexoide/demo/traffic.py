"""Real HTTP traffic for the demo's service, counted honestly: a library, and a script that needs the standard library alone.

    python traffic.py http://127.0.0.1:8080 --rate 25

Answers below 400 are `ok`, of 400 to 499 `refused`, from 500 on `failed`; a request that got no whole answer (refused or
broken connection, no answer within the time limit) is `dropped`. Nothing is tried twice.
"""

from __future__ import annotations

import argparse
import http.client
import json
import signal
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

TIMEOUT = 5.0
WORKERS = 2
REPORT_SECONDS = 10.0


@dataclass(frozen=True)
class Call:
    """One kind of request; `route` is the name it is counted under, `{order}` in the path the last order that was placed."""

    route: str
    method: str
    path: str
    body: dict[str, Any] | None = None


@dataclass(frozen=True)
class Count:
    """How the requests of one route ended."""

    ok: int = 0
    refused: int = 0
    failed: int = 0
    dropped: int = 0


def _order(customer: str, sku: str, quantity: int, coupon: str | None = None, route: str = "POST /orders") -> Call:
    body: dict[str, Any] = {"customer": customer, "lines": [{"sku": sku, "quantity": quantity}]}
    return Call(route, "POST", "/orders", body if coupon is None else {**body, "coupon": coupon})


def _ask(customer: str, question: str, route: str = "POST /questions") -> Call:
    return Call(route, "POST", "/questions", {"customer": customer, "question": question})


def _quote(customer: str, sku: str) -> Call:
    return Call("POST /quotes", "POST", "/quotes", {"customer": customer, "lines": [{"sku": sku, "quantity": 2}]})


_CANCEL = Call("POST /orders/ID/cancel", "POST", "/orders/{order}/cancel")
_OLD_COUPON = "POST /orders (old coupon)"
_FREQUENT = "POST /questions (frequent)"

MIX: tuple[Call, ...] = (
    Call("GET /products", "GET", "/products"),
    _order("ada", "tea", 2),
    _ask("ada", "Is the pot heavy?"),
    _quote("dora", "mug"),
    Call("GET /orders/ID", "GET", "/orders/{order}"),
    _order("ben", "mug", 1, "TEATIME", "POST /orders (coupon)"),
    _ask("chloe", "How do I return an item?", _FREQUENT),
    _order("dora", "tin", 1),
    _CANCEL,
    Call("GET /stock", "GET", "/stock"),
    _ask("ben", "Which tea is fresh?"),
    _order("chloe", "tea", 1, "SUMMER", _OLD_COUPON),
    _order("ben", "pot", 1),
    Call("POST /deliveries", "POST", "/deliveries", {"sku": "tea", "quantity": 4}),
    _quote("ben", "tea"),
    Call("GET /health", "GET", "/health"),
    _ask("dora", "Where is my order?", _FREQUENT),
    _order("ada", "mug", 1),
    _CANCEL,
    _ask("dora", "How long does shipping take?"),
    Call("POST /deliveries", "POST", "/deliveries", {"sku": "mug", "quantity": 3}),
    _order("dora", "tin", 1, "SUMMER", _OLD_COUPON),
    Call("POST /deliveries", "POST", "/deliveries", {"sku": "tin", "quantity": 2}),
    Call("POST /deliveries", "POST", "/deliveries", {"sku": "pot", "quantity": 1}),
)
"""One round: every route, the working and the failing ones; what it sells it also delivers."""


class Caller:
    """One keep-alive connection to the service; not for two threads at once."""

    def __init__(self, url: str, timeout: float = TIMEOUT) -> None:
        address = urlsplit(url)
        self._connection = http.client.HTTPConnection(address.hostname or "127.0.0.1", address.port or 80, timeout=timeout)
        self._order = 0

    def send(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        """Return the status and the decoded answer of one request; raises OSError or HTTPException where there is no whole answer."""
        payload = None if body is None else json.dumps(body).encode()
        headers = {} if payload is None else {"Content-Type": "application/json"}
        try:
            self._connection.request(method, path, payload, headers)
            response = self._connection.getresponse()
            raw = response.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise
        try:
            return response.status, json.loads(raw)
        except ValueError:
            self._connection.close()
            raise http.client.HTTPException(f"the answer of {len(raw)} bytes is not whole") from None

    def call(self, call: Call) -> str:
        """Send one request of the mix; return how it ended: ok, refused, failed or dropped."""
        try:
            if "{order}" in call.path and not self._order:
                self.place()
            status, answer = self.send(call.method, call.path.format(order=self._order), call.body)
        except (OSError, http.client.HTTPException):
            return "dropped"
        if status == 201 and call.path == "/orders":
            self._order = answer["id"]
        elif status == 200 and call is _CANCEL:
            self._order = 0
        return "failed" if status >= 500 else "refused" if status >= 400 else "ok"

    def place(self) -> None:
        """Place an order for the requests that need one."""
        status, answer = self.send("POST", "/orders", {"customer": "ada", "lines": [{"sku": "tea", "quantity": 1}]})
        if status == 201:
            self._order = answer["id"]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class Traffic:
    """Drives the mix at a steady rate from a few threads, between start() and stop()."""

    def __init__(self, url: str, rate: float, workers: int = WORKERS) -> None:
        self._url, self._pause, self._workers = url, workers / rate, workers
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._counts: dict[str, Count] = {}
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin; the threads start half a step apart, each at another place of the mix."""
        for index in range(self._workers):
            thread = threading.Thread(target=self._drive, args=(index,), name=f"traffic-{index}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> dict[str, Count]:
        """End after the requests under way; return the last counts."""
        self._stop.set()
        for thread in self._threads:
            thread.join(TIMEOUT + 1)
        return self.snapshot()

    def wait(self, seconds: float) -> bool:
        """Return True as soon as stop() was called, False after `seconds`."""
        return self._stop.wait(seconds)

    def request_stop(self) -> None:
        """Ask the threads to end, without waiting for them; safe in a signal handler."""
        self._stop.set()

    def snapshot(self) -> dict[str, Count]:
        """Return the counts of every route that was called so far."""
        with self._lock:
            return dict(self._counts)

    def _drive(self, index: int) -> None:
        caller = Caller(self._url)
        at = time.monotonic() + index * self._pause / self._workers
        turn = index * len(MIX) // self._workers
        while not self._stop.wait(max(0.0, at - time.monotonic())):
            call = MIX[turn % len(MIX)]
            self._add(call.route, caller.call(call))
            turn += 1
            at = max(at + self._pause, time.monotonic())
        caller.close()

    def _add(self, route: str, outcome: str) -> None:
        with self._lock:
            count = self._counts.get(route, Count())
            self._counts[route] = replace(count, **{outcome: getattr(count, outcome) + 1})


def total(counts: dict[str, Count]) -> Count:
    """Return the sum over all routes."""
    every = counts.values()
    return Count(sum(c.ok for c in every), sum(c.refused for c in every), sum(c.failed for c in every), sum(c.dropped for c in every))


def probe_round(url: str, times: int = 3) -> dict[str, Count]:
    """Send each request of the mix `times` times, one after the other, and return how they ended; every route is in the answer."""
    caller = Caller(url)
    counts: dict[str, Count] = {}
    for _ in range(times):
        for call in MIX:
            count = counts.get(call.route, Count())
            outcome = caller.call(call)
            counts[call.route] = replace(count, **{outcome: getattr(count, outcome) + 1})
    caller.close()
    return counts


def get(url: str, path: str) -> Any:
    """Return the decoded answer of one GET; raises OSError or HTTPException where there is none."""
    caller = Caller(url)
    try:
        return caller.send("GET", path)[1]
    finally:
        caller.close()


def wait_until_up(url: str, seconds: float) -> bool:
    """Return True as soon as the service answers GET /health, False after `seconds`."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        caller = Caller(url, timeout=1.0)
        try:
            if caller.send("GET", "/health")[0] == 200:
                return True
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
        finally:
            caller.close()
    return False


def main(argv: Sequence[str] | None = None) -> int:
    """Drive traffic until SIGTERM, SIGINT or `--seconds`, with a line of counts every ten seconds."""
    parser = argparse.ArgumentParser(description="Drives the demo's order service.")
    parser.add_argument("url")
    parser.add_argument("--rate", type=float, default=25.0, help="requests per second")
    parser.add_argument("--seconds", type=float, default=0.0, help="end after so long; 0: never")
    arguments = parser.parse_args(argv)
    traffic = Traffic(arguments.url, max(arguments.rate, 0.1))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: traffic.request_stop())
    if not wait_until_up(arguments.url, 30.0):
        sys.stderr.write(f"traffic: nothing answers at {arguments.url}\n")
        return 1
    _say(f"driving {arguments.url} at {arguments.rate:g} requests/s")
    traffic.start()
    ends = time.monotonic() + arguments.seconds if arguments.seconds else float("inf")
    while not traffic.wait(max(0.0, min(REPORT_SECONDS, ends - time.monotonic()))):
        _report(traffic.snapshot())
        if time.monotonic() >= ends:
            break
    _report(traffic.stop())
    return 0


def _report(counts: dict[str, Count]) -> None:
    whole = total(counts)
    failing = ", ".join(f"{route} {count.failed}" for route, count in sorted(counts.items()) if count.failed)
    line = f"ok {whole.ok}  refused {whole.refused}  failed {whole.failed}  dropped {whole.dropped}"
    _say(f"{line}  failing: {failing}" if failing else line)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
