from models import Article


def build():
    article = Article(title="Night watch", author="Ann")
    article.set("title", "The night watch")
    article.set("author", "Bob")
    return article


def main():
    article = build()
    print(article.fields, article.changes)
    print(article.created.year > 2000)


if __name__ == "__main__":
    main()
