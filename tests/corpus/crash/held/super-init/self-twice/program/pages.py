PAGE = """
<p>See <a href="/docs">the <b>docs</b></a> &amp; <a href="https://other.example/x?a=1&amp;b=2">this</a>.</p>
<a name="top">no link</a>
"""
