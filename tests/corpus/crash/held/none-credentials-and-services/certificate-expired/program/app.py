import tls_server
from fetch import fetch

if __name__ == "__main__":
    print(fetch(tls_server.start(), tls_server.certificate_text()))
