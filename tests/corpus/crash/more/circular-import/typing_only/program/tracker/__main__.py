from tracker.project import Project


def main() -> None:
    project = Project("garden")
    project.open("buy seeds")
    project.open("dig bed")
    project.tasks[0].close()
    print(project.progress())


main()
