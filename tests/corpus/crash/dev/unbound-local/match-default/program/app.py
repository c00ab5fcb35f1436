from cache_config import CacheConfig
from sizes import show_size

if __name__ == "__main__":
    for lines in (["memory=64M", "item=10k"], ["memory=2G", "item=512"]):
        config = CacheConfig.from_lines(lines)
        print(show_size(config.memory), show_size(config.item), config.memory // config.item)
