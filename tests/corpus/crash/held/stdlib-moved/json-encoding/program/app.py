from session import HostSession


def echo_host(raw: bytes) -> bytes:
    return raw.replace(b'"ask"', b'"answer"')


def main() -> None:
    session = HostSession(echo_host)
    for city in ("Berlin", "Köln", "São Paulo"):
        print(session.ask(ask=city)["answer"])


if __name__ == "__main__":
    main()
