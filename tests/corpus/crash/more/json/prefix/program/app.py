from stream import Stream

LINES = ['data: {"n": 1}', "", ": keep-alive", 'data: {"n": 5}', "data: [DONE]"]


def main():
    stream = Stream(LINES)
    print(stream.count())
    print(sum(message["n"] for message in stream.messages()))


if __name__ == "__main__":
    main()
