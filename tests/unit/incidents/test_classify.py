from __future__ import annotations

from dataclasses import replace

import pytest

from nexoide.incidents.classify import classify
from nexoide.incidents.statuses import errno_of, http_status
from nexoide.model.failure import Failure, ValueView

from .failures import failure, frame, raised


def category(kind: str, message: str = "", *, module: str = "builtins", source: str = "x") -> str:
    return classify(failure(raised(frame("f", source), kind=kind, message=message, module=module)))[0]


@pytest.mark.parametrize(
    ("kind", "message", "source", "expected"),
    [
        ("AttributeError", "'Cart' object has no attribute 'totl'", "return cart.totl", "missing attribute"),
        ("AttributeError", "'Cart' object has no attribute 'totl'", "return cart.totl(17)", "missing method"),
        ("AttributeError", "module 'math' has no attribute 'sqr'", "x = math.sqr (2)", "missing method"),
        ("AttributeError", "module 'math' has no attribute 'tau2'", "x = math.tau2", "missing attribute"),
        ("AttributeError", "'NoneType' object has no attribute 'name'", "return user.name", "None"),
        ("AttributeError", "'coroutine' object has no attribute 'json'", "return fetch().json()", "not awaited"),
        ("TypeError", "'NoneType' object is not subscriptable", "x[0]", "None"),
        ("TypeError", "unsupported operand type(s) for +: 'NoneType' and 'int'", "a + b", "None"),
        ("TypeError", "unsupported operand type(s) for +: 'int' and 'str'", "a + b", "wrong type"),
        ("TypeError", "f() missing 1 required positional argument: 'x'", "f()", "wrong signature"),
        ("TypeError", "C.f() got an unexpected keyword argument 'y'", "c.f(y=1)", "wrong signature"),
        ("TypeError", "f() takes 1 positional argument but 2 were given", "f(1, 2)", "wrong signature"),
        ("TypeError", "f() takes from 1 to 2 positional arguments but 3 were given", "f(1, 2, 3)", "wrong signature"),
        ("TypeError", "f() got multiple values for argument 'x'", "f(1, x=1)", "wrong signature"),
        ("TypeError", "f() takes no arguments (1 given)", "f(1)", "wrong signature"),
        ("TypeError", "len() takes exactly one argument (2 given)", "len(1, 2)", "wrong signature"),
        ("TypeError", "ord expected at most 1 argument, got 2", "ord(1, 2)", "wrong signature"),
        ("TypeError", "'coroutine' object is not subscriptable", "f()[0]", "not awaited"),
        ("TypeError", "object dict can't be used in 'await' expression", "await f()", "not awaited"),
        ("TypeError", "object NoneType can't be used in 'await' expression", "await f()", "None"),
        ("RuntimeWarning", "coroutine 'f' was never awaited", "f()", "not awaited"),
        ("KeyError", "'x'", "d['x']", "missing key"),
        ("IndexError", "list index out of range", "x[3]", "missing index"),
        ("NameError", "name 'x' is not defined", "x", "missing name"),
        ("UnboundLocalError", "cannot access local variable 'x'", "x", "missing name"),
        ("ModuleNotFoundError", "No module named 'yaml'", "import yaml", "missing module"),
        ("FileNotFoundError", "[Errno 2] No such file or directory: 'x'", "open(x)", "missing file"),
        ("PermissionError", "[Errno 13] Permission denied: 'x'", "open(x)", "permission"),
        ("OSError", "[Errno 28] No space left on device", "f.write(x)", "disk"),
        ("OSError", "[Errno 98] Address already in use", "bind()", "connection"),
        ("ZeroDivisionError", "division by zero", "1 / x", "division by zero"),
        ("AssertionError", "", "assert x", "assertion"),
        ("NotImplementedError", "", "raise", "not implemented"),
        ("RecursionError", "maximum recursion depth exceeded", "f()", "recursion"),
        ("MemoryError", "", "x * y", "memory"),
        ("UnicodeDecodeError", "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte", "b.decode()", "wrong encoding"),
        ("JSONDecodeError", "Expecting value: line 1 column 1 (char 0)", "json.loads(x)", "wrong JSON"),
        ("ValueError", "invalid literal for int() with base 10: 'timeout'", "int(x)", "wrong value"),
        ("ValueError", "the payload is too large: 12 MB", "raise ValueError(x)", "payload too large"),
        ("SyntaxError", "invalid syntax", "import x", "syntax"),
        ("SystemError", "null argument", "f()", "crash"),
        ("DeprecationWarning", "x is old", "f()", "warning"),
        ("TimeoutError", "", "await f()", "timeout"),
        ("ConnectionRefusedError", "[Errno 111] Connection refused", "connect()", "connection"),
        ("gaierror", "[Errno -2] Name or service not known", "connect()", "connection"),
    ],
)
def test_what_the_interpreter_raises(kind: str, message: str, source: str, expected: str) -> None:
    assert category(kind, message, source=source) == expected


