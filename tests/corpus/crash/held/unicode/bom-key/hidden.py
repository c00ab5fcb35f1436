import sys

sys.path.insert(0, ".")

import codecs

from app import fetch
from registry import jubilees, parse

assert parse(fetch()) == {4: {"name": "Ann", "since": 2019}, 9: {"name": "Bo", "since": 2021}}
assert parse(b"id,name,since\n1,Zo\xc3\xab,2000\n") == {1: {"name": "Zoë", "since": 2000}}
assert jubilees(parse(codecs.BOM_UTF8 + b"id,name,since\n1,Cy,2014\n"), 2024) == ["Cy"]
