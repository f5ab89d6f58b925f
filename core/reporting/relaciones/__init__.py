"""The guide's "relaciones" as data: tickets attended, calls received and answered, calls missed."""
