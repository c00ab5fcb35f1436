def decode(raw):
    return raw.decode("utf-8")


def parse(raw):
    lines = decode(raw).splitlines()
    head = lines[0].split("\t")
    return [dict(zip(head, line.split("\t"))) for line in lines[1:]]


def total(raw, account):
    return sum(int(row["cents"]) for row in parse(raw) if row["account"] == account)
