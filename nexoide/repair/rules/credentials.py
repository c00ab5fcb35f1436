"""Refused or missing credentials: 401, 403, an invalid key, a variable that is not set. Never a patch; what to set, and where it is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.context import Context
from nexoide.repair.network.credentials_seen import SECRET, Header, Variable, headers, secrets, variables
from nexoide.repair.proposal import Advice
from nexoide.repair.rules.base import Example

_TYPES = frozenset(
    [
        "AccessDenied",
        "AccessDeniedError",
        "AccessDeniedException",
        "APIKeyError",
        "ApiKeyError",
        "AuthError",
        "AuthenticationError",
        "AuthenticationFailed",
        "AuthenticationFailedError",
        "BadCredentialsException",
        "CredentialRetrievalError",
        "CredentialsError",
        "DefaultCredentialsError",
        "ExpiredSignatureError",
        "Forbidden",
        "ForbiddenError",
        "InvalidAPIKey",
        "InvalidAPIKeyError",
        "InvalidApiKeyError",
        "InvalidCredentials",
        "InvalidCredentialsError",
        "InvalidSignatureError",
        "InvalidTokenError",
        "LoginError",
        "MissingAPIKey",
        "MissingAPIKeyError",
        "MissingApiKeyError",
        "MissingCredentials",
        "MissingCredentialsError",
        "NoCredentialsError",
        "NotAuthenticated",
        "PartialCredentialsError",
        "PermissionDenied",
        "PermissionDeniedError",
        "RefreshError",
        "SMTPAuthenticationError",
        "TokenExpiredError",
        "Unauthorized",
        "UnauthorizedError",
    ]
)
_KINDS = r"(?:api[ _-]?key|access[ _-]?key|(?:access|auth|api|bearer|refresh)[ _-]?token|credentials?|secret[ _-]?key|client[ _-]?secret|bearer)"
_BAD = r"(?:invalid|incorrect|bad|wrong|missing|expired|revoked|unknown|no|rejected|malformed)"
_STATE = r"(?:invalid|incorrect|missing|expired|revoked|not set|not provided|not configured|not found|must be set|required|rejected|is empty|refused|denied)"
_REFUSED = re.compile(
    "|".join(
        [
            r"\b(?:401|403)\b.{0,40}\b(?:unauthori[sz]ed|forbidden|error)",
            r"\b(?:unauthori[sz]ed|not authenticated)\b",
            r"(?:status|code|http|error)[^\d\n]{0,12}\b40[13]\b",
            rf"\b{_BAD}\W{{1,3}}(?:\w+\W{{1,3}}){{0,3}}?(?:{_KINDS}|authorization header)\b",
            rf"\b{_KINDS}\b.{{0,50}}\b{_STATE}\b",
            r"authentication (?:failed|required|error|credentials were not provided)|password authentication failed|access denied for user",
            r"signature (?:has )?expired|signature verification failed|InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken",
            r"could not (?:find|locate) credentials|unable to locate credentials",
        ]
    ),
    re.IGNORECASE,
)
# Words that mean credentials only where the program has some.
_WEAK = re.compile(rf"\b{_BAD}\W{{1,3}}(?:\w+\W{{1,3}}){{0,2}}?(?:token|password)\b|\b(?:token|password)\b.{{0,30}}\b{_STATE}\b|\bforbidden\b", re.IGNORECASE)
_LOCAL_PERMISSION = frozenset(
    {"PermissionError", "AssertionError", "SyntaxError", "IndentationError", "AttributeError", "NameError", "ImportError", "IndexError"}
)
_NOT_ALLOWED = frozenset({"Forbidden", "ForbiddenError", "PermissionDenied", "PermissionDeniedError", "AccessDenied", "AccessDeniedError"})
_PARSING = re.compile(r"(?i)unexpected token|token (contextvar|error)|tokeni[sz]|invalid token at|line \d+ column|csrf|parse")
_WORDS = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")


class Credentials:
    """Says which variable, header or setting is missing or refused; changes nothing."""

    name = "credentials"
    summary = "Says which credentials are missing or refused, which variable holds them and whether it is set; it never changes code."
    errors = ("*",)
    examples: tuple[Example, ...] = (
        Example(
            name="refused-key",
            files={
                "main.py": "import os\nimport urllib.error\n\n\ndef headers():\n"
                "    return {'Authorization': f\"Bearer {os.environ.get('SHOP_API_KEY', '')}\"}\n\n\n"
                "def fetch(url):\n    raise urllib.error.HTTPError(url, 401, 'Unauthorized', headers(), None)\n\n\nfetch('https://api.example.org/orders')\n"
            },
            prints=None,
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether credentials were refused or are missing."""
        if raised.type in _TYPES:
            return True
        if raised.type == "KeyError":
            name = raised.message.strip("'\"")
            asked = any(frame.function.startswith("_Environ") or frame.file.endswith(("/os.py", "<frozen os>")) for frame in raised.frames)
            return asked and name.isupper() and SECRET.search(name) is not None
        if raised.type in _LOCAL_PERMISSION or _PARSING.search(raised.message):
            return False
        return _REFUSED.search(raised.message) is not None or _WEAK.search(raised.message) is not None

    def propose(self, context: Context) -> Iterable[Advice]:
        """Yield what a person should set or renew, with where the program reads it."""
        raised = context.raised
        read = variables(context.project)
        secret = secrets(context.project)
        named = [item for item in read if item.name in _WORDS.findall(raised.message) or item.name == raised.message.strip("'\"")]
        near = _near(context, named or secret)
        built = headers(context.project)
        if not near and not built and (context.is_raising or raised.type not in _TYPES) and _REFUSED.search(raised.message) is None:
            return  # the program's own users and tokens, not its credentials
        looked = [*_variable_facts(context, near), *_header_facts(built)]
        lacking = [item.name for item in near if _is_set(context, item) is False]
        status = re.search(r"\b(401|403)\b", raised.message)
        if lacking:
            title = f"set the environment variable {lacking[0]}"
            one = len(lacking) == 1
            text = f"The program reads {', '.join(lacking)}, and {'it is' if one else 'they are'} not set where it runs. "
            text += f"Set {'it' if one else 'them'} and start the program again."
        elif raised.type == "KeyError":
            name = raised.message.strip("'\"")
            title = f"set the environment variable {name}"
            text = f"The program reads {name} from its environment, and it was not set when this failed. Set it and start the program again."
        elif (status is not None and status[1] == "403") or raised.type in _NOT_ALLOWED:
            title = "the other side knows who asks and does not allow it"
            text = "Ask the owner of the service for the right that this call needs, or use credentials that have it." + _where(near)
        else:
            title = "the credentials were refused"
            text = "Renew the key, token or password, and see that the program gets the new one." + _where(near)
        wrong = _suspicious(built)
        if wrong:
            text += " " + wrong
        yield context.advise(rule=self.name, title=title, text=text, looked=looked[:6], final=True)


