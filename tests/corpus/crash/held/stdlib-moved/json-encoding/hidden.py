import sys

sys.path.insert(0, ".")

from app import echo_host
from legacy import parse_answer
from session import HostSession

assert parse_answer('{"name": "Zürich", "n": 1}'.encode("latin-1")) == {"name": "Zürich", "n": 1}
session = HostSession(echo_host)
assert session.ask(ask="Ærø")["answer"] == "Ærø"
assert session.ask(ask="x")["seq"] == 2
try:
    parse_answer(b"not json")
except ValueError:
    pass
else:
    raise AssertionError("broken answers must still fail")
