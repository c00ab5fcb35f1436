from frame import decode, encode


def main():
    blob = encode(b"payload")
    print(decode(blob))
    try:
        decode(b"\x00\x00" + blob[2:])
    except ValueError as error:
        print("refused:", error)


if __name__ == "__main__":
    main()
