from accesslog import parse
from classify import classify

LOG = """\
GET /index.html 200
GET /missing.png 404
POST /orders 503
GET /old 404
"""


def summary(text):
    result = {}
    for path, status in parse(text):
        result.setdefault(classify(status), []).append(path)
    return result


def main():
    result = summary(LOG)
    print(result)
    assert "unknown" not in result, f"not classified: {result['unknown']}"


if __name__ == "__main__":
    main()
