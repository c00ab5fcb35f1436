import html


def item(text):
    return "<li>" + html.escape(text, quote=True) + "</li>"


def page(title, items):
    return "<h1>%s</h1><ul>%s</ul>" % (html.escape(title), "".join(item(i) for i in items))
