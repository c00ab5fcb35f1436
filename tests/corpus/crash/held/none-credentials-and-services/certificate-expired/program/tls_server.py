"""An internal service over TLS, with the certificate that it was set up with."""
import socket
import ssl
import tempfile
import threading

CERTIFICATE = "MIIBTDCB9KADAgECAgEBMAoGCCqGSM49BAMCMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDAeFw0yMDAxMDEwMDAwMDBaFw0yMDAyMDEwMDAwMDBaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABBivQEKQ8Uw+mYUqPWDVXSovY7SvnRrf3ghHOR56qvHNlspVoCyifIhDP04jgAk4nwI/HCRXcvrIeGpMryk3EzKjNzA1MBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAdBgNVHQ4EFgQUxYivW6G0hzuLoo+BpfCFF1WKpd4wCgYIKoZIzj0EAwIDRwAwRAIgMNTqkHcZVAnl35OFZ2PMa/5lwbVraYbv5+0HAfSv3EACIEna43cTshHL1Vl2ipuTUUTbUla/h3dv95u3v2MAdozA"
KEY = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgq2gMQKXxvke0kU4u+Nvi1UHK3wNcQeGyDM3J5e+XcPChRANCAAQYr0BCkPFMPpmFKj1g1V0qL2O0r50a394IRzkeeqrxzZbKVaAsonyIQz9OI4AJOJ8CPxwkV3L6yHhqTK8pNxMy"


def pem(kind, body):
    lines = [body[i : i + 64] for i in range(0, len(body), 64)]
    return f"-----BEGIN {kind}-----\n" + "\n".join(lines) + f"\n-----END {kind}-----\n"


def certificate_text():
    return pem("CERTIFICATE", CERTIFICATE)


def start():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(certificate_text() + pem("PRIVATE KEY", KEY))
        file.flush()
        context.load_cert_chain(file.name)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            connection, _ = listener.accept()
            try:
                with context.wrap_socket(connection, server_side=True) as secure:
                    secure.sendall(b"HTTP/1.0 200 OK\r\n\r\n{}")
            except OSError:
                connection.close()

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]
