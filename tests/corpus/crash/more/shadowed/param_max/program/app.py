from scale import clip_all, scale


def main():
    print(clip_all([1, 50, 7], 10))
    print(scale([2, 4], max=8))


main()
