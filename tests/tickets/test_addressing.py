"""A note that speaks to the customer is recognised; what colleagues write to each other is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tickets.addressing import speaks_to_customer

NAME = "Rosa Peña Ávila"
TO_CUSTOMER = [
    "Hola Rosa, ya quedó la terminal.",
    "Buenos días Rosa:",
    "¡Buenas tardes, Sra. Rosa! Ya lo vimos.",
    "ROSA, ya puede facturar.",
    "Rosa: reinicie el equipo, por favor",
    "Estimada Rosa",
    "Estimado cliente, su ticket fue atendido",
    "Apreciable usuario",
    "Le informo que la refacción llega mañana.",
    "Ya está.\nQuedo a sus órdenes.",
    "Quedamos atentos a sus comentarios",
    "Gracias por su paciencia",
    "¿Nos podría confirmar el RFC?",
    "Lamentamos los inconvenientes",
    "Saludos cordiales,\nBrenda",
    "Hi Rosa, it works again.",
    "Dear customer",
    "Thank you for contacting us",
    "Could you please confirm the serial number?",
    "Kind regards",
]
TO_COLLEAGUES = [
    "",
    "Rosa dice que la terminal no imprime",
    "Hablé con Rosa, le informé que va un técnico",
    "Hola Brenda, ¿puedes ver este?",
    "Buenos días, favor de revisar el inversor",
    "Estimado de horas: 3",
    "Tiempo estimado 2 h",
    "El cliente pregunta por su solicitud y su factura",
    "Se le informará mañana",
    "Le llamé y le comenté que esperamos refacción",
    "Cliente molesto. Ojo con las órdenes de compra",
    "Quedó en espera del proveedor",
    "> Gracias por su paciencia\nEso escribió el proveedor",
    "Customer called, sent him the regards of the manager",
    "dearly needed part",
]


@pytest.mark.parametrize("text", TO_CUSTOMER)
def test_what_is_written_to_the_customer_is_recognised(text: str) -> None:
    assert speaks_to_customer(text, NAME)
    assert speaks_to_customer(text.upper(), NAME.lower())


@pytest.mark.parametrize("text", TO_COLLEAGUES)
def test_what_colleagues_write_is_left_alone(text: str) -> None:
    assert not speaks_to_customer(text, NAME)


def test_the_name_counts_for_this_requester_only() -> None:
    assert not speaks_to_customer("Hola Rosa", "Juan Aguilar")
    assert not speaks_to_customer("Hola Rosa", "")


@given(st.text(), st.text())
def test_no_text_and_no_name_break_it(text: str, name: str) -> None:
    assert speaks_to_customer(text, name) in (True, False)
