import pipeline


def main():
    texts = ["  Red apples ", "green PEARS", "", "  "]
    print(pipeline.process(texts))


main()
