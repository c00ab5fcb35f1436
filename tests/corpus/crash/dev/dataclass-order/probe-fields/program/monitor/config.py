from monitor.probe import Probe


def load(text):
    probes = []
    for line in text.strip().splitlines():
        name, url, *rest = line.split()
        if rest:
            probes.append(Probe(name=name, url=url, interval=int(rest[0])))
        else:
            probes.append(Probe(name=name, url=url))
    return probes
