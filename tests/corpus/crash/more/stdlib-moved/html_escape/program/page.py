import cgi


def item(text):
    return "<li>" + cgi.escape(text, quote=True) + "</li>"


def page(title, items):
    return "<h1>%s</h1><ul>%s</ul>" % (cgi.escape(title), "".join(item(i) for i in items))
