import zz_plotkit_pro


def draw(values):
    return zz_plotkit_pro.line(values)
