import mailer


def main():
    client = mailer.Client("shop@example.org")
    print(client.send("ann@example.org", "welcome", name="Ann")["Body"])
    print(client.send("bo@example.org", "shipped", number=7)["X-Mailer"])
    print(mailer.VERSION)


if __name__ == "__main__":
    main()
