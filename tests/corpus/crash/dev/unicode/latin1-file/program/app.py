import tempfile
from pathlib import Path

from supplier_files import read_products, write_sample


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "products.csv"
        write_sample(path)
        for product in read_products(path):
            print(ascii(product["name"]), product["price"])


if __name__ == "__main__":
    main()
