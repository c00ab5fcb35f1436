def spread(row):
    return row["temp_max"] - row["tmp_min"]


def summary(rows):
    for row in sorted(rows, key=lambda r: r["temp_min"]):
        yield f"{row['city']} {spread(row)}"
