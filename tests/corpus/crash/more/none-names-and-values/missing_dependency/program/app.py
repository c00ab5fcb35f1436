from charts import draw


def main():
    print(draw([1, 2, 3]))


main()
