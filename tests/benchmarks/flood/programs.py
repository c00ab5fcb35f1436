"""The programs of the flood: each fails at a steady pace in three functions, and writes down how often it did."""

from __future__ import annotations

COMMON = '''
import json, os, pathlib, sys, time, random

SECONDS, RATE, NAME = float(os.environ["FLOOD_SECONDS"]), int(os.environ["FLOOD_RATE"]), os.environ["FLOOD_NAME"]
FOLDER = pathlib.Path(os.environ["FLOOD_FOLDER"])


def charge(order):
    return order["amount"] * 2


def ship(order):
    return order.carrier.upper()


def refund(order):
    return 1 / (order["id"] - order["id"])


KINDS = [charge, ship, refund]


def go(fail):
    """Fail RATE times a second for SECONDS, in slices of 20 ms; then write the exact counts."""
    while not (FOLDER / "go").exists():
        time.sleep(0.01)
    counts = [0, 0, 0]
    began = time.monotonic()
    done = 0
    while True:
        now = time.monotonic() - began
        if now >= SECONDS:
            break
        wanted = int(now * RATE)
        while done < wanted:
            kind = done % 3
            fail(kind, done)
            counts[kind] += 1
            done += 1
        time.sleep(0.02)
    return counts


def finish(counts):
    (FOLDER / (NAME + ".tmp")).write_text(json.dumps(counts))
    (FOLDER / (NAME + ".tmp")).rename(FOLDER / (NAME + ".json"))
'''

PROBED = (
    COMMON
    + """
import logging
logging.basicConfig(filename=os.devnull)
log = logging.getLogger(NAME)


def fail(kind, number):
    try:
        KINDS[kind]({"id": number})
    except Exception:
        log.exception("order %d failed", number)


finish(go(fail))
time.sleep(3600)
"""
)

LOGGED = (
    COMMON
    + """
import logging
handler = logging.FileHandler(FOLDER / "logs" / (NAME + ".log"))
handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s [%(process)d] %(name)s: %(message)s"))
log = logging.getLogger(NAME)
log.addHandler(handler)
log.propagate = False


def fail(kind, number):
    if number % 7 == 0:
        log.warning("nothing to see here, order %d has no error", number)
    try:
        KINDS[kind]({"id": number})
    except Exception:
        log.exception("order %d failed", number)


counts = go(fail)
logging.shutdown()
finish(counts)
"""
)

SENTRY = (
    COMMON
    + """
import sentry_sdk
sentry_sdk.init(dsn=os.environ["FLOOD_DSN"], default_integrations=False, max_breadcrumbs=0, transport_queue_size=100000, shutdown_timeout=60)


def fail(kind, number):
    try:
        KINDS[kind]({"id": number})
    except Exception as error:
        sentry_sdk.capture_exception(error)


counts = go(fail)
sentry_sdk.flush(60)
finish(counts)
"""
)

POSTED = (
    COMMON
    + """
import http.client, traceback, urllib.parse
url = urllib.parse.urlsplit(os.environ["FLOOD_URL"])
connection = http.client.HTTPConnection(url.hostname, url.port)
waiting = []


def send():
    if waiting:
        connection.request("POST", url.path + "?" + url.query, json.dumps(waiting), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status == 202, text
        waiting.clear()


def fail(kind, number):
    try:
        KINDS[kind]({"id": number})
    except Exception:
        waiting.append({"traceback": traceback.format_exc(), "target": NAME, "time": time.time(), "pid": os.getpid()})
    if len(waiting) >= 50:
        send()


counts = go(fail)
send()
finish(counts)
"""
)
