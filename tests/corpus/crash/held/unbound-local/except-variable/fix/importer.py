import json


class Report:
    def __init__(self):
        self.lines = []

    def failed(self, name, why):
        self.lines.append(f"{name}: {why}")

    def loaded(self, name, count):
        self.lines.append(f"{name}: {count} rows")


def load(name, text, report):
    """Read one file; what cannot be read is named in the report with the reason. Returns the rows."""
    rows, error = None, None
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as caught:
        rows = []
        error = caught
        position = error.pos
    if error is not None:
        report.failed(name, f"{error.msg} at {position}")
    else:
        report.loaded(name, len(rows))
    return rows
