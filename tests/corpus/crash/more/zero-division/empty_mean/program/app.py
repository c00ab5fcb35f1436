from grades import Course


def main():
    course = Course(["ann", "bob"])
    course.mark("ann", 5)
    course.mark("ann", 4)
    for name, mean in course.report():
        print(name, mean)


if __name__ == "__main__":
    main()
