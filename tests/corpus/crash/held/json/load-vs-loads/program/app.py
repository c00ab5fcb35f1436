from plugins import Manifest, load_order

TEXTS = [
    '{"name": "audit", "version": "1.2", "needs": ["db", "web"]}',
    '{"name": "web", "version": "3.0.1", "needs": ["db"]}',
    '{"name": "db", "version": "0.9"}',
]

manifests = [Manifest.parse(text) for text in TEXTS]
print(load_order(manifests), max(m.version for m in manifests))
