"""YAML to a typed Benchmark; all problems at once, each with `file:line:column` and a did-you-mean."""

from socialbench.config.benchmark import Benchmark
from socialbench.config.corrections import Correction, Corrections, read_corrections
from socialbench.config.handles import bare_name, fold
from socialbench.config.hours import Opening, parse_hours
from socialbench.config.loading import load, schema
from socialbench.config.periods import (
    Period,
    Unreadable,
    parse_duration,
    parse_moment,
    preceding,
    read_period,
    resolve_period,
    span,
)
from socialbench.config.selection import combine_period, select_brands
from socialbench.config.shapes import (
    Exclude,
    NetworkSettings,
    ReportSettings,
    RuleSettings,
    ScoreSettings,
    SourceSettings,
    WatchRule,
)
from socialbench.config.starter import quoted, unite, write_import_config, write_starter
from socialbench.config.vocabulary import NETWORKS

__all__ = [
    "NETWORKS",
    "Benchmark",
    "Correction",
    "Corrections",
    "Exclude",
    "NetworkSettings",
    "Opening",
    "Period",
    "ReportSettings",
    "RuleSettings",
    "ScoreSettings",
    "SourceSettings",
    "Unreadable",
    "WatchRule",
    "bare_name",
    "combine_period",
    "fold",
    "load",
    "parse_duration",
    "parse_hours",
    "parse_moment",
    "preceding",
    "quoted",
    "read_corrections",
    "read_period",
    "resolve_period",
    "schema",
    "select_brands",
    "span",
    "unite",
    "write_import_config",
    "write_starter",
]
