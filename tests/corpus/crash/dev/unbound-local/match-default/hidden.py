import sys

sys.path.insert(0, ".")

from cache_config import CacheConfig
from sizes import parse_size

assert [parse_size(t) for t in ("512", " 0 ", "1k", "2M", "1G")] == [512, 0, 1024, 2 * 1024**2, 1024**3]
assert CacheConfig.from_lines(["memory=1K", "item=7"]) == CacheConfig(1024, 7)
for bad in ("", "abc", "1KK", "5T"):
    try:
        parse_size(bad)
    except ValueError:
        pass
    else:
        raise AssertionError(f"{bad!r} must fail")
