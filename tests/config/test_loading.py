"""YAML to Benchmark: defaults, and every problem with its place, all at once."""

from __future__ import annotations

import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from socialbench.model import Brand, Handle, Role
from tests.config.written import BRAND, HEAD, complaints, loaded

EXAMPLE = """\
benchmark: UK banks
timezone: Europe/London
period: last-month
store: data/uk-banks.db
networks: {bluesky: {url: "https://pds.example/", overlap: 1h, page_size: 50}}
brands:
  - name: Metro Bank
    sector: Banking
    handles: {x: Metro_Bank, youtube: "@metrobank"}
  - name: HSBC UK
    sector: Banking
    hours: Mon-Sun 08:00-22:00
    holidays: [2026-12-25]
    handles:
      x: [HSBC_UK, {name: HSBC_UK_Help, role: support, credentials: HSBC_X}]
      discourse: {url: "https://community.example", staff: {groups: [staff]}}
exclude:
  - {pattern: "giveaway", since: 2026-05-03, until: 2026-05-06, why: prize draw}
"""


def test_config_example_of_the_design_loads(tmp_path: Path) -> None:
    benchmark = loaded(tmp_path, EXAMPLE)
    board = Handle(
        "discourse",
        "community.example",
        Role.BRAND,
        "community.example",
        "https://community.example",
        None,
        {"staff": {"groups": ["staff"]}},
    )
    assert benchmark.brands == (
        Brand("Metro Bank", "Banking", (Handle("x", "Metro_Bank"), Handle("youtube", "metrobank"))),
        Brand(
            "HSBC UK",
            "Banking",
            (Handle("x", "HSBC_UK"), Handle("x", "HSBC_UK_Help", Role.SUPPORT, credentials="HSBC_X"), board),
            hours="Mon-Sun 08:00-22:00",
        ),
    )
    assert (benchmark.stem, benchmark.period, benchmark.zone) == ("t", "last-month", ZoneInfo("Europe/London"))
    assert benchmark.holidays == {"HSBC UK": ("2026-12-25",)}
    assert benchmark.store_url(Path("/base")) == "/base/data/uk-banks.db"
    bluesky = benchmark.settings("bluesky")
    assert (bluesky.url, bluesky.overlap_s, bluesky.options, bluesky.collect) == (
        "https://pds.example",
        3600,
        {"page_size": 50},
        True,
    )
    # 3 and 6 May 2026, 0:00 in London's summer.
    period = benchmark.exclude[0].period(benchmark.zone)
    assert (period.since_at, period.until_at) == (1_777_762_800_000, 1_778_022_000_000)


