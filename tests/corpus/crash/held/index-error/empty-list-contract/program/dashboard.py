from metrics import Host


def cell(host: Host) -> str:
    value = host.load.latest()
    return "no data" if value is None else f"{value:.2f}"


def board(hosts: list[Host]) -> str:
    return "\n".join(f"{host.name:<6}{cell(host)}" for host in hosts)
