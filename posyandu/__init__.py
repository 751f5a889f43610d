__version__ = "0.2.0"
PROTOCOL = 1
"""What every message and batch says it is written in; all releases so far speak this one."""
