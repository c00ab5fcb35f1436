from export.base import Exporter
from export.formats import CsvExporter, XmlExporter

EXPORTERS = (Exporter(), CsvExporter(), XmlExporter())


def export_all(rows, folder, header=True):
    return {e.suffix: e.write(rows, folder / f"rows{e.suffix}", header) for e in EXPORTERS}
