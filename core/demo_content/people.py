"""People of the demo desk, all invented but the names that the quick guide prints on its four tickets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

RoleCode = Literal["manager", "operator", "agent", "analyst", "customer", "admin"]


@dataclass(frozen=True, slots=True)
class DemoUser:
    """An account of the demo desk; `station_code` is the station of a customer."""

    username: str
    name: str
    role: RoleCode
    email: str
    station_code: str | None = None


def _staff(username: str, name: str, role: RoleCode) -> DemoUser:
    return DemoUser(username, name, role, f"{username}@mesa.example")


STAFF: tuple[DemoUser, ...] = (
    _staff("alma.figueroa", "Alma Figueroa", "admin"),
    _staff("gabriela.montemayor", "Gabriela Montemayor", "manager"),
    _staff("rodrigo.esparza", "Rodrigo Esparza", "analyst"),
    _staff("lucia.trevino", "Lucía Treviño", "operator"),
    _staff("ivan.cordero", "Iván Cordero", "operator"),
    _staff("marisol.pena", "Marisol Peña", "operator"),
    _staff("hector.zamudio", "Héctor Zamudio", "operator"),
    _staff("brenda.chavarin", "Brenda Chavarin", "agent"),
    _staff("ruben.villar", "Rubén Villar", "agent"),
    _staff("daniela.robledo", "Daniela Robledo", "agent"),
    _staff("oscar.mendieta", "Óscar Mendieta", "agent"),
    _staff("paulina.arriaga", "Paulina Arriaga", "agent"),
    _staff("sergio.valdivia", "Sergio Valdivia", "agent"),
    _staff("ximena.cardenas", "Ximena Cárdenas", "agent"),
    _staff("arturo.belmonte", "Arturo Belmonte", "agent"),
    _staff("karina.solano", "Karina Solano", "agent"),
    _staff("emilio.quiroga", "Emilio Quiroga", "agent"),
)

CUSTOMERS: tuple[DemoUser, ...] = (
    DemoUser("juan.aguilar", "Juan Aguilar", "customer", "juan.aguilar@juriquilla.example", "E05804"),
    DemoUser("adriana.urbina", "Adriana Urbina", "customer", "adriana.urbina@murcia.example", "E00173"),
    DemoUser("dulce.velavo", "Dulce maría velavo", "customer", "dulce.velavo@luna.example", "E14109"),
    DemoUser("aide.velazquez", "Aide velazquez", "customer", "aide.velazquez@jomca.example", "E14137"),
)
"""Portal accounts; their names are spelt as the quick guide prints them."""

SIGN_IN_USERS: dict[RoleCode, str] = {
    "manager": "gabriela.montemayor",
    "operator": "lucia.trevino",
    "agent": "brenda.chavarin",
    "analyst": "rodrigo.esparza",
    "customer": "juan.aguilar",
    "admin": "alma.figueroa",
}
"""Role -> the username that signs in for it with one click in a demo database."""

FIRST_NAMES: tuple[str, ...] = (
    "Abril", "Adrián", "Alejandra", "Alfredo", "Alicia", "Ana Laura", "Andrés", "Ángel", "Araceli", "Armando",
    "Beatriz", "Benjamín", "Carlos", "Carmen", "Cecilia", "César", "Claudia", "Cristina", "Daniel", "Diana",
    "Edgar", "Eduardo", "Elena", "Enrique", "Erika", "Esteban", "Fabiola", "Fernando", "Gerardo", "Gloria",
    "Guadalupe", "Hugo", "Ignacio", "Irma", "Israel", "Itzel", "Jaime", "Javier", "Jessica", "Jorge Luis",
    "José Manuel", "Judith", "Julio", "Laura", "Leticia", "Lorena", "Luis Ángel", "Manuel", "Marcela", "Margarita",
    "María José", "Mariana", "Mario", "Martín", "Mayra", "Miguel", "Mónica", "Nadia", "Norma", "Omar",
    "Patricia", "Pedro", "Rafael", "Ramiro", "Raquel", "Ricardo", "Rocío", "Rosa", "Samuel", "Sandra",
    "Saúl", "Silvia", "Sofía", "Tomás", "Valeria", "Verónica", "Víctor", "Yadira", "Yolanda", "Zaira",
)

LAST_NAMES: tuple[str, ...] = (
    "Acosta", "Alcántara", "Alvarado", "Arellano", "Ávila", "Barrera", "Becerra", "Bravo", "Bustos", "Camacho",
    "Cano", "Carrillo", "Castañeda", "Cervantes", "Cisneros", "Contreras", "Cortés", "Cruz", "Delgado", "Domínguez",
    "Escobedo", "Espinosa", "Estrada", "Flores", "Fuentes", "Galindo", "Gálvez", "García", "Gómez", "Guerrero",
    "Gutiérrez", "Hernández", "Herrera", "Ibarra", "Juárez", "Lara", "León", "López", "Luna", "Macías",
    "Maldonado", "Martínez", "Medina", "Mejía", "Méndez", "Mendoza", "Montes", "Morales", "Moreno", "Muñoz",
    "Nava", "Navarro", "Núñez", "Ochoa", "Olvera", "Orozco", "Ortega", "Pacheco", "Padilla", "Paredes",
    "Pineda", "Quintero", "Ramírez", "Rangel", "Reyes", "Ríos", "Rivera", "Robles", "Rojas", "Romero",
    "Rosales", "Rueda", "Salas", "Salgado", "Sandoval", "Serrano", "Silva", "Soto", "Tapia", "Torres",
    "Trejo", "Uribe", "Valdez", "Vargas", "Vázquez", "Vega", "Velasco", "Vera", "Zamora", "Zúñiga",
)

JOBS: tuple[str, ...] = (
    "de gerencia",
    "de administración",
    "del área de caja",
    "de facturación",
    "del patio",
    "de control volumétrico",
    "de la oficina",
    "de la tienda",
)
"""Where a requester works in the station, for the slot `job` (worded to fit any name)."""
