from shapes.polygon import Polygon
