def parse(text):
    hosts = {}
    for line in text.strip().splitlines():
        name, *values = line.split()
        hosts[name] = [float(value) for value in values]
    return hosts
