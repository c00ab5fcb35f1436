from __future__ import annotations

import pytest

from tests.unit.repair.examples import check_example, named
from tests.unit.repair.programs import Case, check, refuse

RULE = "encoding"

CASES = [
    Case(
        "reader-of-another-file-format",
        {
            "export.py": """
                def save(path, lines):
                    with open(path, "w", encoding="cp1252") as out:
                        out.write("\\n".join(lines))
            """,
            "load.py": """
                import csv

                def load(path):
                    with open(path, encoding="utf-8", newline="") as file:
                        return [row for row in csv.reader(file)]
            """,
            "main.py": """
                import tempfile
                from pathlib import Path

                from export import save
                from load import load

                with tempfile.TemporaryDirectory() as folder:
                    save(Path(folder) / "a.csv", ["Brötchen,1 €"])
                    print(ascii(load(Path(folder) / "a.csv")))
            """,
        },
        "[['Br\\xf6tchen', '1 \\u20ac']]\n",
        'encoding="cp1252", newline',
    ),
    Case(
        "decode-without-a-name",
        {
            "main.py": '''
                """Frames of the scale, which speaks Latin-1."""

                FRAME = bytes([0x47, 0x72, 0xfc, 0x6e])

                def text(frame):
                    return frame.decode()

                print(ascii(text(FRAME)))
            '''
        },
        "'Gr\\xfcn'\n",
        'decode("latin-1")',
    ),
    Case(
        "ascii-writer",
        {
            "main.py": """
                import tempfile
                from pathlib import Path

                def save(path, text):
                    path.write_text(text, encoding="ascii")

                def load(path):
                    return path.read_text(encoding="ascii")

                with tempfile.TemporaryDirectory() as folder:
                    file = Path(folder) / "a.txt"
                    save(file, "Käse")
                    print(ascii(load(file)))
            """
        },
        "'K\\xe4se'\n",
        'path.read_text(encoding="utf-8")',
    ),
    Case(
        "encoding-in-a-constant",
        {
            "settings.py": 'ENCODING = "latin-1"\n',
            "wire.py": """
                from settings import ENCODING

                def pack(text):
                    return text.encode(ENCODING)

                def unpack(data):
                    return data.decode(ENCODING)
            """,
            "main.py": """
                from wire import pack, unpack

                print(ascii(unpack(pack("3 €"))))
            """,
        },
        "'3 \\u20ac'\n",
        'ENCODING = "utf-8"',
    ),
    Case(
        "mark-of-utf-16",
        {"main.py": 'DATA = "hé".encode("utf-16")\n\n\ndef text(data):\n    return data.decode("utf-8")\n\n\nprint(ascii(text(DATA)))\n'},
        "'h\\xe9'\n",
        'decode("utf-16")',
    ),
    Case(
        "mark-in-the-first-line",
        {
            "main.py": """
                import tempfile
                from pathlib import Path

                def rows(path):
                    with open(path, newline="", encoding="utf-8") as file:
                        return [int(line) for line in file]

                with tempfile.TemporaryDirectory() as folder:
                    file = Path(folder) / "a.csv"
                    file.write_bytes(b"\\xef\\xbb\\xbf12\\n7\\n")
                    print(rows(file))
            """
        },
        "[12, 7]\n",
        'encoding="utf-8-sig"',
    ),
    Case(
        "pieces",
        {
            "main.py": """
                import io

                def text(stream):
                    parts = []
                    while True:
                        chunk = stream.read(4)
                        if not chunk:
                            return "".join(parts)
                        parts.append(chunk.decode("utf-8"))

                print(ascii(text(io.BytesIO("abcäöü".encode()))))
            """
        },
        "'abc\\xe4\\xf6\\xfc'\n",
        "decoder.decode(chunk)",
    ),
    Case(
        "length-in-characters",
        {
            "frames.py": """
                import struct

                def pack(text):
                    return struct.pack(">H", len(text)) + text.encode("utf-8")

                def unpack(data):
                    (length,) = struct.unpack_from(">H", data)
                    return data[2 : 2 + length].decode("utf-8")
            """,
            "main.py": """
                from frames import pack, unpack

                print(ascii(unpack(pack("aü"))))
            """,
        },
        "'a\\xfc'\n",
        'len(text.encode("utf-8"))',
    ),
]

REFUSED = [
    (
        "nobody-says",
        {"main.py": "def text(data):\n    return data.decode('utf-8')\n\n\nprint(text(b'A' + bytes([233])))\n"},
        "nothing in the project says",
    ),
    (
        "compressed",
        {"main.py": "import gzip\n\ndata = gzip.compress(b'a')\nprint(data.decode('utf-8'))\n"},
        "compressed with gzip",
    ),
]


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_text_is_read_as_it_was_written(case, old, tmp_path):
    check(tmp_path, case, RULE, old=old)


@pytest.mark.parametrize(("name", "files", "word"), REFUSED, ids=[row[0] for row in REFUSED])
def test_no_encoding_is_guessed(name, files, word, tmp_path):
    refuse(tmp_path, files, word)


@pytest.mark.parametrize("example", named(RULE).examples, ids=lambda example: example.name)
def test_examples(example, tmp_path):
    check_example(named(RULE), example, tmp_path)
