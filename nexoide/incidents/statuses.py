"""Numbers and codes in messages that say what went wrong: HTTP statuses in the words of the well-known clients, errno, names of errors."""

from __future__ import annotations

import re
from functools import lru_cache

_STATUS = re.compile(
    r"\b(?P<a>[45]\d\d) (?:Client|Server) Error\b"
    r"|\b(?:Client|Server) error '(?P<b>[45]\d\d)\b"
    r"|\bHTTP(?:[ /_-]{0,2}(?:Error|status|code|\d\.\d)){0,3}[ :=]{1,3}(?P<c>[45]\d\d)\b"
    r"|\b(?:[Ss]tatus|[Ee]rror|[Rr]esponse|[Hh]ttp)[ _-]?[Cc]ode[\"']?[ :=]{1,3}(?:of |was |is )?(?P<d>[45]\d\d)\b"
    r"|\b(?:[Ss]tatus|STATUS)[\"']?[ :=]{1,3}(?P<e>[45]\d\d)\b"
    r"|\b(?:got|returned|received|answered|responded(?: with)?) (?:an? )?(?:HTTP )?(?:status )?(?P<f>[45]\d\d)\b"
    r"|^(?P<g>[45]\d\d)(?:, message=|[: ] ?(?:Bad Request|Unauthorized|Forbidden|Not Found|Method Not Allowed|Request Timeout|Conflict|Gone|"
    r"Payload Too Large|Request Entity Too Large|Content Too Large|Unprocessable|Too Many Requests|Internal Server Error|Bad Gateway|"
    r"Service Unavailable|Gateway Timeout))"
    r"|^(?P<h>[45]\d\d): (?=[A-Z])"
)
_CODE = re.compile(r"\bAn error occurred \((?P<aws>[\w.]{1,80})\)|\bStatusCode\.(?P<grpc>[A-Z_]{2,40})\b")
_ERRNO = re.compile(r"\[(?:Errno|WinError) (\d{1,5})\]")


@lru_cache(maxsize=1024)
def http_status(message: str) -> int:
    """Return the HTTP status (400 to 599) that a message says, 0 where it says none."""
    found = _STATUS.search(message[:2048])
    return int(next(number for number in found.groups() if number)) if found else 0


def errno_of(message: str) -> int:
    """Return the number in `[Errno 28] …`, 0 where there is none."""
    found = _ERRNO.search(message[:200])
    return int(found[1]) if found else 0


def error_code(message: str) -> str:
    """Return the name of an error that AWS or gRPC gives in a message, as a class would be named; "" where there is none."""
    found = _CODE.search(message[:1000])
    if found is None:
        return ""
    return found["aws"] or "".join(part.capitalize() for part in found["grpc"].split("_"))
