import sys

sys.path.insert(0, ".")

import tempfile
from pathlib import Path

from supplier_files import read_products, write_sample

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "p.csv"
    write_sample(path)
    rows = read_products(path)
    assert [r["name"] for r in rows] == ["Käsereibe", "Crème brûlée Förmchen"], rows
    assert rows[0]["price"] == 12.9
    path.write_bytes("sku;name;price\nX;Ñandú;1,00\n".encode("latin-1"))
    assert read_products(path)[0]["name"] == "Ñandú"
