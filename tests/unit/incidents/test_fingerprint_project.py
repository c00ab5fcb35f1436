from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nexoide.incidents.fingerprint import project_frame, relative_path
from nexoide.incidents.project import project_frames, stable_name

from .failures import ROOT, failure, frame, raised

LIB = frame("request", file="/usr/lib/python3.11/http/client.py", module="http.client")
VENV = frame("get", file=".venv/lib/python3.11/site-packages/requests/api.py", module="requests.api")


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (str(ROOT / "shop/cart.py"), "shop/cart.py"),
        (str(ROOT / "app.py"), "app.py"),
        (str(ROOT / "shop/../app.py"), "app.py"),
        ("shop/cart.py", "shop/cart.py"),
        (str(ROOT / ".venv/lib/x.py"), None),
        (str(ROOT / "lib/site-packages/x/y.py"), None),
        (str(ROOT / "env/lib/python3.12/json/decoder.py"), None),
        (str(ROOT / ".nexoide/x.py"), None),
        (str(ROOT / "nexoide/probe/hooks.py"), None),
        (str(ROOT / "../elsewhere/x.py"), None),
        (str(ROOT) + "-evil/x.py", None),
        (str(ROOT), None),
        ("/usr/lib/python3.11/json/decoder.py", None),
        ("<string>", None),
        (str(ROOT / "<string>"), None),
        ("<frozen importlib._bootstrap>", None),
        ("", None),
        ("/work/\0", None),
        ("../../etc/passwd", None),
        (str(ROOT / "venv.py"), "venv.py"),
        ("/" + "x" * 5000, None),
    ],
)
def test_only_the_workspaces_own_code_has_a_relative_path(file: str, expected: str | None) -> None:
    assert relative_path(file, ROOT) == expected


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path.resolve() / "real"
    for name, text in {"app.py": "import shop\n\n\ndef main():\n    return shop.cart\n", "shop/cart.py": "x = 1\n", "src/bank/fees.py": "y = 1\n"}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def test_a_workspace_reached_through_a_link_is_recognised(tmp_path: Path, root: Path) -> None:
    (tmp_path / "link").symlink_to(root)
    assert relative_path(str(tmp_path / "link" / "app.py"), root) == "app.py"


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("/srv/releases/17/shop/cart.py", "shop/cart.py"),
        ("C:\\service\\shop\\cart.py", "shop/cart.py"),
        ("/app/bank/fees.py", "src/bank/fees.py"),
        ("bank/fees.py", "src/bank/fees.py"),
        ("/app/app.py", "app.py"),
        ("/srv/cart.py", None),
        ("/usr/lib/python3.11/site-packages/shop/cart.py", None),
        ("/usr/lib/python3.11/shop/cart.py", None),
        ("/srv/../shop/cart.py", None),
    ],
)
def test_a_path_of_another_host_is_the_file_that_it_ends_like(file: str, expected: str | None, root: Path) -> None:
    assert relative_path(file, root) == expected


def test_another_program_of_this_host_is_not_taken_for_the_workspaces(tmp_path: Path, root: Path) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "app.py").write_text("# moved\n\n" + (root / "app.py").read_text())
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "app.py").write_text("import sys\nprint(sys.argv)\n")
    assert relative_path(str(tmp_path / "copy" / "app.py"), root) == "app.py"
    assert relative_path(str(tmp_path / "other" / "app.py"), root) is None


def test_the_deepest_frame_of_our_own_is_found() -> None:
    assert project_frame(failure(raised(frame("a"), frame("b"), VENV, LIB)), ROOT) == (frame("b"), "shop/cart.py")
    assert project_frame(failure(raised(LIB)), ROOT) is None
    assert project_frame(failure(), ROOT) is None


def test_a_cause_with_a_frame_of_ours_is_taken_where_the_first_exception_has_none() -> None:
    found = project_frame(failure(raised(LIB), raised(frame("load"), relation="cause")), ROOT)
    assert found == (frame("load"), "shop/cart.py")


def test_a_member_goes_before_its_group() -> None:
    group, member = raised(frame("gather"), kind="ExceptionGroup"), raised(frame("load"), relation="member")
    assert project_frame(failure(group, member), ROOT) == (frame("load"), "shop/cart.py")


def test_what_a_worker_raised_is_found_in_the_text_that_its_parent_has() -> None:
    text = f'"""\nTraceback (most recent call last):\n  File "{ROOT}/shop/cart.py", line 17, in total\n    return price.amount\nKeyError: 1\n"""'
    remote = raised(kind="_RemoteTraceback", message=text, relation="cause")
    found = project_frame(failure(raised(frame("main", "f.result()"), LIB, kind="KeyError"), remote), ROOT)
    assert found is not None
    assert (found[0].function, found[0].line, found[0].source, found[1]) == ("total", 17, "return price.amount", "shop/cart.py")


def test_outside_a_workspace_it_is_what_is_neither_installed_nor_the_interpreters() -> None:
    own = frame("total", file="/srv/shop/cart.py")
    frames = (own, LIB, VENV, frame("f", file="<string>"), frame("hook", file="/x/nexoide/probe/hooks.py"))
    assert [found for found, _ in project_frames(raised(*frames), None)] == [own]
    assert project_frame(failure(raised(*frames)), None) == (own, "/srv/shop/cart.py")
    assert project_frame(failure(raised(*frames)), ROOT) == (own, "/srv/shop/cart.py")


def test_what_a_source_says_of_whose_code_it_is_counts_there() -> None:
    own, foreign = replace(frame("a", file="/opt/one/a.py"), in_app=True), replace(frame("b", file="/opt/two/b.py"), in_app=False)
    assert [found for found, _ in project_frames(raised(own, foreign), None)] == [own]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("/srv/releases/17/shop/cart.py", "cart.py"),
        ("C:\\service\\shop\\cart.py", "cart.py"),
        ("/srv/x/users/views.py", "users/views.py"),
        ("/srv/x/shop/__init__.py", "shop/__init__.py"),
        ("/app/main.py", "main.py"),
        ("/home/ada/shop-v2/main.py", "main.py"),
        ("/tmp/tmpx81a/main.py", "main.py"),
        ("/srv/current/app.py", "app.py"),
        ("main.py", "main.py"),
        ("", ""),
    ],
)
def test_a_file_has_one_name_on_every_host(file: str, expected: str) -> None:
    assert stable_name(file) == expected