def _where(near: list[Variable]) -> str:
    return f" The program reads {near[0].name} at {near[0].place}." if near else ""


def _near(context: Context, found: list[Variable]) -> list[Variable]:
    """Return the variables that matter here: those read in the failing file or the frames' files first, at most four."""
    files = {context.project.relative(frame.file) for frame in context.raised.frames}
    once = {item.name: item for item in reversed(found)}
    return sorted(once.values(), key=lambda item: (item.place.rpartition(":")[0] not in files, item.place))[:4]


def _is_set(context: Context, item: Variable) -> bool | None:
    known = context.surroundings.variables
    return None if known is None else item.name in known


def _variable_facts(context: Context, near: list[Variable]) -> Iterator[str]:
    for item in near:
        state = {True: "is set where the program runs", False: "is not set where the program runs", None: "was not looked up"}[_is_set(context, item)]
        yield f"{item.name}, read at {item.place}{' with a default' if item.has_default else ''}, {state}."


def _header_facts(built: list[Header]) -> Iterator[str]:
    for item in built[:4]:
        scheme = f", beginning with {item.scheme.strip()}" if item.scheme.strip() and item.scheme != "?" else ""
        yield f"The header {item.name} is built at {item.place}{scheme}."


def _suspicious(built: list[Header]) -> str:
    """Say what is odd about a header: a name that no service reads, or a scheme that other calls of the project have and it lacks."""
    for item in built:
        if not item.is_known and item.name.lower().startswith(("authori", "autori")):
            return f"Look at {item.place} first: the header is called {item.name} there, and services read Authorization."
    own = [item for item in built if item.name.lower() == "authorization"]
    schemed = [item for item in own if item.scheme.strip() not in ("", "?")]
    bare = [item for item in own if not item.scheme]
    if schemed and bare:
        return (
            f"Look at {bare[0].place} first: its Authorization has no {schemed[0].scheme.strip()} before the credential, and the one at {schemed[0].place} has."
        )
    if bare and not schemed:
        return f"The Authorization header at {bare[0].place} is the bare value; many services want Bearer before it."
    return ""
