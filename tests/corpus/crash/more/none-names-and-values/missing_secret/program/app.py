from mailer import send


def main():
    send("ann@example.org", "hi")


main()
