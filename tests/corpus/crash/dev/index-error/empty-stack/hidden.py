import sys

sys.path.insert(0, ".")

from brackets import check
from lint import lint_all

cases = {"": None, "()": None, ")": 0, "a]": 1, "(]": 1, "([)]": 2, "(": 0, "()}": 2, "[{": 1, "({[]})": None}
for text, want in cases.items():
    assert check(text) == want, (text, check(text), want)
assert lint_all({"f": "a\nb )"}) == ["f:2: bracket ')' does not fit"]
