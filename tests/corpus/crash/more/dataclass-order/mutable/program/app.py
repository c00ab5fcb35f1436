from recipe import Recipe


def main():
    soup = Recipe("soup")
    soup.need("leek", 2)
    cake = Recipe("cake")
    print(soup.shopping(), cake.shopping())


if __name__ == "__main__":
    main()
