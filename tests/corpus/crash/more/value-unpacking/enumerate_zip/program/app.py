from exam import sheet


def main():
    print("\n".join(sheet(["2+2", "3*3"], [4, 9])))


if __name__ == "__main__":
    main()
