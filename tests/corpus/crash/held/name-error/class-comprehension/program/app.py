from printing import paper

if __name__ == "__main__":
    print(paper(["tea", "coffee"], "S"), paper(["milk"], "M"))
    try:
        paper(["x"], "L")
    except ValueError as error:
        print(error)
