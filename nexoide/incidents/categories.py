"""What names and words say of what went wrong: tables over the standard library and well-known packages, read by classify.py."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nexoide.model.incident import Category

Patterns = tuple[tuple[re.Pattern[str], Category], ...]

TYPES: dict[str, Category] = {}
"""The class of an exception by its plain name, where the name alone says it."""

_TYPES: dict[Category, str] = {
    "missing key": "KeyError BadRequestKeyError NoSectionError NoOptionError MissingKeyError",
    "missing index": "IndexError ArrayIndexOutOfBoundsException StringIndexOutOfBoundsException IndexOutOfBoundsException",
    "missing name": "NameError UnboundLocalError ReferenceError NotRegistered NoReverseMatch",
    "missing module": "ImportError ModuleNotFoundError PackageNotFoundError ClassNotFoundException NoClassDefFoundError",
    "missing file": (
        "FileNotFoundError NotADirectoryError TemplateDoesNotExist TemplateNotFound NoSuchFileException FileNotFoundException NoSuchKey NoSuchBucket"
    ),
    "division by zero": "ZeroDivisionError DivisionByZero DivideByZeroException",
    "assertion": "AssertionError",
    "syntax": "SyntaxError IndentationError TabError TemplateSyntaxError",
    "not implemented": "Unimplemented NotImplementedError NotImplementedException UnsupportedOperationException",
    "recursion": "RecursionError StackOverflowError StackOverflowException",
    "memory": "MemoryError OutOfMemoryError OutOfMemoryException",
    "permission": "PermissionError AccessDeniedException",
    "wrong encoding": "UnicodeDecodeError UnicodeEncodeError UnicodeTranslateError UnicodeError",
    "wrong JSON": "JSONDecodeError JSONDecodeException JsonParseException JsonMappingException ContentTypeError MsgspecDecodeError",
    "None": "NullPointerException NullReferenceException",
    "wrong value": (
        "ValidationError RequestValidationError ResponseValidationError ImproperlyConfigured InvalidOperation OverflowError FloatingPointError "
        "MissingSchema InvalidSchema InvalidURL NumberFormatException IllegalArgumentException IllegalStateException RangeError ParserError UnpicklingError"
    ),
    "wrong type": "TypeError ClassCastException PicklingError FieldError",
    "timeout": (
        "TimeoutError TimeoutException Timeout ReadTimeout ConnectTimeout WriteTimeout PoolTimeout TimeoutExpired APITimeoutError DeadlineExceeded "
        "GatewayTimeout RequestTimeout SoftTimeLimitExceeded TimeLimitExceeded ServerTimeoutError QueryCanceled QueryCanceledError LockNotAvailable"
    ),
    "rate limit": (
        "RateLimitError TooManyRequests ResourceExhausted ThrottlingException SlowDown OverloadedError QuotaExceededError RateLimitExceeded "
        "RetryAfter FloodWait"
    ),
    "payload too large": "RequestEntityTooLarge RequestDataTooBig PayloadTooLarge ContentTooLarge RequestTooLargeError EntityTooLarge",
    "auth": (
        "AuthenticationError AuthenticationException AuthenticationFailed NotAuthenticated Unauthorized Unauthenticated Forbidden PermissionDenied "
        "PermissionDeniedError NoCredentialsError PartialCredentialsError CredentialRetrievalError RefreshError DefaultCredentialsError ExpiredSignatureError "
        "InvalidTokenError InvalidSignatureError InvalidAudienceError InvalidIssuerError ImmatureSignatureError SMTPAuthenticationError JWTError BadSignature "
        "SignatureExpired InvalidApiKey InvalidAPIKey"
    ),
    "connection": (
        "ConnectionError ConnectionRefusedError ConnectionResetError ConnectionAbortedError BrokenPipeError ConnectError ReadError WriteError NetworkError "
        "RemoteProtocolError ProxyError SSLError SSLCertVerificationError CertificateError gaierror herror NewConnectionError NameResolutionError "
        "ProtocolError ChunkedEncodingError IncompleteRead IncompleteReadError RemoteDisconnected BadStatusLine ClientConnectorError ClientOSError "
        "ClientConnectionError ServerDisconnectedError ClientPayloadError APIConnectionError EndpointConnectionError ConnectionClosedError ConnectionClosed "
        "WebSocketDisconnect SMTPServerDisconnected SMTPConnectError ConnectException SocketException UnknownHostException MaxRetryError "
        "NoBrokersAvailable Unavailable"
    ),
    "database": (
        "DatabaseError OperationalError IntegrityError ProgrammingError DataError InterfaceError NotSupportedError UniqueViolation ForeignKeyViolation "
        "NotNullViolation CheckViolation UndefinedTable UndefinedColumn DeadlockDetected SerializationFailure DoesNotExist ObjectDoesNotExist "
        "MultipleObjectsReturned NoResultFound MultipleResultsFound StatementError PendingRollbackError InvalidRequestError DetachedInstanceError FlushError "
        "DuplicateKeyError ResponseError BusyLoadingError ReadOnlyError SQLException SQLSyntaxErrorException TransactionManagementError StaleDataError"
    ),
    "client error": (
        "InvalidArgument FailedPrecondition "
        "BadRequestError BadRequest NotFoundError NotFound Http404 ConflictError Conflict UnprocessableEntityError UnprocessableEntity "
        "MethodNotAllowed DisallowedHost SuspiciousOperation UnsupportedMediaType"
    ),
    "server error": "InternalServerError ServiceUnavailable ServiceUnavailableError BadGateway ServerError",
    "crash": "SystemError SystemExit WorkerLostError BrokenProcessPool TerminatedWorkerError BrokenExecutor BrokenThreadPool Segfault",
}  # fmt: skip
for _category, _names in _TYPES.items():
    TYPES.update(dict.fromkeys(_names.split(), _category))

BY_STATUS: dict[int, Category] = {
    401: "auth", 403: "auth", 407: "auth", 408: "timeout", 413: "payload too large", 429: "rate limit", 504: "timeout", 511: "auth", 524: "timeout",
}  # fmt: skip
BY_ERRNO: dict[int, Category] = {
    1: "permission", 2: "missing file", 5: "disk", 12: "memory", 13: "permission", 20: "missing file", 28: "disk", 30: "disk", 32: "connection",
    98: "connection", 99: "connection", 100: "connection", 101: "connection", 103: "connection", 104: "connection", 110: "timeout", 111: "connection",
    113: "connection", 122: "disk",
}  # fmt: skip
"""The numbers are Linux's (asm-generic/errno.h)."""