def test_config_defaults(tmp_path: Path) -> None:
    benchmark = loaded(tmp_path, HEAD + BRAND)
    assert (benchmark.timezone, benchmark.period, benchmark.follow_up_s, benchmark.raw_days) == ("UTC", None, 604_800, 30)
    assert (benchmark.min_units, benchmark.min_authors) == (50, 30)
    assert benchmark.store_url(Path("/base")) == "/base/data/t.db"
    assert benchmark.settings("x").collect is True


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("timezne: UTC\n", "t.yaml:2:1: timezne: unknown key; did you mean timezone?"),
        (
            "timezone: Europe/Lodon\n",
            "t.yaml:2:11: timezone: 'Europe/Lodon' is no time zone; write one like Europe/London; did you mean Europe/London?",
        ),
        (
            "timezone: paris\n",
            "t.yaml:2:11: timezone: 'paris' is no time zone; write one like Europe/London; did you mean Europe/Paris?",
        ),
        (
            "period: 2026-10-15..2026-10-01\n",
            "t.yaml:2:9: period: the period ends (2026-10-01) before it starts (2026-10-15); the end is not included",
        ),
        (
            "period: {since: 2026-10-15, until: 2026-10-01}\n",
            "t.yaml:2:9: period: the period ends (2026-10-01) before it starts (2026-10-15); the end is not included",
        ),
        ("period: true\n", 't.yaml:2:9: period: must be text, not true; text called so is written in quotes: "true"'),
        ("follow_up: a week\n", "t.yaml:2:12: follow_up: 'a week' is no duration; write e.g. 7d, 12h, 30m or 90s"),
        ("follow_up: 0d\n", "t.yaml:2:12: follow_up: '0d' must be longer than nothing"),
        ("raw_days: soon\n", "t.yaml:2:11: raw_days: must be a whole number, not 'soon'"),
        ("raw_days: -1\n", "t.yaml:2:11: raw_days: must be at least 0, not -1"),
        ("networks: {x: {budget: -3}}\n", "t.yaml:2:24: networks.x.budget: must be at least 0, not -3"),
        (
            "networks: {x: {collect: no}}\n",
            "t.yaml:2:25: networks.x.collect: must be true or false, not 'no'; did you mean false?",
        ),
        ("networks: {x: {colect: true}}\n", "t.yaml:2:16: networks.x.colect: unknown key; did you mean collect?"),
        ("networks: {blusky: {}}\n", "t.yaml:2:12: networks.blusky: unknown network 'blusky'; did you mean bluesky?"),
        (
            "networks: {x: {url: ftp://a.b}}\n",
            "t.yaml:2:21: networks.x.url: 'ftp://a.b' is no address; write one like https://community.example",
        ),
        (
            "exclude: [{pattern: '('}]\n",
            "t.yaml:2:21: exclude 1, pattern: '(' is no regular expression: missing ), unterminated subpattern at letter 1",
        ),
        (
            "exclude: [{pattern: a, since: 2026-05-06, until: 2026-05-03}]\n",
            "t.yaml:2:50: exclude 1, until: the period ends (2026-05-03) before it starts (2026-05-06); the end is not included",
        ),
        (
            "exclude: [{pattern: a, since: 7d}]\n",
            "t.yaml:2:31: exclude 1, since: '7d' moves with the present; write a date or time, e.g. 2026-10-01",
        ),
        ("exclude: giveaway\n", "t.yaml:2:10: exclude: must be a list, not 'giveaway'"),
        ("sources: {a.csv: {sample: all}}\n", "t.yaml:2:27: sources.a.csv.sample: must be complete or answered-only, not 'all'"),
        (
            "score: {profiles: {mine: {x: {2h: .5, 24h: .25}}}}\n",
            "t.yaml:2:27: score.profiles.mine.x: the weights sum to 0.75, not 1",
        ),
        ("report: {template: none.pptx}\n", "t.yaml:2:20: report.template: there is no file {folder}/none.pptx"),
        ("benchmark: Again\n", "t.yaml:2:1: benchmark: this key stands twice; first in line 1"),
    ],
)
def test_config_problem_is_said_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    assert complaints(tmp_path, HEAD + text + BRAND) == [said.replace("{folder}", str(tmp_path))]


@pytest.mark.parametrize(
    ("brand", "said"),
    [
        ("{handles: {x: a}}", "t.yaml:3:5: brand 1, name: is missing"),
        ("{name: '', handles: {x: a}}", "t.yaml:3:12: brand 1, name: must not be empty"),
        (
            "{name: true, handles: {x: a}}",
            't.yaml:3:12: brand 1, name: must be text, not true; text called so is written in quotes: "true"',
        ),
        ("{name: A}", 't.yaml:3:5: brand "A", handles: is missing'),
        ("{name: A, handles: {}}", 't.yaml:3:24: brand "A", handles: a brand needs at least one handle'),
        (
            "{name: A, handles: {x: []}}",
            't.yaml:3:28: brand "A", handles.x: an empty list; name a handle, or leave the network out',
        ),
        ("{name: A, handles: [x]}", 't.yaml:3:24: brand "A", handles: must be a map of keys and values, not a list'),
        (
            "{name: A, handles: {twitter: a}}",
            "t.yaml:3:25: brand \"A\", handles.twitter: unknown network 'twitter'; did you mean x?",
        ),
        (
            "{name: A, handles: {x: {name: a, role: suport}}}",
            't.yaml:3:44: brand "A", handles.x.role: '
            "'suport' is no role; the roles are brand and support; did you mean support?",
        ),
        (
            "{name: A, handles: {x: {name: a, rol: support}}}",
            "t.yaml:3:38: brand \"A\", handles.x.rol: unknown key 'rol'; did you mean role?",
        ),
        ("{name: A, handles: {x: {role: support}}}", 't.yaml:3:28: brand "A", handles.x: a handle needs a name'),
        (
            "{name: A, handles: {x: https://x.com/acme}}",
            't.yaml:3:28: brand "A", handles.x: give the handle, not its address; did you mean acme?',
        ),
        ("{name: A, handles: {x: ac me}}", "t.yaml:3:28: brand \"A\", handles.x: 'ac me': a handle on x holds no blanks"),
        (
            "{name: A, handles: {bluesky: acme}}",
            't.yaml:3:34: brand "A", handles.bluesky: '
            "'acme': a handle on bluesky is a whole domain; did you mean acme.bsky.social?",
        ),
        (
            '{name: A, handles: {x: "<Acme on X>"}}',
            "t.yaml:3:28: brand \"A\", handles.x: '<Acme on X>' is a placeholder: put the brand's handle on x there,"
            " or take the line out",
        ),
        (
            "{name: A, handles: {x: {name: acme, verified: yes}}}",
            't.yaml:3:51: brand "A", handles.x.verified: is written `verified: false`, or left out where the handle is'
            " known to be the brand's",
        ),
        (
            "{name: A, handles: {mastodon: acme}}",
            "t.yaml:3:35: brand \"A\", handles.mastodon: 'acme': which server? write acme@mastodon.social",
        ),
        (
            "{name: A, handles: {mastodon: acme@a.example/evil}}",
            "t.yaml:3:35: brand \"A\", handles.mastodon: 'a.example/evil' is no server; write acme@mastodon.social",
        ),
        (
            "{name: A, handles: {discourse: acme}}",
            't.yaml:3:36: brand "A", handles.discourse: discourse needs the board: {url: "https://community.example"}',
        ),
        (
            "{name: A, handles: {x: a}, hours: 9:30}",
            "t.yaml:3:39: brand \"A\", hours: '9:30' are no times; write e.g. Mon-Fri 09:00-17:30, Sat 10:00-14:00",
        ),
        (
            "{name: A, handles: {x: a}, holidays: [GB-ENG, 2026-02-30]}",
            "t.yaml:3:51: brand \"A\", holidays 2: '2026-02-30' is no date; write one like 2026-12-25",
        ),
        (
            "{name: A, handles: {x: a}, holidays: England}",
            "t.yaml:3:42: brand \"A\", holidays 1: 'England' is neither a date (2026-12-25) nor a country (GB)"
            " or a part of one (GB-ENG)",
        ),
        ("{name: A, handles: {x: a}, sectr: B}", 't.yaml:3:32: brand "A", sectr: unknown key; did you mean sector?'),
    ],
)
def test_config_brand_problem_is_said_with_its_place(tmp_path: Path, brand: str, said: str) -> None:
    assert complaints(tmp_path, f"{HEAD}brands:\n  - {brand}\n") == [said]


