"""What is known to have no side effects: callables of the standard library, and methods of the builtin types."""

from __future__ import annotations

import os
import sys
from types import BuiltinFunctionType, FunctionType

from ...values import Kinds, _module_vars, _type_vars

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SCALARS = Kinds(int, float, complex, str, bytes, bool, type(None), type(Ellipsis), type(NotImplemented), range, slice)
CONTAINERS = Kinds(list, tuple, set, frozenset, dict)
_IMMUTABLE = """
re: Pattern
builtins: property staticmethod classmethod
decimal: Decimal
fractions: Fraction
uuid: UUID
ipaddress: IPv4Address IPv6Address IPv4Network IPv6Network
datetime: timedelta datetime date time timezone
zoneinfo: ZoneInfo
types: GenericAlias UnionType MappingProxyType
pathlib: PurePath PurePosixPath PureWindowsPath Path PosixPath WindowsPath
operator: itemgetter attrgetter methodcaller
functools: partialmethod cached_property _lru_cache_wrapper
logging: Logger RootLogger
struct: Struct
string: Template
typing: _GenericAlias _UnionGenericAlias _CallableGenericAlias _LiteralGenericAlias _AnnotatedAlias _SpecialForm TypeVar ParamSpec NewType Union
"""
_CALLABLES = """
builtins: int str float complex bool bytes bytearray len sorted dict list tuple set frozenset range zip map filter reversed enumerate sum
builtins: min max abs round pow divmod all any ord chr hex oct bin hash repr ascii format isinstance issubclass callable slice type id object
math: *
cmath: *
os: getenv fspath fsencode fsdecode getcwd cpu_count
os.path: join dirname basename split splitext splitdrive normpath normcase abspath isabs commonpath commonprefix relpath expanduser
os.path: expandvars realpath exists isfile isdir
re: compile escape
copy: copy deepcopy
operator: add sub mul truediv floordiv mod pow neg pos abs and_ or_ xor not_ invert lshift rshift eq ne lt le gt ge is_ is_not truth
operator: contains concat countOf indexOf getitem itemgetter attrgetter index
datetime: timedelta date time datetime timezone
decimal: Decimal
fractions: Fraction
uuid: UUID uuid3 uuid5
pathlib: PurePath PurePosixPath PureWindowsPath Path PosixPath WindowsPath
types: MappingProxyType SimpleNamespace
collections: namedtuple OrderedDict Counter defaultdict deque ChainMap
functools: partial reduce
string: Template capwords
itertools: accumulate chain combinations combinations_with_replacement compress count cycle dropwhile filterfalse groupby islice
itertools: permutations product repeat starmap takewhile zip_longest pairwise batched
textwrap: dedent indent fill wrap shorten
json: dumps loads
base64: b64encode b64decode b32encode b32decode b16encode b16decode urlsafe_b64encode urlsafe_b64decode
urllib.parse: quote quote_plus unquote urlencode urljoin urlparse urlsplit urlunparse urlunsplit parse_qs parse_qsl
html: escape unescape
shlex: quote split join
statistics: mean median mode stdev variance fmean
struct: pack unpack calcsize Struct
zlib: crc32 adler32
bisect: bisect bisect_left bisect_right
ipaddress: ip_address ip_network IPv4Address IPv6Address IPv4Network IPv6Network
zoneinfo: ZoneInfo
logging: getLogger
fnmatch: fnmatch translate filter
typing: TypeVar cast NewType Optional Union List Dict
hashlib: md5 sha1 sha256 sha512 blake2b
unicodedata: normalize
calendar: monthrange isleap
"""


def _table(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in text.split("\n"):
        module, _, names = line.partition(": ")
        found[module] = f"{found.get(module, '')} {names}".strip()
    return {module: names for module, names in found.items() if module}


# What looks at a container's own items at most, and never at what those hold.
SHALLOW_CALLS = frozenset("len list tuple dict reversed enumerate zip bool copy partial callable id type MappingProxyType SimpleNamespace cast".split())
SHALLOW_METHODS = frozenset("copy items keys values get".split())
METHODS = SHALLOW_METHODS | frozenset(
    """
    capitalize casefold center count decode encode endswith expandtabs find format format_map hex index isalnum isalpha isascii isdecimal isdigit
    isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans partition removeprefix removesuffix replace
    rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill fromhex fromkeys bit_length
    bit_count to_bytes from_bytes as_integer_ratio is_integer conjugate difference intersection union symmetric_difference isdisjoint issubset
    issuperset total_seconds isoformat fromisoformat strftime date time timestamp weekday isoweekday toordinal astimezone quantize normalize sqrt
    limit_denominator joinpath with_name with_suffix with_stem relative_to as_posix as_uri resolve absolute is_absolute is_relative_to match
    fullmatch search findall group groups groupdict sub most_common elements from_iterable hexdigest digest substitute safe_substitute exists is_file
    is_dir expanduser
    """.split()
)
ATTRIBUTES = frozenset(
    """
    real imag numerator denominator days seconds microseconds year month day hour minute second microsecond tzinfo min max resolution parent parents
    name stem suffix suffixes parts anchor drive root pattern flags groupindex start stop step scheme netloc path query fragment hostname port
    __name__ __qualname__ __doc__ __module__ value
    """.split()
)
_found: dict[int, Any] = {}
_seen: list[int] = [0]
_kinds: list[Any] = [0]


def pure_callable(value: Any) -> bool:
    """Tell whether calling a function or class of the standard library with plain data has no side effects."""
    if len(sys.modules) != _seen[0]:
        _refresh()
    return _found.get(id(value)) is value


def immutable(value: Any) -> bool:
    """Tell whether a value is of an exact builtin or standard type whose objects do not change."""
    kind = type(value)
    if kind is type(os.environ) or kind is type(sys.version_info):
        return True
    return kind in SCALARS or any(kind is known for known in _types())


def _types() -> list[Any]:
    if _kinds[0] != len(sys.modules):
        _kinds[:] = [len(sys.modules), *_loaded_types()]
    return _kinds[1:]


def _loaded_types() -> list[Any]:
    found = []
    for module, names in _table(_IMMUTABLE).items():
        loaded = sys.modules.get(module)
        if loaded is not None:
            variables = _module_vars(loaded)
            found += [variables[name] for name in names.split() if name in variables]
    return found


def _refresh() -> None:
    """Look the stated names up again; a function put in the place of one is not taken for it."""
    _found.clear()
    for module, names in _table(_CALLABLES).items():
        loaded = sys.modules.get(module)
        if loaded is None:
            continue
        variables = _module_vars(loaded)
        for name in variables if names == "*" else names.split():
            value = variables.get(name)
            if value is None or name.startswith("__"):
                continue
            if _home(value).partition(".")[0] in _HOMES:
                _found[id(value)] = value
    _seen[0] = len(sys.modules)


def _home(value: Any) -> str:
    if type(value) is FunctionType:
        return str(value.__globals__.get("__name__"))
    if issubclass(type(value), type):
        return str(_type_vars(value).get("__module__", "builtins"))
    return "builtins" if type(value) is BuiltinFunctionType or type(value).__module__ in ("typing", "functools") else ""


_HOMES = frozenset(
    [name.partition(".")[0] for name in _table(_CALLABLES)]
    + "posixpath ntpath genericpath _operator _collections _functools _decimal _struct _pydatetime _pydecimal".split()
)
