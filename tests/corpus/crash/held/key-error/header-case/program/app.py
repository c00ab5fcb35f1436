from proxy.message import body_length, parse_headers
from proxy.policy import max_age

ANSWERS = [
    b"Content-Type: text/html\r\nCache-Control: public, max-age=600\r\nContent-Length: 12\r\n",
    b"CONTENT-LENGTH: 3\r\ncache-control: no-store\r\n",
]


def main() -> None:
    for raw in ANSWERS:
        headers = parse_headers(raw)
        print(body_length(headers), max_age(headers))


if __name__ == "__main__":
    main()
