from cluster.ring import Ring

__all__ = ["Ring"]
