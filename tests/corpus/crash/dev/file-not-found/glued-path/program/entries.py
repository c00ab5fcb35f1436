def parse(lines):
    """(title, seconds) of every #EXTINF line."""
    found = []
    for line in lines:
        if line.startswith("#EXTINF:"):
            seconds, _, title = line[len("#EXTINF:"):].strip().partition(",")
            found.append((title, int(seconds)))
    return found
