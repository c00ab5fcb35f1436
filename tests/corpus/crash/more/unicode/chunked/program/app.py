import io

from reader import read_text


def main():
    raw = "naïve café – 100 € please".encode("utf-8")
    text = read_text(io.BytesIO(raw), size=3)
    print(len(text), text.encode("ascii", "backslashreplace").decode())


if __name__ == "__main__":
    main()
