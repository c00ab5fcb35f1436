from progress import Progress


def sync(name, files):
    bar = Progress(len(files))
    for _ in files:
        bar.step()
    print(f"{name:<8}{bar.percent():>4}% {bar.bar()}")


def main():
    sync("music", ["a", "b", "c"])
    sync("empty", [])


main()
