from etl.load import load
from etl.warehouse import launch


def nightly():
    server = launch()
    rows = [{"id": n, "amount": n % 13} for n in range(730)]
    accepted = load(f"http://127.0.0.1:{server.server_port}", rows)
    print("loaded", accepted, "of", len(rows))
    server.shutdown()


if __name__ == "__main__":
    nightly()