def _compiled(pairs: Iterable[tuple[str, Category]], flags: int = 0) -> Patterns:
    return tuple((re.compile(pattern, flags), category) for pattern, category in pairs)


NAMES = _compiled(
    (
        (r"Warning$", "warning"),
        (r"Time(?:d)?Out|Timeout|DeadlineExceeded|TimeLimit", "timeout"),
        (r"RateLimit|TooManyRequest|Throttl|ThroughputExceed|QuotaExceed|ResourceExhausted", "rate limit"),
        (r"TooLarge|TooBig|SizeLimit|SizeExceeded|MaxSize|ContextLength|ContextWindow", "payload too large"),
        (
            r"Authenti|Authoriz|Unauthor|Forbidden|Unauthenticated|PermissionDenied|AccessDenied|Credential|InvalidToken|TokenExpired"
            r"|ExpiredToken|ExpiredSignature|InvalidSignature|InvalidApiKey|LoginFailed|ClientToken|AuthFailure|SignatureDoesNotMatch|UnrecognizedClient",
            "auth",
        ),
        (r"OutOfMemory|MemoryError$|^OOM", "memory"),
        (r"DiskFull|NoSpace|StorageFull", "disk"),
        (r"JSON|Json", "wrong JSON"),
        (r"Unicode|Encoding|Codec|Charset", "wrong encoding"),
        (r"Deadlock|Integrity|Transaction|DoesNotExist|Database|SQL|ForeignKey|UniqueConstraint|UniqueViolation", "database"),
        (r"Connect(?:ion|or)?(?!ed)|Disconnect|Unreachable|BrokenPipe|Network|Socket|Dns|DNS|Ssl|SSL|TLS|Proxy", "connection"),
        (r"FileNotFound|MissingFile", "missing file"),
        (r"KeyNotFound|MissingKey|MissingField", "missing key"),
        (r"NotImplemented|Unimplemented", "not implemented"),
        (r"NullPointer|NoneType", "None"),
        (r"Validation|Invalid|BadValue|ValueError", "wrong value"),
    )
)
"""The class by a part of the name, for what programs and packages define themselves."""

