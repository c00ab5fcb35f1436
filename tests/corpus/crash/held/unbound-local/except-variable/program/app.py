from importer import Report, load

FILES = {"a.json": "[1, 2, 3]", "b.json": "[1, 2", "c.json": "[]"}


def run(files):
    report = Report()
    rows = []
    for name, text in files.items():
        rows.extend(load(name, text, report))
    return rows, report.lines


if __name__ == "__main__":
    rows, lines = run(FILES)
    print(rows)
    print("\n".join(lines))
