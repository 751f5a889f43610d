"""The clients and servers bench_peers.py sets side by side."""