@pytest.mark.parametrize(
    ("kind", "module", "message", "expected"),
    [
        ("HTTPError", "requests.exceptions", "413 Client Error: Payload Too Large for url: http://x", "payload too large"),
        ("HTTPError", "requests.exceptions", "401 Client Error: Unauthorized for url: http://x", "auth"),
        ("HTTPError", "requests.exceptions", "502 Server Error: Bad Gateway for url: http://x", "server error"),
        ("HTTPStatusError", "httpx", "Client error '429 Too Many Requests' for url 'http://x'", "rate limit"),
        ("HTTPStatusError", "httpx", "Server error '504 Gateway Timeout' for url 'http://x'", "timeout"),
        ("HTTPError", "urllib.error", "HTTP Error 404: Not Found", "client error"),
        ("ClientResponseError", "aiohttp", "403, message='Forbidden', url='http://x'", "auth"),
        ("HTTPException", "fastapi", "408: Request Timeout", "timeout"),
        ("ReadTimeout", "requests.exceptions", "HTTPConnectionPool(host='x', port=80): Read timed out.", "timeout"),
        ("ConnectionError", "requests.exceptions", "('Connection aborted.', RemoteDisconnected('x'))", "connection"),
        ("ConnectError", "httpx", "All connection attempts failed", "connection"),
        ("ServerDisconnectedError", "aiohttp", "Server disconnected", "connection"),
        ("RateLimitError", "openai", "Error code: 429 - {'error': {}}", "rate limit"),
        ("AuthenticationError", "anthropic", "Error code: 401 - {'type': 'error'}", "auth"),
        ("APITimeoutError", "openai", "Request timed out.", "timeout"),
        ("BadRequestError", "openai", "Error code: 400 - {}", "client error"),
        ("ClientError", "botocore.exceptions", "An error occurred (ThrottlingException) when calling the X operation: Rate exceeded", "rate limit"),
        ("ClientError", "botocore.exceptions", "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied", "auth"),
        ("NoCredentialsError", "botocore.exceptions", "Unable to locate credentials", "auth"),
        ("OperationalError", "psycopg2", "connection to server at x failed: Connection refused", "connection"),
        ("OperationalError", "sqlite3", "database is locked", "database"),
        ("IntegrityError", "sqlalchemy.exc", "(sqlite3.IntegrityError) UNIQUE constraint failed: users.mail", "database"),
        ("DoesNotExist", "shop.models", "Order matching query does not exist.", "database"),
        ("ResponseError", "redis.exceptions", "OOM command not allowed when used memory > 'maxmemory'.", "memory"),
        ("ValidationError", "pydantic_core._pydantic_core", "1 validation error for Order", "wrong value"),
        ("ExpiredSignatureError", "jwt.exceptions", "Signature has expired", "auth"),
        ("PermissionDenied", "django.core.exceptions", "", "auth"),
        ("RequestDataTooBig", "django.core.exceptions", "Request body exceeded settings.DATA_UPLOAD_MAX_MEMORY_SIZE.", "payload too large"),
        ("ResourceExhausted", "google.api_core.exceptions", "429 Quota exceeded", "rate limit"),
        ("DeadlineExceeded", "google.api_core.exceptions", "504 Deadline Exceeded", "timeout"),
        ("InventoryTimeout", "shop.errors", "inventory did not answer", "timeout"),
        ("UploadTooLarge", "shop.errors", "", "payload too large"),
        ("BankAuthorizationError", "shop.errors", "", "auth"),
        ("ShopError", "shop.errors", "bank said: too many requests", "rate limit"),
        ("ShopError", "shop.errors", "something", "other"),
        ("NullPointerException", "java.lang", "", "None"),
        ("TypeError", "", "Cannot read properties of undefined (reading 'x')", "None"),
        ("TypeError", "", "cart.total is not a function", "missing method"),
        ("panic", "", "runtime error: index out of range [3] with length 1", "missing index"),
    ],
)
def test_what_packages_and_programs_raise(kind: str, module: str, message: str, expected: str) -> None:
    assert category(kind, message, module=module) == expected


def test_a_wrapper_has_the_class_of_its_cause_and_a_known_class_its_own() -> None:
    key = raised(frame("f"), kind="KeyError", message="'x'", relation="cause")
    assert classify(failure(raised(kind="RuntimeError", message="the order failed"), key))[0] == "missing key"
    assert classify(failure(raised(kind="OrderFailed", message="order 17", module="shop"), key))[0] == "missing key"
    assert classify(failure(raised(kind="TimeoutError"), key))[0] == "timeout"


def test_a_group_has_the_class_of_its_first_member() -> None:
    group = raised(kind="ExceptionGroup", message="unhandled errors (2 sub-exceptions)")
    assert classify(failure(group, raised(kind="KeyError", relation="member"), raised(kind="TimeoutError", relation="member")))[0] == "missing key"


