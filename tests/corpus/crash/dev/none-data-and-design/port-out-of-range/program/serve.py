from pathlib import Path

from settings import load

HERE = Path(__file__).parent


def main():
    settings = load(HERE / "service.ini")
    print("would listen on", settings.host, settings.port, "with", settings.workers, "workers")


if __name__ == "__main__":
    main()
