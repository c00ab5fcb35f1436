from photos.seller import upload
from photos.web import create_app


def main() -> None:
    client = create_app().test_client()
    for name, size in (("thumb.jpg", 4_000), ("front.jpg", 300_000), ("back.jpg", 1_500_000)):
        print(name, upload(client, name, b"\xff" * size))


if __name__ == "__main__":
    main()
