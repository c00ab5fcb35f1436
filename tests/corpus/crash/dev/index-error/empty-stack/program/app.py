from lint import lint_all

FILES = {
    "good.conf": "listen [80, 443]\nhosts { a (b) }\n",
    "open.conf": "listen [80\n",
    "surplus.conf": "hosts { a }\nlisten 80 ]\n",
}

if __name__ == "__main__":
    print("\n".join(lint_all(FILES)))
