from markup import render

if __name__ == "__main__":
    print(render("Dear *Ann*, 3 < 4. {addr} {sig}"))
