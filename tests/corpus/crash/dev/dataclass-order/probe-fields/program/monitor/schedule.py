def plan(probes, until):
    times = []
    for probe in probes:
        times += [(second, probe.name) for second in range(probe.interval, until + 1, probe.interval)]
    return sorted(times)
