"""One file per source that can be imported, and how its rows are read."""
