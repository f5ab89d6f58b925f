"""Mail: what leaves the desk and what comes in."""
