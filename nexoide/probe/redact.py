"""Takes secrets out of text before it leaves the program: by the name they go under, and by the shape of known tokens.

What stays says what it was: `«redacted:github-token:…B4f9»`, with the last four characters only of what is long enough.
"""

from __future__ import annotations

import re

SHOWN_FROM = 16
MAX_TEXT = 16_384

_NAME = r"(?:passw(?:or)?d|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|authorization|credential|session[_-]?id|cookie)s?"
_NAMED = re.compile(_NAME, re.IGNORECASE)
_HARMLESS = re.compile(r"tokeni[sz]|token_(?:count|type|limit)|num_tokens|max_tokens|n_tokens", re.IGNORECASE)
_SHAPES = [
    ("private-key", re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|\Z)", re.DOTALL)),
    ("aws-key", re.compile(r"\b(?:AKIA|ASIA|AGPA|AIDA|AROA)[0-9A-Z]{16}\b")),
    ("github-token", re.compile(r"\b(?:gh[pousr]_[0-9A-Za-z]{20,255}|github_pat_[0-9A-Za-z_]{20,255})")),
    ("gitlab-token", re.compile(r"\bgl(?:pat|dt|rt|cbt|ptt|oas)-[0-9A-Za-z_.-]{16,128}")),
    ("slack-token", re.compile(r"\bxox[abeoprs]-[0-9A-Za-z-]{10,255}|https://hooks\.slack\.com/services/[0-9A-Za-z/+]{20,128}")),
    ("stripe-key", re.compile(r"\b(?:sk|rk|pk)_(?:live|test)_[0-9A-Za-z]{10,255}|\bwhsec_[0-9A-Za-z]{16,255}")),
    ("google-key", re.compile(r"\bAIza[0-9A-Za-z_-]{35}|\bya29\.[0-9A-Za-z_-]{20,512}|\bGOCSPX-[0-9A-Za-z_-]{20,64}")),
    ("api-key", re.compile(r"\bsk-[0-9A-Za-z_-]{20,255}")),
    ("jwt", re.compile(r"\beyJ[0-9A-Za-z_-]{8,4096}\.[0-9A-Za-z_-]{4,4096}\.[0-9A-Za-z_-]{0,1024}")),
]
_BEARER = re.compile(r"\b(Bearer|Basic)(\s+)([0-9A-Za-z+/._~-]{8,4096}=*)", re.IGNORECASE)
_URL = re.compile(r"\b([a-z][a-z0-9+.-]{1,20}://)([^\s/:@'\"]{0,128}):([^\s/@'\"]{1,256})@", re.IGNORECASE)
_KEPT = r"(?P<kept>«redacted:[^»]{1,80}»)|"
_WORD = _NAME + r"[\w-]{0,20}"
_BEFORE = re.compile(r"[\w-]{0,40}\Z")
_HINTS = tuple(
    "passw passphrase pwd secret token key authorization credential session cookie bearer basic :// akia asia agpa aida aroa ghp_ gho_ ghu_ ghs_ ghr_"
    " github_pat_ glpat- gldt- glrt- glcbt- glptt- gloas- xox hooks.slack _live_ _test_ whsec_ aiza ya29. gocspx- sk- eyj".split()
)
"""Without one of these in it, in whatever case, no text holds what the patterns find: looking for them costs a tenth of it."""
_QUOTED = re.compile(
    _KEPT + r"(?P<head>" + _WORD + r"[\"']?\]?\s{0,8}(?:==|[:=])\s{0,8}[rbuf]{0,2})(?P<quote>[\"'])(?P<value>[^«\n]{3,}?)(?P=quote)",
    re.IGNORECASE,
)
_BARE = re.compile(
    _KEPT + r"(?P<head>" + _WORD + r"\s{0,8}[:=]\s{0,8})(?!bearer\b|basic\b)(?P<value>[^\s,;&\"'<>(){}\[\]«»]{3,})",
    re.IGNORECASE,
)
_LITERAL = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_OPTION = re.compile(r"--?[\w-]{0,40}?" + _NAME + r"[\w-]{0,20}\Z", re.IGNORECASE)


def mark(kind: str, secret: str) -> str:
    """Return what stands in for `secret`."""
    return f"«redacted:{kind}:…{secret[-4:]}»" if len(secret) >= SHOWN_FROM else f"«redacted:{kind}»"


def secret_name(name: str) -> str:
    """Return the kind of secret that goes under `name` ("password", "api-key", …), or "" where none does."""
    found = _NAMED.search(name)
    if found is None or _HARMLESS.search(name):
        return ""
    return found.group().lower().replace("_", "-").rstrip("s") or "secret"


def redact(text: str, *, code: bool = False) -> str:
    """Return `text`, at most 16,384 characters of it, without secrets; `code` looks into literals alone."""
    text = text[:MAX_TEXT]
    lower = text.lower()
    if not any([hint in lower for hint in _HINTS]):  # noqa: C419 - a generator costs more than it saves
        return text
    for kind, shape in _SHAPES:
        text = shape.sub(lambda found, kind=kind: mark(kind, found.group()), text)  # type: ignore[misc]
    text = _BEARER.sub(lambda found: found[1] + found[2] + mark("bearer", found[3]), text)
    text = _URL.sub(lambda found: f"{found[1]}{found[2]}:{mark('url-password', '')}@", text)
    if _NAMED.search(text) is None:
        return text
    text = _QUOTED.sub(_quoted, text)
    return _LITERAL.sub(lambda found: _BARE.sub(_bare, found[0]), text) if code else _BARE.sub(_bare, text)


def _kind(found: re.Match[str]) -> str:
    """Return the kind of secret by the whole word that goes before a value."""
    before = _BEFORE.search(found.string[max(0, found.start() - 40) : found.start()])
    return secret_name((before[0] if before else "") + found["head"])


def _quoted(found: re.Match[str]) -> str:
    kind = "" if found["kept"] else _kind(found)
    return f"{found['head']}{found['quote']}{mark(kind, found['value'])}{found['quote']}" if kind else found[0]


def _bare(found: re.Match[str]) -> str:
    kind = "" if found["kept"] else _kind(found)
    return found["head"] + mark(kind, found["value"]) if kind else found[0]


def redact_argv(words: list[str]) -> list[str]:
    """Return a command line without secrets, those included that follow an option such as `--token`."""
    clean: list[str] = []
    for position, word in enumerate(words):
        if position and _OPTION.fullmatch(words[position - 1]) and not word.startswith("-"):
            clean.append(mark(secret_name(words[position - 1]) or "secret", word))
        else:
            clean.append(redact(word))
    return clean