def test_config_holidays_of_the_benchmark_are_those_of_brands_without_their_own(tmp_path: Path) -> None:
    own = "  - {name: B, handles: {x: b}, holidays: DE-BY}\n  - {name: C, handles: {x: c}, holidays: []}\n"
    benchmark = loaded(tmp_path, f"{HEAD}holidays: [GB, 2026-12-24]\n{BRAND}{own}")
    assert benchmark.holidays == {"Acme": ("GB", "2026-12-24"), "B": ("DE-BY",)}


def test_config_tells_all_problems_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = """\
benchmark: NO
timezne: UTC
period: 2026-13
brands:
  - name: Acme
    handles: {x: "@Acme", twittr: a}
  - name: acme
    zone: Nowhere
    handles: {x: [aCME, aCME_Help]}
raw_days: 1
raw_days: 2
"""
    places = [line.partition(": ")[0] for line in complaints(tmp_path, text)]
    assert places == [f"t.yaml:{place}" for place in ("2:1", "3:9", "6:27", "7:11", "8:11", "9:19", "11:1")]


def test_config_names_that_differ_only_in_case_are_one(tmp_path: Path) -> None:
    text = f"{HEAD}brands:\n  - {{name: Straße, handles: {{x: a}}}}\n  - {{name: STRASSE, handles: {{x: b}}}}\n"
    assert complaints(tmp_path, text) == [
        "t.yaml:4:12: brand \"STRASSE\", name: a second brand called 'STRASSE'; the first is in line 3"
    ]


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("x: Acme", "x: '@aCME'", True),
        ("x: acme", "bluesky: acme.example", False),
        ("mastodon: a@one.example", "mastodon: a@two.example", False),
        ("mastodon: a@one.example", "mastodon: '@A@ONE.example'", True),
        ("x: {name: a, origin: twcs}", "x: a", True),
        ("discourse: {url: https://a.example, tags: [one]}", "discourse: {url: https://a.example, tags: [two]}", False),
        ("discourse: https://a.example", "discourse: https://a.example/", True),
    ],
)
def test_config_one_handle_belongs_to_one_brand(tmp_path: Path, first: str, second: str, clash: bool) -> None:
    text = f"{HEAD}brands:\n  - name: A\n    handles: {{{first}}}\n  - name: B\n    handles: {{{second}}}\n"
    if clash:
        (said,) = complaints(tmp_path, text)
        assert said.endswith('already, of brand "A"')
    else:
        assert len(loaded(tmp_path, text).brands) == 2


