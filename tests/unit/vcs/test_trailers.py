from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexoide.errors import RefusedError, UsageError
from nexoide.vcs.trailers import MAX_SUBJECT, format_message, parse_trailers, require_exact, single_line

OURS = [("Nexoide-Patch", "P-1"), ("Nexoide-Operator", "ada")]


def test_the_message_is_subject_body_and_trailers():
    message = format_message("Fix the price", "It was None.\n    indented code", OURS)
    assert message == "Fix the price\n\n  It was None.\n      indented code\n\nNexoide-Patch: P-1\nNexoide-Operator: ada\n"
    assert parse_trailers(message) == OURS


@pytest.mark.parametrize("line", ["Nexoide-Patch: P-2", "signed-off-by: x", "NEXOIDE-x : y", "Co-authored-by: z", "---", "# note"])
def test_lines_that_look_like_ours_are_quoted_wherever_they_stand(line):
    message = format_message(line, f"why\n{line}", OURS)
    assert message.startswith(f"> {line}\n\n  why\n  > {line}\n\n")
    assert format_message("It signs off", "Nexoidean code", []) == "It signs off\n\n  Nexoidean code\n"


def test_without_a_body_there_are_two_paragraphs():
    assert format_message("Fix", "", OURS) == "Fix\n\nNexoide-Patch: P-1\nNexoide-Operator: ada\n"


def test_an_empty_subject_gets_words():
    assert format_message(" \n", "", []).startswith("(no subject)")


def test_invisible_characters_are_spelled_out():
    assert single_line("a\u202eb\x1b[2Jc\ud800") == "a<U+202E>b<U+001B>[2Jc<U+D800>"


def test_a_long_line_is_cut_with_a_mark():
    line = single_line("x" * 1000)
    assert len(line) == MAX_SUBJECT
    assert line.endswith("…")


def test_an_empty_value_becomes_a_dash():
    message = format_message("Fix", "", [("Nexoide-Reason", " \n")])
    assert parse_trailers(message) == [("Nexoide-Reason", "-")]


@pytest.mark.parametrize("key", ["", "a b", "a:b", "-a", "a\nb", "é"])
def test_a_malformed_key_is_a_usage_error(key):
    with pytest.raises(UsageError, match="not the name of a trailer"):
        format_message("Fix", "", [(key, "x")])


def test_a_message_with_another_trailer_is_refused():
    with pytest.raises(RefusedError, match="nothing was committed"):
        require_exact("Fix\n\nNexoide-Patch: P-1\nSigned-off-by: eve\n", [("Nexoide-Patch", "P-1")])


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200), st.text(max_size=300), st.text(max_size=80))
def test_whatever_the_words_the_trailers_are_ours(subject, body, value):
    rows = [("Nexoide-Patch", "P-1"), ("Nexoide-Operator", value)]
    require_exact(format_message(subject, body, rows), rows)
