import ports
import status_page


def main():
    other = ports.reserve()
    server = status_page.serve(other.getsockname()[1])
    print("serving on", server.server_port)


if __name__ == "__main__":
    main()
