"""Files of suppliers.

The host of the supplier writes ISO 8859-1 with semicolons; our own exports are UTF-8.
"""
import csv
from pathlib import Path


def write_sample(path: Path) -> None:
    """What the supplier's host puts on the share, for the nightly dry run."""
    rows = "sku;name;price\nK1;Käsereibe;12,90\nC2;Crème brûlée Förmchen;8,50\n"
    path.write_bytes(rows.encode("iso-8859-1"))


def read_products(path: Path) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as handle:
        return [
            {"sku": row["sku"], "name": row["name"], "price": float(row["price"].replace(",", "."))}
            for row in csv.DictReader(handle, delimiter=";")
        ]
