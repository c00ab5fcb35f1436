"""What carries a program's lines puts in front of each: syslog, journald, Docker, Compose, Kubernetes, process managers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from nexoide.incidents.logs import text

_ISO = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)"
_OLD = r"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})?"
LEVELS = "TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|CRIT|CRITICAL|FATAL|ALERT|EMERG|PANIC|SEVERE"
_NO_LEVEL = rf"(?!(?:{LEVELS})\b)"

FORMS: dict[str, str] = {
    "rfc5424": r"<(?P<pri>\d{1,3})>1 (?P<time>\S{1,40}) (?P<host>\S{1,255}) (?P<tag>\S{1,48}) (?P<pid>\S{1,64}) \S{1,32} (?:-|"
    r"(?:\[[^\]\n]{0,1000}\]){1,8}) ?\ufeff?",
    "rfc3164": rf"(?:<(?P<pri>\d{{1,3}})>)?(?P<time>{_OLD}) {_NO_LEVEL}(?P<host>[\w.:-]{{1,64}}) {_NO_LEVEL}(?P<tag>[^\s:\[\]]{{1,64}})"
    r"(?:\[(?P<pid>\d{1,10})\])?: ?",
    "journal": rf"(?P<time>{_ISO}) (?P<host>[\w.:-]{{1,64}}) {_NO_LEVEL}(?P<tag>[^\s:\[\]]{{1,64}})\[(?P<pid>\d{{1,10}})\]: ?",
    "unit": r"[A-Z][a-z]{2} (?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?: UTC)?)(?: [A-Z]{3,5})? (?P<host>[\w.:-]{1,64}) (?P<tag>[^\s\[\]]{1,64})"
    r"\[(?P<pid>\d{1,10})\]: ?",
    "export": r"MESSAGE=(?P<tag>)",
    "cri": rf"(?P<time>{_ISO}) (?P<tag>stdout|stderr) [FP] ?",
    "heroku": rf"(?P<time>{_ISO}) (?P<host>[\w-]{{1,40}})\[(?P<tag>[\w.-]{{1,64}})\]: ?",
    "dmesg": r"\[ {0,8}\d{1,12}\.\d{1,9}\] (?P<tag>)",
    "pod": r"\[pod/(?P<tag>[^\]\s]{1,200})\] ?",
    "pm2": r"\d{1,4}\|(?P<tag>[\w.-]{1,64}) {0,40}\| ?",
    "foreman": r"(?P<time>\d\d:\d\d:\d\d) (?P<tag>[\w-]{1,40}\.\d{1,4}) {0,40}\| ?",
    "compose": rf"{_NO_LEVEL}(?P<tag>[A-Za-z][\w.-]{{1,68}}) {{0,40}}\| ?",
}
_FORMS = {kind: re.compile(form) for kind, form in FORMS.items()}


@dataclass(frozen=True, slots=True)
class Carried:
    """What a transport says of a line: who wrote it (`key` tells writers apart), when, where; `end` is where its own text begins."""

    key: str
    end: int
    kind: str = ""
    time: str = ""
    host: str = ""
    pid: int = 0
    severity: int = -1


BARE = Carried("", 0)


def _kinds(first: str, line: str) -> tuple[str, ...]:
    """Return the transports that a line may have, by the few characters that tell most of them apart."""
    if not first or first in " \t{":
        return ()
    if first.isdigit():
        return ("journal", "cri", "heroku") if line[10:11] == "T" else ("pm2", "foreman") if "|" in line[:120] else ()
    if first.isalpha():
        if line[3:4] == " ":
            return ("rfc3164", "unit")
        return ("export",) if first == "M" and line.startswith("MESSAGE=") else ("compose",) if "|" in line[:110] else ()
    return ("rfc5424", "rfc3164") if first == "<" else ("pod", "dmesg") if first == "[" else ()


def carried(line: str) -> Carried:
    """Return what carried a line; BARE where nothing recognised did."""
    first = line[:1]
    kinds = _kinds(first, line)
    for kind in kinds:
        found = _FORMS[kind].match(line)
        if found is not None:
            said = found.groupdict()
            pid = said.get("pid") or ""
            pri = said.get("pri")
            host = said.get("host") or ""
            return Carried(
                key=f"{kind}:{host}:{said['tag']}:{pid}",
                end=found.end(),
                kind=kind,
                time=said.get("time") or "",
                host=host if host != "-" else "",
                pid=int(pid) if pid.isascii() and pid.isdigit() and len(pid) < 10 else 0,
                severity=int(pri) % 8 if pri else -1,
            )
    return BARE


def transport_of(line: str) -> str:
    """Return the regular expression (no names) of the transport of a line, "" where it has none."""
    kind = carried(line).kind
    return re.sub(r"\(\?P<\w+>", "(?:", FORMS[kind]) if kind else ""


def carried_in(record: dict[str, Any] | None, key: str) -> tuple[str, Carried] | None:
    """Return the one line in a record of Docker's or of journald's, and what that says of it; None where it is another record."""
    if record is None:
        return None
    if isinstance(record.get("log"), str) and isinstance(record.get("stream"), str):
        time = record.get("time")
        return _plain(record["log"]), Carried(f"docker:{record['stream'][:20]}:{key}", 0, "docker", time[:40] if isinstance(time, str) else "")
    line = record.get("MESSAGE")
    if isinstance(line, list):  # journald's way to say what is no plain text
        line = bytes(byte for byte in line if isinstance(byte, int) and 0 <= byte < 256).decode("utf-8", "backslashreplace")
    if not isinstance(line, str) or "\n" in line.rstrip("\n"):
        return None
    said = {name: str(record.get(name) or "")[:200] for name in ("_HOSTNAME", "SYSLOG_IDENTIFIER", "_PID", "__REALTIME_TIMESTAMP", "PRIORITY")}
    host, tag, pid, micros, priority = said.values()
    return _plain(line), Carried(
        key=f"journald:{host}:{tag}:{pid}",
        end=0,
        kind="journald",
        time=f"{micros[:-6]}.{micros[-6:]}",
        host=host,
        pid=int(pid) if pid.isascii() and pid.isdigit() and len(pid) < 10 else 0,
        severity=int(priority) if priority in set("01234567") else -1,
    )


def _plain(line: str) -> str:
    """Return a line of a record without its end and without a terminal's escape sequences, which JSON had escaped."""
    line = line.rstrip("\n")
    return text.ESCAPE.sub(b"", line.encode("utf-8", "backslashreplace")).decode() if "\x1b" in line else line