def test_the_object_of_an_attribute_error_tells_what_its_message_does_not() -> None:
    missing = replace(raised(frame("f", "x.y"), kind="AttributeError", message="y"), name="y", obj=ValueView(type="NoneType"))
    assert classify(failure(missing))[0] == "None"


@pytest.mark.parametrize(
    ("status", "expected"),
    [(401, ("auth", "warning")), (404, ("client error", "warning")), (408, ("timeout", "warning")), (413, ("payload too large", "warning")),
     (429, ("rate limit", "warning")), (500, ("server error", "error")), (503, ("server error", "error")), (504, ("timeout", "error"))],
)  # fmt: skip
def test_a_status_has_a_class(status: int, expected: tuple[str, str]) -> None:
    assert classify(replace(failure(), status=status, source="http")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("upstream answered status_code=401", "auth"),
        ("Killed: out of memory", "memory"),
        ("worker 17 was killed by signal 11 (SIGSEGV)", "crash"),
        ("cannot write: No space left on device", "disk"),
        ("order 17 was lost", "other"),
    ],
)
def test_a_record_has_the_class_that_its_words_say(text: str, expected: str) -> None:
    assert classify(failure(log_message=text))[0] == expected


def story(kind: str, source: str = "file", severity: str = "error", logger: str = "") -> Failure:
    return replace(failure(raised(frame("f"), kind=kind)), source=source, severity=severity, logger=logger)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (story("KeyError"), "error"),
        (story("MemoryError"), "critical"),
        (story("SystemError"), "critical"),
        (story("ImportError", "main"), "critical"),
        (story("ImportError", "request"), "error"),
        (story("UserWarning", "warning"), "warning"),
        (story("MemoryError", "log", "error", "shop"), "error"),
        (story("KeyError", "file", "critical"), "critical"),
        (story("KeyError", "file", "warning"), "warning"),
    ],
)
def test_how_bad_it_is(one: Failure, expected: str) -> None:
    assert classify(one)[1] == expected


@pytest.mark.parametrize(
    ("message", "status"),
    [("HTTP 503", 503), ("HTTP/1.1 502 Bad Gateway", 502), ("status code: 429", 429), ("statusCode=404", 404), ("returned 500", 500), ("404: Not Found", 404),
     ("order 404 is gone", 0), ("500 orders", 0), ("took 429 ms", 0), ("", 0)],
)  # fmt: skip
def test_statuses_are_read_where_they_are_said_and_nowhere_else(message: str, status: int) -> None:
    assert http_status(message) == status


def test_an_errno_is_read() -> None:
    assert (errno_of("[Errno 28] x"), errno_of("x 28")) == (28, 0)


@pytest.mark.parametrize(
    ("kind", "message", "expected"),
    [
        ("ClientError", "An error occurred (ProvisionedThroughputExceededException) when calling the PutItem operation: Too fast", "rate limit"),
        ("ClientError", "An error occurred (NoSuchKey) when calling the GetObject operation: The key does not exist.", "missing file"),
        ("ClientError", "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: It is invalid.", "auth"),
        ("_InactiveRpcError", 'status = StatusCode.RESOURCE_EXHAUSTED\n\tdetails = "Received message larger than max (5 vs. 4)"', "payload too large"),
        ("_InactiveRpcError", 'status = StatusCode.RESOURCE_EXHAUSTED\n\tdetails = "no tokens left"', "rate limit"),
        ("_InactiveRpcError", 'status = StatusCode.UNAVAILABLE\n\tdetails = "failed"', "connection"),
        ("_InactiveRpcError", "status = StatusCode.DEADLINE_EXCEEDED", "timeout"),
        ("BadRequestError", "Error code: 400 - {'error': {'message': 'Too long', 'code': 'context_length_exceeded'}}", "payload too large"),
        ("BadRequestError", "Error code: 400 - {'error': {'message': 'Invalid value'}}", "client error"),
        ("OperationalError", "(1045, \"Access denied for user 'app'@'localhost'\")", "auth"),
        ("OperationalError", "(2006, 'MySQL server has gone away')", "connection"),
        ("OperationalError", "(1153, \"Got a packet bigger than 'max_allowed_packet' bytes\")", "payload too large"),
        ("InterfaceError", "connection already closed", "connection"),
        ("InterfaceError", "cursor already closed", "database"),
        ("SMTPSenderRefused", "(552, b'5.3.4 Message size exceeds fixed limit', 'a@b.c')", "payload too large"),
        ("HTTPException", "404: Item not found", "client error"),
        ("_ArrayMemoryError", "Unable to allocate 74.5 GiB for an array with shape (100000, 100000)", "memory"),
        ("NoBrokersAvailable", "NoBrokersAvailable", "connection"),
        ("LDAPBindError", "automatic bind not successful - invalidCredentials", "auth"),
    ],
)
def test_codes_and_words_of_well_known_services(kind: str, message: str, expected: str) -> None:
    assert category(kind, message, module="service") == expected
