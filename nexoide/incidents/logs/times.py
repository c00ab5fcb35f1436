"""Times as logs write them, in one regular expression, and what they mean in wall seconds."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

_CLOCK = r"\d\d:\d\d:\d\d(?:[.,]\d{1,9})?"
_NOON = r"(?: [AP]M\b)?"
_ZONE = r"(?: ?(?:Z\b|UTC\b|GMT\b|[+-]\d\d:?\d\d\b))?"
_FORMS = {
    "iso": rf"\d{{4}}[-/]\d\d[-/]\d\d[T, ]{{1,2}}{_CLOCK}{_NOON}{_ZONE}",
    "clf": rf"\d\d/[A-Z][a-z]{{2}}/\d{{4}}[: ]{_CLOCK}{_ZONE}",
    "long": rf"(?:[A-Z][a-z]{{2}},? )?[A-Z][a-z]{{2}} [ \d]\d {_CLOCK}(?:{_ZONE} \d{{4}}\b)?",
    "mail": rf"(?:[A-Z][a-z]{{2}}, )?\d{{1,2}} [A-Z][a-z]{{2}} \d{{4}} {_CLOCK}{_ZONE}",
    "noon": r"[A-Z][a-z]{2} \d{1,2}, \d{4} \d{1,2}:\d\d:\d\d [AP]M",
    "local": rf"\d{{1,2}}[/.]\d{{1,2}}[/.](?:\d{{4}}|\d\d),? {_CLOCK}{_NOON}",
    "short": rf"(?:\d\d)?\d{{6}} {_CLOCK}",
    "epoch": r"1\d{9}(?:[.,]\d{1,9}|\d{3})?\b",
    "clock": _CLOCK,
}
TIME = "|".join(_FORMS.values())
"""A time in any of the forms of logs (no groups)."""
_TIME = re.compile("|".join(f"(?P<{kind}>{form})" for kind, form in _FORMS.items()))
_MONTHS = {month: number for number, month in enumerate(("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1)}
_AT = re.compile(r"(?<!\d)(\d\d?):(\d\d):(\d\d)(?:[.,](\d{1,9}))?")
_HALF = re.compile(r" ([AP])M\b")
_OFFSET = re.compile(r"(?:(Z|UTC|GMT)|([+-])(\d\d):?(\d\d))$")
_DAY = 86400.0
_FUTURE = 60.0


def seconds(text: str, now: float) -> float:
    """Return the wall seconds that a time of a log means, `now` where it means none or one that has not come yet.

    A time without a zone is local time; one without a year or a day is the latest such before `now`.
    """
    found = _TIME.match(text)
    if found is None or found.lastgroup is None:
        return now
    try:
        at = _meant(found.lastgroup, found.group(), now)
    except (ValueError, OverflowError, OSError):
        return now
    return at if 0 < at <= now + _FUTURE else now


def _meant(kind: str, text: str, now: float) -> float:
    if kind == "epoch":
        number = float(text.replace(",", "."))
        return number / 1000 if number > 1e11 else number
    clock = _AT.search(text)
    if clock is None:
        raise ValueError(text)
    if not clock[4]:
        return _second(kind, text, int(now // 60))
    return _second(kind, text[: clock.start(4) - 1] + text[clock.end(4) :], int(now // 60)) + float(f"0.{clock[4]}")


@lru_cache(maxsize=512)
def _second(kind: str, text: str, minute_now: int) -> float:
    """Return the wall seconds of a time without fractions; `minute_now` is the current minute."""
    now = minute_now * 60.0
    clock = _AT.search(text)
    if clock is None:
        raise ValueError(text)
    hour, minute, second = (int(clock[index]) for index in (1, 2, 3))
    halved = _HALF.match(text, clock.end())
    if halved is not None:
        hour = hour % 12 + (12 if halved[1] == "P" else 0)
    year, month, day = _date(kind, text[: clock.start()], text[clock.end() :], now)
    whole = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=_zone(text[clock.end() :]))
    at = whole.timestamp()
    if kind == "clock" and at > now + 2 * _FUTURE:
        return at - _DAY
    return whole.replace(year=year - 1).timestamp() if kind == "long" and at > now + _DAY else at


def _date(kind: str, before: str, after: str, now: float) -> tuple[int, int, int]:
    numbers = re.findall(r"\d{1,8}", before)
    today = time.localtime(now)
    if kind == "iso":
        return int(numbers[0]), int(numbers[1]), int(numbers[2])
    if kind == "clf":
        return int(numbers[1]), _month(before), int(numbers[0])
    if kind == "mail":
        return int(numbers[1]), _month(before), int(numbers[0])
    if kind == "noon":
        return int(numbers[1]), _month(before), int(numbers[0])
    if kind == "long":
        year = re.search(r"\d{4}$", after)
        return int(year.group()) if year else today.tm_year, _month(before), int(numbers[0])
    if kind == "local":  # day first where it can be one, month first where it must or where the day has halves
        first, second = int(numbers[0]), int(numbers[1])
        day_first = second <= 12 and (first > 12 or not _HALF.match(after))
        return int(numbers[2]) + (2000 if len(numbers[2]) == 2 else 0), *((second, first) if day_first else (first, second))
    if kind == "short":
        whole = numbers[0][-6:]
        return 2000 + int(whole[:2]), int(whole[2:4]), int(whole[4:])
    return today.tm_year, today.tm_mon, today.tm_mday


def _month(text: str) -> int:
    for word in re.findall(r"[A-Z][a-z]{2}", text):
        if word in _MONTHS:
            return _MONTHS[word]
    raise ValueError(text)


def _zone(rest: str) -> tzinfo | None:
    found = _OFFSET.search(_HALF.sub("", rest, 1).strip()[:12].partition(" ")[0])
    if found is None:
        return None
    if found[1]:
        return UTC
    sign = -1 if found[2] == "-" else 1
    return timezone(sign * timedelta(hours=int(found[3]), minutes=int(found[4])))
