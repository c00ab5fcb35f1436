from job import Job, queue_of


def main():
    jobs = [Job(name="pack", priority=3, command="tar"), Job(name="send", command="scp")]
    print([job.name for job in queue_of(jobs)])
    print(jobs[1].retries)


if __name__ == "__main__":
    main()