def test_config_text_that_looks_like_a_number_keeps_its_spelling(tmp_path: Path) -> None:
    benchmark = loaded(tmp_path, "benchmark: 2026\nperiod: 2026\nbrands:\n  - {name: 1.10, handles: {x: 007, youtube: 12}}\n")
    assert (benchmark.benchmark, benchmark.period, benchmark.brands[0].name) == ("2026", "2026", "1.10")
    assert [handle.name for handle in benchmark.brands[0].handles] == ["007", "12"]


def test_config_did_is_a_bluesky_handle(tmp_path: Path) -> None:
    benchmark = loaded(tmp_path, f"{HEAD}brands: [{{name: A, handles: {{bluesky: 'did:plc:abc'}}}}]\n")
    assert benchmark.brands[0].handles[0].name == "did:plc:abc"


def test_config_network_of_its_own_is_declared_by_collect_false(tmp_path: Path) -> None:
    benchmark = loaded(
        tmp_path, f"{HEAD}networks: {{desk: {{collect: false}}}}\nbrands: [{{name: A, handles: {{desk: any thing}}}}]\n"
    )
    assert benchmark.used_networks == ("desk",)
    said = complaints(tmp_path, f"{HEAD}networks: {{desk: {{}}}}\nbrands: [{{name: A, handles: {{desk: a}}}}]\n")
    assert [line.partition(": ")[0] for line in said] == ["t.yaml:2:12", "t.yaml:3:30"]
    assert "declare it under networks with collect: false" in said[0]


@pytest.mark.parametrize(
    "text",
    [
        "token: hush-hush\n" + BRAND,
        "networks: {x: {api_key: hush-hush}}\n" + BRAND,
        "brands: [{name: A, handles: {x: {name: a, access_token: hush-hush}}}]\n",
        "brands: [{name: A, password: hush-hush, handles: {x: a}}]\n",
    ],
)
def test_config_secret_is_refused_and_never_repeated(tmp_path: Path, text: str) -> None:
    (said,) = complaints(tmp_path, HEAD + text)
    assert "secrets do not belong in the YAML: set SOCIALBENCH_" in said
    assert "hush" not in said


def test_config_token_pasted_as_credentials_is_not_repeated(tmp_path: Path) -> None:
    (said,) = complaints(tmp_path, f"{HEAD}networks: {{x: {{credentials: hush-hush}}}}\n{BRAND}")
    assert "never the token itself" in said
    assert "hush" not in said


def test_config_topics_may_be_called_what_secrets_are_called(tmp_path: Path) -> None:
    assert loaded(tmp_path, f"{HEAD}topics: {{password: [reset, 'log ?in']}}\n{BRAND}").topics == {
        "password": ("reset", "log ?in")
    }


@pytest.mark.parametrize("text", ["- a\n- b\n", "just text\n", "12\n"])
def test_config_that_is_no_map_is_refused(tmp_path: Path, text: str) -> None:
    (said,) = complaints(tmp_path, text)
    assert said.startswith("t.yaml:1:1: a config is a map of keys and values")


def test_config_problem_stays_on_one_line_whatever_the_file_holds(tmp_path: Path) -> None:
    text = f'{HEAD}brands:\n  - name: "a\\nb\\e[31m{"x" * 500}"\n    zone: "c\\nd"\n    handles: {{x: a}}\n'
    (said,) = complaints(tmp_path, text)
    assert said.isprintable()
    assert len(said) < 250


def test_config_of_5000_brands_loads_in_seconds(tmp_path: Path) -> None:
    lines = [
        f"  - {{name: Brand {i}, sector: S{i % 9}, zone: Europe/Paris, handles: {{x: [b{i}, {{name: h{i}, role: support}}]}}}}"
        for i in range(5000)
    ]
    text = "\n".join([HEAD + "brands:", *lines])
    started = time.process_time()
    assert len(loaded(tmp_path, text).brands) == 5000
    assert time.process_time() - started < 6


def test_handle_needs_no_server_where_the_network_has_an_address(tmp_path: Path) -> None:
    network = 'networks: {mastodon: {url: "https://social.example"}}'
    benchmark = loaded(tmp_path, f"benchmark: T\n{network}\nbrands:\n  - {{name: A, handles: {{mastodon: acme}}}}\n")
    (handle,) = benchmark.brands[0].handles
    assert (handle.name, handle.origin, handle.url) == ("acme", None, None)
