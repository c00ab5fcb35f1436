from sales import load, total_by_region

TEXT = "region;units;price\nnorth;3;2.50\nsouth;1;9.00\nnorth;2;1.25\n"


def main():
    for region, total in sorted(total_by_region(load(TEXT)).items()):
        print(f"{region} {total:.2f}")


if __name__ == "__main__":
    main()
