TEMPLATE = """\
<style>
li {{list-style: none}}
li.bad {{color: red}}
</style>
<h1>{title}</h1>
<ul>
{rows}
</ul>
"""


def page(title, checks):
    rows = "\n".join(check.row() for check in checks)
    return TEMPLATE.format(title=title, rows=rows)
