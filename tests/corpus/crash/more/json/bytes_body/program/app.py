from api import Api

ANSWERS = {"/jobs/1": (200, '{"id": 1}'), "/jobs/2": (204, "")}


def main():
    api = Api(ANSWERS.__getitem__)
    print(api.get("/jobs/1"), api.get("/jobs/2"))


main()
