from mail.render import render


def main():
    print(render("welcome", name="Ann"))
    print(render("goodbye", name="Bob"))


if __name__ == "__main__":
    main()
