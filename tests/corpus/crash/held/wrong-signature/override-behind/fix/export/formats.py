import csv
from xml.etree import ElementTree

from export.base import Exporter


class CsvExporter(Exporter):
    suffix = ".csv"

    def write(self, rows, path, header):
        with path.open("w", newline="", encoding="utf-8") as handle:
            writer = csv.DictWriter(handle, fieldnames=list(rows[0]) if rows else [])
            if header:
                writer.writeheader()
            writer.writerows(rows)
        return len(rows)


class XmlExporter(Exporter):
    suffix = ".xml"

    def write(self, rows, path, header):
        root = ElementTree.Element("rows")
        for row in rows:
            ElementTree.SubElement(root, "row", {name: str(value) for name, value in row.items()})
        ElementTree.ElementTree(root).write(path, encoding="utf-8")
        return len(rows)
