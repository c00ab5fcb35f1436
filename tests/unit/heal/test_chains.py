"""Two repairs as one patch, against the files as they were before both."""

from __future__ import annotations

from nexoide.heal.chains import joined
from nexoide.repair.proposal import Proposal


def proposal(title: str, files: dict[str, tuple[bytes, bytes]], **more: object) -> Proposal:
    return Proposal(rule="r", title=title, rationale=f"{title}.", files=files, prior=0.8, **more)  # type: ignore[arg-type]


def test_a_file_edited_twice_goes_from_the_first_base_to_the_last_text() -> None:
    first = proposal("Use a", {"a.py": (b"1", b"2"), "b.py": (b"x", b"y")})
    then = proposal("Use b", {"a.py": (b"2", b"3"), "c.py": (b"p", b"q")})
    both = joined(first, then)
    assert both.files == {"a.py": (b"1", b"3"), "b.py": (b"x", b"y"), "c.py": (b"p", b"q")}
    assert both.title == "Use a; then use b"
    assert both.prior == 0.64
    assert both.rule == "r"
    assert "Use a." in both.rationale
    assert "Use b." in both.rationale


def test_what_one_of_them_decides_both_decide() -> None:
    first = proposal("Use a", {"a.py": (b"1", b"2")}, cautions=("one", "both"), guesses=True, nature="guard")
    then = proposal("Use b", {"a.py": (b"2", b"3")}, cautions=("both", "two"), nature="origin")
    both = joined(first, then)
    assert both.cautions == ("one", "both", "two")
    assert both.guesses
    assert both.nature == "guard"


def test_what_is_as_it_was_at_last_is_no_change() -> None:
    assert joined(proposal("A", {"a.py": (b"1", b"2"), "b.py": (b"1", b"2")}), proposal("B", {"a.py": (b"2", b"1")})).files == {"b.py": (b"1", b"2")}
