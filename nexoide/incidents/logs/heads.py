"""The head of a log record: time, level, logger, process and thread, in whatever order a format puts them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nexoide.incidents.logs.times import TIME
from nexoide.model.failure import Severity

MAX_HEAD = 240
_MAX_WORDS = 2
_MAX_TOKENS = 10

SEVERE: dict[str, Severity] = {
    "ERROR": "error", "ERR": "error", "SEVERE": "error", "EROR": "error", "FAIL": "error", "E": "error", "CRITICAL": "critical", "CRIT": "critical",
    "CRITI": "critical",
    "FATAL": "critical", "FTL": "critical", "ALERT": "critical", "EMERG": "critical", "EMERGENCY": "critical", "PANIC": "critical", "DPANIC": "critical",
    "F": "critical", "C": "critical",
}  # fmt: skip
"""The words (upper case) of levels that are failures, and how bad they are."""
MILD = frozenset(
    {
        "WARNING",
        "WARN",
        "WRN",
        "W",
        "INFO",
        "INF",
        "I",
        "NOTICE",
        "SUCCESS",
        "DEBUG",
        "DBG",
        "D",
        "TRACE",
        "TRC",
        "VERBOSE",
        "FINE",
        "FINER",
        "CONFIG",
        "INFORMATION",
    }
)
WARNINGS = frozenset({"WARNING", "WARN", "WRN", "W"})
_WORDS = (
    "CRITICAL|CRITI(?=\\])|EMERGENCY|INFORMATION|WARNING|VERBOSE|SUCCESS|NOTICE|SEVERE|DPANIC|ERROR|FATAL|DEBUG|TRACE|ALERT|EMERG|PANIC|FINER|"
    "INFO|WARN|CRIT|FINE|ERR|FTL|WRN|INF|DBG|TRC"
)
_LOWER = r"critical|emergency|information|warning|notice|severe|dpanic|error|fatal|debug|trace|alert|emerg|panic|info|warn|crit|err"
_TITLE = r"Critical|Information|Warning|Error|Fatal|Debug|Trace|Info|Warn"
_LEVEL = re.compile(
    rf"(?:(?<![^\s\[(|<:=\"'/,;>])(?P<upper>{_WORDS})(?![^\s\]|)>:,;/\"'=@-])"
    rf"|(?<=[\[|<(\t])(?:[\w.]{{1,40}}:)?(?P<inside>{_LOWER}|{_TITLE}) {{0,12}}(?=[\]|>)\t:])"
    rf"|\b(?:level|lvl|severity|loglevel)=\"?(?P<pair>{_LOWER}|{_TITLE}|{_WORDS}|eror)\b\"?"
    rf"|(?<=[\dZ\]] )(?P<colon>{_LOWER}|{_TITLE})(?=: )"
    rf"|(?<=[\dZ\]] )(?P<wide>{_LOWER})(?=  )"
    rf"|(?<=\w\.)(?P<channel>{_WORDS})(?=: ))"
)
_TIME = re.compile(rf"[\[(<]?(?:{TIME})")
_LETTER = re.compile(
    r"\[?(?P<level>[EWIDFC])(?P<time> ?\d{4,6} \d\d:\d\d:\d\d(?:\.\d{1,9})?)(?: (?P<place>[\w.]{1,60}:\d{1,7})\]| {1,8}"
    r"(?P<pid>\d{1,10}) (?P<file>[\w.-]{1,80}:\d{1,7})\])"
)
_APP = re.compile(r"\[(?P<level>[EWIDFC]) (?P<time>(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?) (?P<logger>[A-Za-z_][\w.-]{0,60})(?::\d{1,7})?\]")
_DOTNET = re.compile(r"(?P<level>fail|crit|warn|info|dbug|trce): (?P<logger>[\w.`+]{1,200})\[\d{1,9}\]")
_TOKEN = re.compile(
    rf"[\s|,;:>-]{{0,20}}+(?:(?P<time>[\[(<]?(?:{TIME})(?: #\d{{1,10}})?[\])>]?)"
    r"|\[(?P<square>[^\[\]\n]{0,120})\]|\((?P<round>[^()\n]{0,120})\)|<(?P<angle>[^<>\n]{0,120})>|\{(?P<curly>[^{}\n]{1,120})\}"
    r"|[\[(](?P<open>[\w .#-]{1,60})/?$"
    r"|(?P<key>pid|tid|thread|process|logger|name)=\"?(?P<value>[^\s\",;]{1,80})\"?|(?P<word>[^\s|,;\[\](){}<>]{1,80}))"
)
_THREAD_NAME = r"MainThread|MainProcess|Thread-\d{1,6}|\w{0,40}Worker-\d{1,6}|\w{0,20}Process-\d{1,6}(?::\d{1,6})?"
_AFTER = re.compile(
    rf"[\s\])>:|,-]{{0,24}}(?P<time>{TIME})"
    r"|(?P<worker>/(?P<name>[\w.-]{1,60}))?[\s\])>:|,;-]{0,24}?(?:"
    r"(?<=[\s:\])|])[\[<](?P<square>[^\[\]<>\n]{1,120})[\]>][: ]?(?=\s|-|:|\[|$)|(?<=[\s:\])|])\((?P<round>[^()\n]{1,120})\)(?=\s|:|$)"
    rf"|(?<=[A-Z\]\d] )(?P<told>[A-Za-z_][\w.-]{{0,100}}) (?P<its>\d{{1,10}}) (?:(?=---)|(?:\d{{9,20}}|(?P<there>{_THREAD_NAME}))(?= ))"
    r"|(?<=[A-Z\]] )(?P<of>[A-Za-z_]\w{0,60}) (?=[\[<]\d{1,10}[\]>])|(?<=[A-Z\]] )(?P<source>[\w./-]{1,200}\.py)(?::\d{1,7}|\(\d{1,7}\)):?(?= )"
    r"|(?<=[\s:\])|])(?P<number>\d{1,10}) (?=---|[A-Z]\w{0,40}Thread)|(?<=\s)in (?P<module>[\w.]{1,80}): "
    r"|(?<=\| )(?P<place>[\w.<>]{1,80}:[\w<>]{1,80}:\d{1,7}) - |(?<=- )(?P<dashed>[A-Za-z_][\w.$-]{0,100}) - |(?<=\|)"
    r"(?P<piped> ?[A-Za-z_][\w.$-]{0,100} {0,40})\| ?|(?<=[A-Z][;\t])(?P<cell>[A-Za-z_][\w.$-]{0,100})[;\t]"
    r"|(?<=[A-Z]:)(?P<basic>[A-Za-z_][\w.$-]{0,100}):|(?<=[A-Z]::)(?P<doubled>[A-Za-z_][\w.$-]{0,100})::"
    r"|(?<=[\]\s])(?P<dotted>[A-Za-z_][\w$-]{0,60}(?:\.[\w$-]{1,60}){1,12})(?:  ?:|:| -)?\s"
    rf"|(?<=[A-Z\])>\d] )(?P<lower>[a-z_][\w]{{0,60}})(?: ?: | - )|(?<= )(?P<thread>{_THREAD_NAME})(?=[ :]))"
)
_LAST = ("place", "dashed", "basic", "lower", "module", "cell", "doubled")
"""The groups of a logger's name after which the message begins."""
_NAMED = (*_LAST, "piped", "dotted", "told", "of", "source")
_WORKER = re.compile(r"/(?P<name>[\w.-]{1,60})")
_LEAD = re.compile(r"[\s\])>\"']{0,12}(?:(?:[-–—]{1,3}|[:|,]|--- ?:?)(?:\s{1,12}|$)){0,2}[: ]{0,12}")
_COLUMN = re.compile(r" {8,40}(?:(?P<level>CRITICAL) |(?P<level2>ERROR|WARNING|INFO|DEBUG) {1,5})(?P<message>\S[^\n]{0,8000})$")
_PLACE = re.compile(r" {2,400}[\w./-]{1,100}:\d{1,7} {0,400}$")
_NAME = re.compile(r"[A-Za-z_][\w.$/-]{0,120}$")
_THREAD = re.compile(
    r"(?:Main|Dummy)?Thread\b|MainProcess$|.{0,60}Worker|Process-|asyncio_\d|"
    r"ThreadPool|.{0,60}-(?:thread|exec|worker|pool)-|main$|http-|nio-|pool-|Thread-",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[a-z]{1,30}$|[A-Z][a-z]{1,30}$")


_DIGITS = str.maketrans("123456789", "000000000")
_MAX_SHAPE = 300
_MAX_SHAPES = 1024
_shapes: dict[str, tuple[str, str, str, int, int, int]] = {}


@dataclass(slots=True)
class Head:
    """The head of a record: its level (upper case, "" where it has none) and what else it says; `message` is the rest of its line."""

    message: str
    level: str = ""
    time: str = ""
    logger: str = ""
    thread: str = ""
    pid: int = 0


def head_of(text: str) -> Head | None:
    """Return the head of a record that begins on this line, None where none does: level or time must stand where formats have them.

    Lines that differ in digits alone have their parts at the same places, so most are cut by what is known of an earlier one.
    """
    shape = text.translate(_DIGITS) if len(text) <= _MAX_SHAPE else ""
    known = _shapes.get(shape)
    if known is not None:
        level, logger, thread, begin, end, message = known
        return Head(text[message:], level, text[begin:end], logger, thread)
    head = _read(text)
    if head is not None and shape and not head.pid and not any(map(str.isdigit, head.logger + head.thread)) and text.endswith(head.message):
        if len(_shapes) >= _MAX_SHAPES:
            _shapes.clear()
        begin = text.find(head.time) if head.time else 0
        if begin >= 0:
            _shapes[shape] = (head.level, head.logger, head.thread, begin, begin + len(head.time), len(text) - len(head.message))
    return head


def _read(text: str) -> Head | None:
    if not text or text[0] in " \t{":
        column = _COLUMN.match(text) if text[:8] == "        " else None
        return Head(message=_PLACE.sub("", column["message"]), level=column["level"] or column["level2"]) if column is not None else None
    begin = text[:MAX_HEAD]
    found = _LETTER.match(begin) or _APP.match(begin) or _DOTNET.match(begin)
    if found is not None:
        return _special(text, found)
    level = _LEVEL.search(begin)
    if level is None:
        return _untold(text, begin)
    head = Head(message="", level=next(word for word in level.groups() if word).upper())
    if level["pair"]:
        return _pairs(text, head) if _before(begin[: level.start()], head, pairs=True) else None
    if not _before(begin[: level.start()].rstrip("[(<"), head):
        return _untold(text, begin)
    if level.start() == 0 and (text.startswith(("ERROR collecting", "ERROR tests/")) or "::" in text[5:200].split(" ", 1)[0]):
        return None  # a line of pytest's summary
    if not head.time and text[level.end() : level.end() + 2] in {", ", "; "}:
        return None  # a list in a sentence
    end = _behind(text, level.end(), head)
    end += text[end : end + 1] in {",", ";"}  # of a table
    lead = _LEAD.match(text, end)
    head.message = text[lead.end() if lead else end :]
    return head


def _untold(text: str, begin: str) -> Head | None:
    found = _TIME.match(begin)
    return Head(message=text[found.end() :].lstrip(" ])>-:|,"), time=found.group().lstrip("[(<")) if found else None


def _special(text: str, found: re.Match[str]) -> Head:
    said = found.groupdict()
    level = {"fail": "ERROR", "crit": "CRITICAL", "dbug": "DEBUG", "trce": "TRACE"}.get(said["level"], said["level"].upper())
    time = (said.get("time") or "").strip()
    return Head(
        message=text[found.end() :].strip(" :-"),
        level=level,
        time=time if len(time.split(" ")[0]) != 4 else "",  # glog's has no year, and no form of a date
        logger=said.get("logger") or "",
        pid=int(said.get("pid") or 0),
    )


def _before(region: str, head: Head, *, pairs: bool = False) -> bool:
    """Take what stands before the level; False where that is a sentence, and the level a word in it."""
    words: list[str] = []
    at = 0
    for _ in range(_MAX_TOKENS):
        found = _TOKEN.match(region, at)
        if found is None:
            break
        at = found.end()
        if found["time"]:
            at_time, _, pid = found["time"].strip("[]()<>").partition(" #")
            head.time = head.time or at_time
            head.pid = int(pid) if pid and len(pid) < 10 else head.pid
        elif found["key"]:
            _said(found["key"], found["value"], head)
        elif found["word"]:
            words.append(found["word"])
        else:
            _bracket(found["square"] or found["round"] or found["angle"] or found["curly"] or found["open"] or "", head)
    if region[at:].strip(" \t|,;:>[(<-"):
        return False
    for word in (word.rstrip(":") for word in words):
        if word.isascii() and word.isdigit() and not head.pid and len(word) < 10:
            head.pid = int(word)
        elif _THREAD.match(word):
            head.thread = word
        elif _NAME.match(word):
            head.logger = word
    if pairs:
        return True
    plain = sum(1 for word in words if _SENTENCE.match(word))
    if not words or head.time or head.pid or head.thread:
        return plain <= _MAX_WORDS
    return len(words) == 1 and _NAME.match(words[0].rstrip(":")) is not None and (plain == 0 or region.rstrip(" [(<")[-1:] in {":", "-", "|"})


def _said(key: str, value: str, head: Head) -> None:
    if key == "pid" and value.isdigit() and len(value) < 10:
        head.pid = int(value)
    elif key in {"thread", "tid", "process"}:
        head.thread = value
    elif key in {"logger", "name"}:
        head.logger = value


def _bracket(inside: str, head: Head) -> None:
    inside = inside.strip()
    first, _, second = inside.partition(":")
    number = first.removeprefix("pid").strip(" =#")
    if number.isascii() and number.isdigit() and len(number) < 10 and not head.pid:
        head.pid = int(number)
        if second.strip() and not second.strip().isdigit():
            head.thread = second.strip()
    elif _THREAD.match(inside):
        head.thread = inside
    elif not head.logger and _NAME.match(first) and (not second or second.isdigit()):
        head.logger = first.removesuffix(".py")


def _behind(text: str, at: int, head: Head) -> int:
    """Take what stands between the level and the message; return where that ends."""
    for _ in range(5):
        found = _AFTER.match(text, at, MAX_HEAD + 200)
        if found is None:
            break
        if found["time"]:
            head.time = head.time or found["time"]
            at = found.end()
            continue
        if found["name"]:
            _worker(found["name"], head)
        if found["told"]:
            head.pid, head.thread = int(found["its"]), found["there"] or head.thread
        named = next((found[group] for group in _NAMED if found[group]), "")
        if named:
            if head.logger and found["lower"]:  # the name was there before: this is a word of the message
                break
            head.logger = head.logger if head.logger and not found["place"] else named.strip().partition(":")[0].removesuffix(".py")
            at = found.end()
            if any(found[group] for group in _LAST):
                break
            continue
        if found["number"]:
            head.pid = int(found["number"])
        elif found["thread"]:
            head.thread = found["thread"]
        else:
            _bracket(found["square"] or found["round"] or "", head)
        at = found.end()
    else:
        return at
    worker = _WORKER.match(text, at)
    if worker:
        _worker(worker["name"], head)
        return worker.end()
    return at


def _worker(name: str, head: Head) -> None:
    """Take what stands behind a level and a slash: a process by its number or its name, or a thread."""
    if name.isascii() and name.isdigit() and len(name) < 10:
        head.pid = head.pid or int(name)
    else:
        head.thread = name


_PAIR = re.compile(r"([\w.@-]{1,64})=(?:\"((?:[^\"\\]|\\.){0,16000})\"?|(\S{0,2000}))")


def _pairs(text: str, head: Head) -> Head:
    """Read the rest of a record of `key=value` pairs."""
    said: dict[str, str] = {}
    for number, found in enumerate(_PAIR.finditer(text)):
        if number > 64:
            break
        said.setdefault(found[1].lower(), found[2] if found[2] is not None else found[3])
    head.message = said.get("msg") or said.get("message") or said.get("event") or ""
    error = said.get("err") or said.get("error") or said.get("exception") or ""
    head.message = head.message or error or text
    if error and error not in head.message:
        head.message = f"{head.message}: {error}"
    head.time = said.get("time") or said.get("ts") or said.get("t") or said.get("timestamp") or head.time
    head.logger = said.get("logger") or said.get("name") or said.get("component") or said.get("caller") or head.logger
    head.thread = said.get("thread") or said.get("thread_name") or head.thread
    pid = said.get("pid") or ""
    head.pid = int(pid) if pid.isascii() and pid.isdigit() and len(pid) < 10 else head.pid
    return head
