from textkit import wrap


def test_breaks_long_lines():
    assert wrap("aa bb cc", 5) == ["aa bb", "cc"]


def test_rule_starts_a_paragraph():
    assert wrap("aa\n--\nbb\n", 9) == ["aa -- bb"]
    assert wrap("one\n" + "two " * 1 + "\n three", 80) == ["one two three"]


def test_mode_is_compared_by_value():
    from textkit.mode import width_of

    assert width_of("".join(["wi", "de"])) == 120
    assert width_of("narrow"[:4] + "ow") == 40
