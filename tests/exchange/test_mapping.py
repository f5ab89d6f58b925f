"""Tables of calls are understood by their headers and validated column by column."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calls.counting import CountingRules, Direction, Outcome
from core.errors import ImportRefused
from core.exchange.imports.mapping import CallMapping, call_tuples, propose_mapping, rows_to_calls, signature
from core.exchange.imports.moments import DateOrder
from core.exchange.imports.reading import Rejection, Table, read_table

MEXICO = ZoneInfo("America/Mexico_City")
REAL = Path(__file__).parents[3] / "shared" / "data" / "calls"
real_files = pytest.mark.skipif(not REAL.exists(), reason="the folder of real files is not on this machine")
Calls = tuple[pd.DataFrame, list[Rejection], list[str]]


def table(text: str) -> Table:
    return read_table(text.encode(), "llamadas.csv")


def calls(text: str, zone: ZoneInfo = MEXICO, rules: CountingRules | None = None) -> Calls:
    read = table(text)
    return rows_to_calls(read, propose_mapping(read), zone, rules)


def real(name: str) -> Calls:
    read = read_table((REAL / name).read_bytes(), name)
    return rows_to_calls(read, propose_mapping(read), MEXICO)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            "Call Id,Agent,Date,Time,Topic,Answered (Y/N),Resolved,Speed of answer in seconds,AvgTalkDuration,"
            "Satisfaction rating",
            {"id": 0, "operator": 1, "date": 2, "time": 3, "topic": 4, "outcome": 5, "wait": 7, "talk": 8, "satisfaction": 9},
        ),
        (
            "Folio;Fecha y hora;Teléfono;Destino;Cola;Agente;Estatus;Tiempo de espera;Duración;Motivo;Tipo de llamada",
            {
                "id": 0,
                "started_at": 1,
                "caller": 2,
                "dialled": 3,
                "queue": 4,
                "operator": 5,
                "outcome": 6,
                "wait": 7,
                "talk": 8,
                "topic": 9,
                "direction": 10,
            },
        ),
        (
            "Protocolo;Data;Hora;Origem;Fila;Atendente;Situação;Tempo de espera;Duração",
            {"id": 0, "date": 1, "time": 2, "caller": 3, "queue": 4, "operator": 5, "outcome": 6, "wait": 7, "talk": 8},
        ),
        ("FECHA,ESTADO DE LA LLAMADA (PBX),tiempo de espera (seg)", {"date": 0, "outcome": 1, "wait": 2}),
    ],
)
def test_headers_in_three_languages_are_understood(header: str, expected: dict[str, int]) -> None:
    separator = ";" if ";" in header else ","
    read = table(header + "\n" + separator.join(["1"] * len(header.split(separator))) + "\n")
    assert propose_mapping(read).to_dict() == expected


def test_a_mapping_is_kept_as_plain_data() -> None:
    mapping = CallMapping(date=0, outcome=2, order=DateOrder.MONTH_FIRST)
    assert mapping.to_dict() == {"date": 0, "outcome": 2, "order": "mdy"}
    assert CallMapping.from_dict(mapping.to_dict()) == mapping
    assert CallMapping.from_dict({"date": "día", "outcome": "ESTADO"}, ["Estado", "Día"]) == CallMapping(date=1, outcome=0)


@pytest.mark.parametrize(
    "stored", [{"colour": 1}, {"date": "Mes"}, {"date": 7}, {"date": -1}, {"order": "ymd"}, {"date": True}]
)
def test_a_mapping_that_does_not_fit_is_refused(stored: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        CallMapping.from_dict(stored, ["Estado", "Día"])


def test_a_header_is_known_again_whatever_its_case_and_accents() -> None:
    assert signature(["Día", "Estado"]) == signature(["DIA ", "estado"])
    assert signature(["Día", "Estado"]) != signature(["Estado", "Día"])
    assert len(signature([])) == 64


def test_local_times_become_instants_days_and_hours() -> None:
    frame, rejected, notes = calls("Fecha,Hora,Estado\n31/01/2026,23:30:05,Atendida\n")
    assert rejected == []
    assert frame[["started_at", "local_day", "local_hour"]].to_numpy().tolist() == [[1769923805, 20260131, 23]]
    assert any("America/Mexico_City" in note for note in notes)


def test_a_file_without_times_gets_no_invented_hour() -> None:
    frame, _rejected, notes = calls("Fecha,Estado\n31/01/2026,Atendida\n")
    assert frame["local_hour"].tolist() == [-1]
    assert any("no tiene horas" in note for note in notes)


@pytest.mark.parametrize(
    ("dates", "days", "told"),
    [
        (["03/02/2026", "25/02/2026"], [20260203, 20260225], False),
        (["03/02/2026", "02/25/2026"], [20260302, 20260225], True),
        (["03/02/2026", "04/02/2026"], [20260203, 20260204], True),
        (["2026-02-03", "2026/2/4"], [20260203, 20260204], False),
        (["3 de febrero de 2026", "04-feb-2026"], [20260203, 20260204], False),
        (["20260203", "1770138000"], [20260203, 20260203], False),
    ],
)
def test_the_order_of_dates_is_decided_by_the_whole_column(dates: list[str], days: list[int], told: bool) -> None:
    frame, rejected, notes = calls("Fecha,Estado\n" + "".join(f"{date},Atendida\n" for date in dates))
    assert (frame["local_day"].tolist(), rejected) == (days, [])
    assert any("día/mes/año" in note or "mes/día/año" in note for note in notes) is told


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("Atendida", "answered"),
        ("SÍ", "answered"),
        ("Success", "answered"),
        ("Perdida", "abandoned"),
        ("No contestada", "abandoned"),
        ("Abandoned", "abandoned"),
        ("NO ANSWER", "abandoned"),
        ("Buzón de voz", "voicemail"),
        ("Ocupado", "busy"),
        ("Fuera de horario", "out_of_hours"),
        ("Timeout", "timeout"),
        ("IVR", "ivr_only"),
    ],
)
def test_words_for_how_a_call_ended_are_known(word: str, outcome: str) -> None:
    frame, _rejected, _notes = calls(f"Fecha,Estado\n31/01/2026,{word}\n")
    assert frame["outcome"].tolist() == [outcome]


def test_a_quick_hang_up_is_short_abandoned_only_when_the_wait_is_known() -> None:
    rows = ("Abandonada,5", "Abandonada,0:06", "Abandonada,", "Atendida,2")
    text = "Fecha,Estado,Espera\n" + "".join(f"31/01/2026,{row}\n" for row in rows)
    assert calls(text)[0]["outcome"].tolist() == ["short_abandoned", "abandoned", "abandoned", "answered"]
    assert calls(text, rules=CountingRules(short_s=10))[0]["outcome"].tolist()[1] == "short_abandoned"


def test_talk_is_unknown_on_a_missed_call() -> None:
    frame, _rejected, _notes = calls(
        "Fecha,Estado,Espera,Duración\n31/01/2026,Atendida,12,0:02:23\n31/01/2026,Perdida,30,0:00:00\n"
    )
    assert frame["talk_s"].tolist() == [143, pd.NA]
    assert frame["wait_s"].tolist() == [12, 30]


def test_without_a_status_the_talk_time_decides_and_it_is_told() -> None:
    frame, _rejected, notes = calls("Fecha,Duración\n31/01/2026,30\n31/01/2026,0\n")
    assert frame["outcome"].tolist() == ["answered", "abandoned"]
    assert any("tiempo de conversación" in note for note in notes)


def test_directions_are_read_and_unknown_ones_are_told() -> None:
    frame, _rejected, notes = calls(
        "Fecha,Estado,Sentido\n31/01/2026,Atendida,Entrante\n31/01/2026,Atendida,Saliente\n31/01/2026,Atendida,?\n"
    )
    assert frame["direction"].tolist() == ["inbound", "outbound", "inbound"]
    assert any("1 llamada" in note for note in notes)


def test_bad_rows_are_rejected_by_their_line_and_the_others_stay() -> None:
    frame, rejected, _notes = calls(
        "Fecha,Hora,Estado,Espera\n31/01/2026,10:00,Atendida,1\n31/02/2026,10:00,Atendida,1\n31/01/2026,25:00,Atendida,1\n"
        "31/01/2026,10:00,Quizá,1\n31/01/2026,10:00,Atendida,mucho\n,10:00,Atendida,1\nTotal,,,\n31/01/2026,10:00,Perdida\n"
    )
    assert frame["row"].tolist() == [2]
    assert [each.row for each in rejected] == [3, 4, 5, 6, 7, 8, 9]
    assert all(each.reason for each in rejected)


def test_local_times_that_never_were_or_were_twice_are_refused() -> None:
    text = "Fecha,Hora,Estado\n2026-03-08,02:30,Atendida\n2026-11-01,01:30,Atendida\n2026-11-01,03:30,Atendida\n"
    assert [each.row for each in calls(text, ZoneInfo("America/Tijuana"))[1]] == [2, 3]
    assert calls(text)[1] == []


def test_a_second_export_of_the_same_calls_has_the_same_keys() -> None:
    row = "31/01/2026,5512345678,Atendida\n"
    first = calls("Fecha,Teléfono,Estado\n" + row * 3)[0]["source_key"].tolist()
    second = calls("Fecha;Teléfono;Estado\r\n" + (row * 3).replace(",", ";").replace("\n", "\r\n"))[0]["source_key"].tolist()
    longer = calls("Fecha,Teléfono,Estado\n" + row * 4)[0]["source_key"].tolist()
    assert first == second == longer[:3]
    assert len(set(longer)) == 4


def test_identifiers_that_start_anew_each_month_do_not_collide() -> None:
    frame, rejected, _notes = calls("Folio,Fecha,Estado\n1,31/01/2026,Atendida\n1,28/02/2026,Atendida\n1,28/02/2026,Atendida\n")
    assert frame["source_key"].nunique() == 2
    assert [each.row for each in rejected] == [4]


def test_keys_and_texts_fit_their_columns() -> None:
    frame, _rejected, _notes = calls(f"Folio,Fecha,Estado,Agente\n{'ñ' * 300},31/01/2026,Atendida,{'é' * 300}\n")
    assert len(frame["source_key"][0]) <= 80
    assert len(frame["operator"][0]) == 80


def test_rows_for_the_database_are_plain_values() -> None:
    frame, _rejected, _notes = calls("Fecha,Estado,Espera,Agente\n31/01/2026,Perdida,,-\n31/01/2026,Atendida,7,Ana\n")
    columns = ("outcome", "direction", "wait_s", "operator", "local_day")
    rows = list(call_tuples(frame, columns))
    assert rows == [
        (list(Outcome).index(Outcome.ABANDONED) + 1, list(Direction).index(Direction.INBOUND) + 1, None, None, 20260131),
        (1, 1, 7, "Ana", 20260131),
    ]
    assert {type(value) for row in call_tuples(frame) for value in row} <= {int, str, type(None)}


def test_flags_of_answered_and_abandoned_are_no_totals() -> None:
    frame, _rejected, _notes = calls("Fecha,Answered,Abandoned\n01/01/2026,1,0\n02/01/2026,0,1\n")
    assert frame["outcome"].tolist() == ["answered", "abandoned"]


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Teléfono,Estado\n55,Atendida\n", "fecha"),
        ("Fecha,Teléfono\n01/01/2026,55\n", "atendida"),
        ("Fecha,Estado\n01/01/2026,Verde\n", "Verde"),
    ],
)
def test_what_is_missing_is_named(text: str, missing: str) -> None:
    with pytest.raises(ImportRefused, match=missing):
        calls(text)


def test_a_mapping_beyond_the_columns_is_refused() -> None:
    with pytest.raises(ImportRefused):
        rows_to_calls(table("Fecha,Estado\n01/01/2026,Atendida\n"), CallMapping(date=0, outcome=9), MEXICO)


@real_files
def test_the_workbook_of_2021_reaches_its_own_totals() -> None:
    frame, rejected, _notes = real("pwc_call_center_2021q1.xlsx")
    months = frame.groupby([frame["local_day"] // 100, "outcome"], observed=True).size().to_dict()
    assert months == {
        (202101, "answered"): 1455,
        (202101, "abandoned"): 317,
        (202102, "answered"): 1298,
        (202102, "abandoned"): 318,
        (202103, "answered"): 1301,
        (202103, "abandoned"): 311,
    }
    assert (rejected, frame["source_key"].nunique(), frame["local_hour"].min()) == ([], 5000, 9)


@real_files
def test_the_status_log_of_2014_reaches_its_own_totals() -> None:
    frame, rejected, _notes = real("elastix_2014_status_log.csv")
    assert (frame["outcome"].value_counts()[["answered", "abandoned"]].tolist(), rejected) == ([301, 48], [])
    assert set(frame["local_hour"]) == {-1}
    assert set(frame["local_day"] // 100) == {201401}


values = st.one_of(
    st.sampled_from(
        [
            "31/01/2026",
            "2026-01-31 10:00",
            "Atendida",
            "Perdida",
            "10:00",
            "5",
            "-1",
            "",
            "1e9",
            "99:99:99",
            "0000-00-00",
            "9999999999",
            "12/31/9999",
            "2026-01-31T10:00:00+99:99",
            "29/02/2025",
            "3 de foo de 2026",
            "1/1/1",
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8),
)
headers = st.sampled_from(
    [
        "Fecha",
        "Hora",
        "Estado",
        "Espera",
        "Duración",
        "Folio",
        "Teléfono",
        "Sentido",
        "Inicio",
        "Recibidas",
        "Atendidas",
        "x",
        "",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_garbage_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    import csv
    import io

    header = data.draw(st.lists(headers, min_size=1, max_size=6))
    rows = data.draw(st.lists(st.lists(values, min_size=len(header), max_size=len(header)), max_size=6))
    target = io.StringIO()
    csv.writer(target).writerows([header, *rows])
    try:
        read = read_table(target.getvalue().encode(), "x.csv")
        frame, rejected, _notes = rows_to_calls(read, propose_mapping(read), MEXICO)
    except ImportRefused as refusal:
        assert str(refusal)  # noqa: PT017 (either outcome is right)
        return
    assert len(frame) + len(rejected) == len(read) + len(read.rejected)
    assert frame["source_key"].is_unique
    assert len(list(call_tuples(frame))) == len(frame)
