from commands import Shell


def main():
    shell = Shell()
    assert shell.run("add 4 5") == 9, "add is broken"
    assert shell.run("neg 4") == -4, "neg is broken"
    print("ok")


if __name__ == "__main__":
    main()
