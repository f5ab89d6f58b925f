"""Call records of other exchanges are refused by name, with what is missing."""

from __future__ import annotations

import pytest

from core.calls.counting import CountingRules
from core.errors import ImportRefused
from core.exchange.imports import calls
from core.exchange.imports.prepared import Kind, Upload

CISCO = '"cdrRecordType","globalCallID_callManagerId","globalCallID_callId","origLegCallIdentifier"\n1,1,40001,27001\n'
FREESWITCH = ('"Ana","5512345678","100","default","2024-01-25 10:00:00","2024-01-25 10:00:05","2024-01-25 10:01:00","60","55",'
              '"NORMAL_CLEARING","8f0c","",""\n') * 3
AVAYA = ("2024/01/25 10:00:00,00:01:20,5,5512345678,I,201,201,,0,1000001,0,E201,Ana,T9001,Linea 1,0,0,,,,,,,,,,,,,\n") * 2
PANASONIC = "01/25/24 10:00AM  102  01  5512345678     0'05 00:01'20\n" * 3


@pytest.mark.parametrize(("text", "name"), [(CISCO, "Cisco"), (FREESWITCH, "FreeSWITCH"), (AVAYA, "Avaya"),
                                            (PANASONIC, "Panasonic")])
@pytest.mark.parametrize("source", ["auto", "table"])
def test_the_record_of_another_exchange_is_refused_by_name(text: str, name: str, source: str) -> None:
    with pytest.raises(ImportRefused, match=name) as refused:
        calls.prepare(Upload(Kind.CALLS, "cdr.csv", text.encode(), source), {}, CountingRules())
    assert "disposición" in str(refused.value)
