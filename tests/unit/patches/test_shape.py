from __future__ import annotations

import pytest

from nexoide.errors import InspectionError
from nexoide.patches.shape import MAX_CHAIN, MAX_NESTING, names_in, require_shallow


def test_nesting_is_counted_in_code_and_not_in_strings_and_comments():
    require_shallow(b"x = '" + b"(" * 500 + b"'  # " + b"[" * 500 + b"\n")
    require_shallow(b"x = " + b"(" * MAX_NESTING + b"1" + b")" * MAX_NESTING + b"\n")
    with pytest.raises(InspectionError, match="Line 2 nests brackets"):
        require_shallow(b"\nx = " + b"(" * (MAX_NESTING + 1) + b"1" + b")" * (MAX_NESTING + 1) + b"\n")


def test_chains_start_anew_at_commas_and_lines_and_go_on_after_brackets():
    require_shallow(b"x = [" + b"-1, " * 5000 + b"]\n" + b"y = 1\n" * 5000)
    with pytest.raises(InspectionError, match="chains more than"):
        require_shallow(b"x = a" + b"(1, 2).b" * MAX_CHAIN + b"\n")


def test_what_cannot_be_tokenised_is_left_to_the_compiler():
    require_shallow(b"x = (\n")
    require_shallow(b"x = '''")
    require_shallow(b"  x\n y\n")


def test_names_with_their_lines():
    assert list(names_in("é = 1\nclass K: ï = é\n".encode())) == [("é", 1), ("class", 2), ("K", 2), ("ï", 2), ("é", 2)]
    assert list(names_in(None)) == []
