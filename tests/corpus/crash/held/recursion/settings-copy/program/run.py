from jobs import plan, run_job
from options import Options

DEFAULTS = Options({"retries": 2, "queue": "mail", "tags": ["night"]})


def main():
    done = [run_job(job) for job in plan(DEFAULTS, ["a", "b"])]
    print(done)
    print(DEFAULTS.tags)


if __name__ == "__main__":
    main()
