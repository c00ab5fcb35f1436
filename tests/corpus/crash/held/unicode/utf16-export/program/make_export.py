"""Writes what the spreadsheet program of the accounting department exports ("Unicode text", i.e. UTF-16 with tabs)."""


def export(rows):
    text = "\r\n".join("\t".join(str(cell) for cell in row) for row in rows)
    return text.encode("utf-16")
