"""Cases of texts that a person reads one way and Python another, at the door of a live reload."""

from __future__ import annotations

from world import World

from nexoide.probe.reload.text.source import Refused, Source, decode

BASE = "def check(user):\n    return user\n"
COOKIES = ["unicode_escape", "raw_unicode_escape", "utf-7", "latin-1", "UTF-16", "utf-8-evil", "cp037", "idna", "rot13", "utf_8_evil", "mbcs"]


def other_encodings_are_refused():
    w = World(app=BASE)
    for name in COOKIES:
        for above in ("", "#!/usr/bin/env python\n", "\f", "\ufeff"):
            for line in ("# coding: {}\n", "# -*- coding:{} -*-\n", "# vim: set fileencoding={} :\n", "\t#coding={}\n"):
                assert "encoding" in w.refused(app=above + line.format(name) + BASE)


def utf8_may_be_declared():
    w = World(app=BASE)
    now = BASE
    for number, name in enumerate(["utf-8", "UTF8", "utf_8"]):
        now = f"# coding: {name}\n" + BASE.replace("return user", f"return user + {number}")
        w.reload(app=now)
        assert w.app.check(1) == 1 + number


def hidden_code_is_refused():
    w = World(app=BASE)
    for text in (
        "def check(user):\n    # harmless\r    return 'admin'\n",
        BASE + "x = '\0'\n",
        BASE + "\0",
        BASE + "x = '\ud800'\n",
        "def check(user):\n    # \u202e } \u2066if user:\u2069 \u2066 begin\n    return 'admin'\n",
        BASE + "level = 'user\u202e \u2066# check\u2069 \u2066'\n",
    ):
        w.refused(app=text)
    assert w.app.check(5) == 5


def bytes_that_are_no_utf8_are_refused():
    for data in (b"x = '\xff'\n", b"x = '\xed\xa0\x80'\n", b"\xff\xfex\x00", b"\xfe\xff\x00x"):
        sentence = ""
        try:
            Source(decode(data, "app.py"), "app.py")
        except Refused as refusal:
            sentence = str(refusal)
        assert "UTF-8" in sentence, data


def line_ends_and_marks_are_read_as_python_reads_them():
    w = World(app=BASE)
    for text in (BASE.replace("\n", "\r\n"), "\ufeff" + BASE, "\ufeff" + BASE.replace("\n", "\r\n")):
        changed = text.replace("return user", "return [user]")
        w.transaction({"app": changed}).commit()
        assert w.app.check(1) == [1]
        assert w.app.check.__code__.co_firstlineno == 1
        w.texts["app"] = changed
        w.reload(app=BASE)
        assert w.app.check(1) == 1


def characters_that_end_lines_elsewhere_do_not_end_them_here():
    w = World(app=BASE)
    for character in "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029":
        text = f"TEXT = 'a{character}b'\n" + BASE + "\n\ndef line():\n    raise ValueError\n"
        report = w.transaction({"app": text}).commit()
        if report.ok:
            assert w.app.line.__code__.co_firstlineno == 6
            assert f"a{character}b" == w.app.TEXT
            w.texts["app"] = text
            w.reload(app=BASE)


def a_form_feed_does_not_move_a_line_out_of_its_block():
    text = "def check(user):\n    if user:\n        pass\n        \f    return 'admin'\n    return user\n"
    namespace = {}
    exec(text, namespace)
    assert namespace["check"](0) == "admin"  # although the line seems to stand under the `if`
    w = World(app=BASE)
    assert "form feed" in w.refused(app=text)
    assert "form feed" in w.refused(app=text.replace("        \f    ", "\f    "))
    w.reload(app=BASE.replace("return user", "return (user,)") + "\n\f\n# a page of its own\n\f\nX = 1\n\fdef after():\n    return 1\n")
    assert w.app.check(1) == (1,)


def names_are_what_python_makes_of_them():
    w = World(app="is_admin = False\n" + BASE)
    report = w.transaction({"app": "is_admin = False\n" + BASE + "\uff49s_admin = True\n"}).commit()
    assert not report.ok or w.app.is_admin is True
    assert not hasattr(w.app, "\uff49s_admin") or report.ok


def bombs_do_not_go_off():
    w = World(app=BASE)
    for text in (
        "x = " + "(" * 20000 + ")" * 20000 + "\n",
        "x = " + "-" * 20000 + "1\n",
        "x = a" + ".a" * 20000 + "\n",
        "x = " + "1+" * 20000 + "1\n",
        "x = " + "[" * 150 + "]" * 150 + "\n",
        "".join(f"{' ' * depth}if 1:\n" for depth in range(120)) + " " * 120 + "pass\n",
    ):
        report = w.transaction({"app": BASE + text}).commit()
        assert report.ok or report.error, report
        assert w.app.check(3) == 3
        if report.ok:
            w.texts["app"] = BASE + text
            w.transaction({"app": BASE}).commit()
            w.texts["app"] = BASE
