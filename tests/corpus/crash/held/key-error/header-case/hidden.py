import sys

sys.path.insert(0, ".")

from proxy.message import body_length, parse_headers
from proxy.policy import max_age

for name in (b"Cache-Control", b"cache-control", b"CACHE-CONTROL"):
    headers = parse_headers(name + b": private, max-age=60\r\nContent-Length: 7")
    assert max_age(headers) == 60 and body_length(headers) == 7
assert max_age(parse_headers(b"Cache-Control: max-age=5, no-store")) == 0
