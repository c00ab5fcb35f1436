from http_parse import parse_head

RAW = "GET /index HTTP/1.1\r\nHost: example.org\r\nContent-Length: 12\r\nX-Trace: 9f\r\n\r\n"


def main():
    request = parse_head(RAW)
    print(request.method, request.path, request.length())
    print(request.trace())


if __name__ == "__main__":
    main()
