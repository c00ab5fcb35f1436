import sys

sys.path.insert(0, "")
from parser import evaluate
from tokens import tokens

assert evaluate("2 + 3 * 4") == 14
assert evaluate("(2+3)*4 ; comment") == 20
assert evaluate("7") == 7
assert list(tokens("1 ;x")) == [("number", 1)]
assert list(tokens("  ")) == []
try:
    evaluate("1 ? 2")
    raise SystemExit("nonsense was accepted")
except SyntaxError:
    pass
