"""The readers refuse what an agent would refuse, lose or misread; else they would prove nothing."""

from __future__ import annotations

import pytest

from readers import line_protocol, perfdata


def test_line_protocol_reads_every_kind_of_value() -> None:
    """Tags lose their escapes, and every kind of field comes back as what it is."""
    text = 'm\\ 1,t\\,k=a\\ b\\,c\\=d\\e i=-5i,f=1.5,t=true,s="q\\"\\\\|" -12\n'

    assert [
        line_protocol.Point(
            "m 1", {"t,k": "a b,c=d\\e"}, {"i": -5, "f": 1.5, "t": True, "s": 'q"\\|'}, -12
        )
    ] == line_protocol.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "m f=1i 1",
        "\n",
        "# m f=1i 1\n",
        "\ufeffm f=1i 1\n",
        "m  f=1i 1\n",
        "m f=1i\n",
        "m 1\n",
        "m, f=1i 1\n",
        "m,t= f=1i 1\n",
        "m,=v f=1i 1\n",
        "m,t=a=b f=1i 1\n",
        "m,t=a\tb f=1i 1\n",
        "m,t=a\0b f=1i 1\n",
        "m,t=a\\ f=1i 1\n",
        "m,t=a\\\\b f=1i 1\n",
        'm,t=a\\"b f=1i 1\n',
        "m,t=a,t=b f=1i 1\n",
        "m,t=a t=1i 1\n",
        "m f=1i,f=2i 1\n",
        "m f=1i, 1\n",
        "m f= 1\n",
        "m f=01i 1\n",
        "m f=+1i 1\n",
        "m f=1.5i 1\n",
        "m f=9223372036854775808i 1\n",
        "m f=NaN 1\n",
        "m f=1e999 1\n",
        "m f=inf 1\n",
        "m f=tRUE 1\n",
        "m f='a' 1\n",
        "m f=bare 1\n",
        'm f="a 1\n',
        'm f="a\\n" 1\n',
        "m f=1i +5\n",
        "m f=1i 1.5\n",
        "m f=1i 12345678901234567890\n",
        "m f=1i 1 # comment\n",
        "m,t=a f=1i 1\nm,t=a f=2i 1\n",
    ],
)
def test_line_protocol_refuses(text: str) -> None:
    """Whatever Telegraf refuses or alters raises."""
    with pytest.raises(line_protocol.NotLineProtocolError):
        line_protocol.read(text)


def test_line_protocol_refuses_half_a_character() -> None:
    """A lone surrogate cannot be written as UTF-8."""
    with pytest.raises(UnicodeEncodeError):
        line_protocol.read("m,t=\ud800 f=1i 1\n")


def test_perfdata_reads_every_part() -> None:
    """Text, items with all their parts, and the lines behind them."""
    text = "OK: all - fine | 'a''b c'=-1.5devices;@0:5;~:-3.5;0;7 'd'=2;;;;\nmore\n"

    assert perfdata.Answer(
        "OK: all - fine",
        {
            "a'b c": perfdata.Item(-1.5, "devices", "@0:5", "~:-3.5", "0", "7"),
            "d": perfdata.Item(2),
        },
        ("more",),
    ) == perfdata.read(text)


def test_perfdata_reads_an_answer_without_any() -> None:
    """Without perfdata the line ends with a blank."""
    assert perfdata.Answer("UNKNOWN: no", {}, ()) == perfdata.read("UNKNOWN: no \n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "OK: fine",
        "OK: fine\n",
        "FINE: fine \n",
        "OK: fi|ne | 'a'=1;;;;\n",
        "OK: fine | 'a'=1;;;;\nmore | 'b'=2;;;;\n",
        "OK: fine \nmore | less\n",
        "OK: fi\tne \n",
        "OK: fine | a=1;;;;\n",
        "OK: fine | 'a'=1\n",
        "OK: fine | 'a'=1;;;;;\n",
        "OK: fine | 'a'=U;;;;\n",
        "OK: fine | 'a'=1,5;;;;\n",
        "OK: fine | 'a'=1e-07;;;;\n",
        "OK: fine | 'a'=1;10;;;\n",
        "OK: fine | 'a'=1;0:1e3;;;\n",
        "OK: fine | 'a'=1;;;; 'a'=2;;;;\n",
        "OK: fine | 'a'=1;;;;  'b'=2;;;;\n",
        "OK: fine | 'a'=1;;;;\t'b'=2;;;;\n",
        "OK: fine | 'a'=1;;;; \n",
        "OK: fine | 'a=b'=1;;;;\n",
        "OK: fine | 'a;b'=1;;;;\n",
        "OK: fine | 'a::b'=1;;;;\n",
        "OK: fine | 'a'b'=1;;;;\n",
        "OK: fine | ''=1;;;;\n",
        f"OK: {'x' * 8192} \n",
    ],
)
def test_perfdata_refuses(text: str) -> None:
    """Whatever one of the monitoring servers refuses, loses or misreads raises."""
    with pytest.raises(perfdata.NotPluginOutputError):
        perfdata.read(text)