MESSAGES = _compiled(
    (
        (r"was never awaited", "not awaited"),
        (r"\b(?:rate.?limit|too many requests|throttl|quota (?:has been )?exceeded|slow ?down\b|flood control)", "rate limit"),
        (
            r"\b(?:payload|entity|body|request|content|message|file|upload|document|image|attachment|packet|prompt)\b"
            r".{0,30}\b(?:too (?:large|big|long)|larger than)\b"
            r"|\btoo (?:large|big) (?:a )?(?:payload|body|file|upload|request)|\bmaximum context length\b|\bcontext length exceeded\b"
            r"|\bsize exceeds\b|\bgot a packet bigger than\b"
            r"|\bexceeds? (?:the )?(?:max(?:imum)?|limit|allowed).{0,30}\b(?:size|bytes|length|[kmg]i?b)\b",
            "payload too large",
        ),
        (r"no space left|disk (?:is )?(?:almost )?full|disk quota exceeded|read-only file system", "disk"),
        (r"out of memory|cannot allocate memory|oom[- ]?kill|\boom command\b|std::bad_alloc|heap space", "memory"),
        (r"\btim(?:ed|e)[ -]?out\b|\btimeout\b|deadline (?:was )?exceeded|took too long", "timeout"),
        (
            r"unauthori[sz]ed|unauthenticated|not authenticated|authentication (?:is |was )?(?:failed|required|error)|authorization (?:failed|required)"
            r"|\binvalid_?credentials\b|\bnot enough segments\b"
            r"|(?:invalid|incorrect|wrong|expired|missing|bad) (?:api[ _-]?key|access token|auth|token|credentials?|password|signature)"
            r"|(?:token|signature|session|credentials?) (?:has |have |is |was |are )?(?:expired|invalid)|access (?:is |was )?denied|accessdenied|\bforbidden\b"
            r"|login (?:failed|required)|could not validate credentials|expiredtoken|signaturedoesnotmatch|invalidclienttoken|unrecognizedclient",
            "auth",
        ),
        (r"permission denied|operation not permitted", "permission"),
        (
            r"connection (?:was |is |has been |already )?(?:refused|reset|aborted|closed|lost|failed|broken|error|terminated|timed)|could(?:n't| not) connect"
            r"|(?:failed|unable|cannot) to (?:re)?connect|cannot connect|name or service not known|temporary failure in name resolution|getaddrinfo"
            r"|network is unreachable|no route to host|broken pipe|certificate verify failed|ssl: |address already in use|remote end closed|econnre"
            r"|closed the connection|server has gone away",
            "connection",
        ),
        (r"deadlock|duplicate key|violates .{1,40} constraint|constraint failed|no such (?:table|column)|database is locked|\bsql(?:state)?\b", "database"),
        (r"codec can't (?:de|en)code|invalid (?:start|continuation) byte", "wrong encoding"),
        (r"invalid json|json (?:decode|parse)|not valid json|malformed json|expecting value: line|unexpected token .{1,20} in json", "wrong JSON"),
        (r"no such file or directory|file (?:was )?not found", "missing file"),
        (
            r"nonetype|null pointer|nil pointer|nil map|of (?:undefined|null)\b|(?:undefined|null) is not an object|(?:nil|undefined)(?::|\b.{0,20}for) nil",
            "None",
        ),
        (r"is not a function|undefined method|no method named|call to undefined (?:method|function)", "missing method"),
        (r"undefined (?:local )?(?:variable|name)|is not defined", "missing name"),
        (r"index out of (?:range|bounds)|list index", "missing index"),
        (r"divi(?:sion|ded?) by zero|divide error", "division by zero"),
        (r"maximum recursion|stack overflow|too much recursion|stack level too deep", "recursion"),
        (r"no module named|cannot find (?:module|package)|module not found", "missing module"),
        (
            r"segmentation fault|core dumped|fatal python error|\bsig(?:segv|kill|abrt|bus|ill)\b|killed by signal|\bpanic\b|worker (?:was )?(?:lost|died)",
            "crash",
        ),
        (r"not (?:yet )?implemented", "not implemented"),
        (r"internal server error|service (?:is )?(?:temporarily )?unavailable|bad gateway|overloaded", "server error"),
    ),
    re.IGNORECASE,
)
"""The class by words of a message, for what says it in words alone; quoted text is taken out before."""

GENERIC = frozenset({"ValueError", "OSError", "IOError", "EnvironmentError", "RuntimeError", "Exception", "BaseException", "LookupError", "ArithmeticError",
                     "Error", "error", "HTTPError", "HTTPStatusError", "HTTPException", "ClientResponseError", "StatusError", "APIStatusError", "APIError",
                     "ClientError", "OperationalError", "ResponseError", "MaxRetryError", "RequestException", "RequestError", "TransportError", "URLError",
                     "UnhandledPromiseRejection", "TypeError", "DatabaseError", "InternalError", "InterfaceError"})  # fmt: skip
"""Types that say less than a number or the words of their message."""
