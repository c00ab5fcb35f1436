from basket import merge


def total(lines):
    return round(sum(item["price"] * item["quantity"] for item in lines), 2)


def render(lines):
    merged = merge(lines)
    rows = []
    for item in merged:
        rows.append("%-8s %3d x %7.2f" % (item["sku"], item["quantitiy"], item["price"]))
    rows.append("total %.2f" % total(merged))
    return rows
