"""What customers of the demo company write when they rate a solution, by score. Most write nothing."""

from __future__ import annotations

# How often each score is given where the solution came within a working day; later ones are judged harder.
SCORES = {5: 52, 4: 27, 3: 11, 2: 6, 1: 4}
SCORES_LATE = {5: 22, 4: 26, 3: 24, 2: 16, 1: 12}

COMMENTS: dict[int, tuple[str, ...]] = {
    5: (
        "Muy rápido, gracias.", "Excelente atención, quedó a la primera.", "El compañero explicó todo con paciencia.",
        "Ya despachamos con normalidad. Gracias por la prontitud.", "Muy amables, como siempre.",
        "Resolvieron antes de que abriera el turno de la tarde.", "Así da gusto reportar.",
    ),
    4: (
        "Todo bien, solo tardaron un poco en contestar.", "Quedó resuelto, gracias.", "Buena atención.",
        "Bien, aunque tuve que explicar el caso dos veces.", "Me ayudaron por teléfono y funcionó.",
    ),
    3: (
        "Quedó, pero tardó más de lo que dijeron.", "Funciona, aunque no me explicaron qué pasó.",
        "Regular. Tuve que insistir para que me atendieran.",
    ),
    2: (
        "Estuvimos medio día sin poder facturar.", "Me pasaron con tres personas distintas.",
        "Se resolvió, pero volvió a fallar al día siguiente.",
    ),
    1: (
        "Cerraron el ticket sin preguntarme si ya funcionaba.", "Dos días con la bomba parada.",
        "Nadie contestó el teléfono y tuve que ir a la oficina.",
    ),
}
