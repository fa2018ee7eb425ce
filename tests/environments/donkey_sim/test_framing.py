import json

from hypothesis import given
from hypothesis import strategies as st

from copycar.environments.donkey_sim.framing import Framer

texts = st.text(max_size=12)
objects = st.dictionaries(
    texts, st.one_of(texts, st.integers(), st.floats(allow_nan=False), st.lists(texts, max_size=2))
)


@given(st.lists(objects, max_size=5), st.sampled_from(["", "\n", "\r\n"]), st.integers(1, 40))
def test_whatever_is_sent_arrives_however_it_was_torn_and_glued(sent, ending, piece):
    stream = "".join(json.dumps(one) + ending for one in sent).encode()
    framer = Framer()
    received = [one for start in range(0, len(stream), piece) for one in framer.feed(stream[start : start + piece])]
    assert received == sent
    assert framer.dropped == 0


def test_a_line_that_is_no_object_costs_that_line_alone():
    framer = Framer()
    stream = b'{"a": 1}\nGET / HTTP/1.0\n{"b": tru}\n{"c": "never ends\n[1, 2]\n{"d": 4}\n'
    assert framer.feed(stream) == [{"a": 1}, {"d": 4}]
    assert framer.dropped >= 3


def test_bytes_that_are_no_text_do_not_stop_it():
    framer = Framer()
    assert framer.feed(b"\xff\xfe\x00{\xff}\n" + b'{"a": 1}') == [{"a": 1}]


def test_decimal_commas_are_read_as_unity_means_them():
    framer = Framer()
    (message,) = framer.feed(b'{"msg_type":"telemetry","speed":-1,25,"cte":0,5E-05,"totalNodes":260}\n')
    assert message == {"msg_type": "telemetry", "speed": -1.25, "cte": 0.5e-5, "totalNodes": 260}


def test_what_never_ends_is_let_go(monkeypatch):
    monkeypatch.setattr("copycar.environments.donkey_sim.framing.LONGEST", 100)
    framer = Framer()
    assert framer.feed(b'{"image": "' + b"A" * 200) == []
    assert framer.feed(b'\n{"a": 1}') == [{"a": 1}]
    assert framer.dropped >= 1
