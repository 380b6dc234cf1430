"""One check from command line to exit code; the entry point of the drop-in."""

from __future__ import annotations

import gc
import os
import sys
import time

from o365skype_bridge.connector import access, command
from o365skype_bridge.connector.reply import Answer, Stop
from o365skype_bridge.connector.speech import Speech
from o365skype_bridge.connector.wording import Wording
from o365skype_bridge.engine.answer import Ask, answer
from o365skype_bridge.errors import BridgeError
from o365skype_bridge.outputs import perfdata
from o365skype_bridge.outputs.checking import Check
from o365skype_bridge.outputs.judge import Judge
from o365skype_bridge.outputs.lines import LONGEST_TEXT
from o365skype_bridge.outputs.thresholds import OK, STATES
from o365skype_bridge.process import pipes
from o365skype_bridge.settings.sources import SEEN_BY_ALL

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, NoReturn

    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.outcome import Outcome
    from o365skype_bridge.model.values import ReportResult
    from o365skype_bridge.model.wording import Block
    from o365skype_bridge.settings.values import Settings

FEW = 2
"""Rows that may all be of one user, so that it has to be asked who that is."""

NOTHING_ASKED = "nothing was asked: the answer comes from what is kept"

LONG = 1e9
"""Seconds for which what is kept is good enough to tell a name."""

DEFECT = (
    "This is a defect of o365skype-bridge: open an issue with what O365_DEBUG=1 prints, please."
)


def run() -> NoReturn:
    """Run one check and end the process; see `o365skype_bridge.cli.entry.run`."""
    gc.disable()
    pipes.leave(main())


def main(argv: Sequence[str] | None = None) -> int:
    """Run one check and give its exit code, without ending the process."""
    began = time.monotonic()
    words = list(sys.argv[1:] if argv is None else argv)
    speech, say = Speech({}), Wording(words)
    if words and words[0].partition("=")[0] == "--scan":
        from o365skype_bridge.connector import scan  # noqa: PLC0415 for people only

        return scan.scan(words[0].partition("=")[2] or "".join(words[1:2]) or "-")
    try:
        program, left = command.first(words)
        speech = Speech(program)
        speech.check()
        _set(program.get("environment") or {})
        return _checked(speech, say, program, words, left, began)
    except Stop as stop:
        return speech.stop(stop)
    except BridgeError as error:
        return speech.stop(Stop(say(error.text)))
    except KeyboardInterrupt:
        return 3
    except Exception as error:
        if os.environ.get("O365_DEBUG"):
            raise
        return speech.stop(Stop(f"unexpected {type(error).__name__}. {DEFECT}"))


def _set(variables: Mapping[str, str]) -> None:
    os.environ.update(variables)
    if "TZ" in variables:
        time.tzset()


def _checked(
    speech: Speech,
    say: Wording,
    program: Mapping[str, Any],
    words: Sequence[str],
    left: Sequence[str],
    began: float,
) -> int:
    found = command.target(program, left)
    report = found.report
    speech.plugin, speech.mode = str(program["plugin"]), report.name.partition("-")[2]
    values = command.options(found, program, os.environ, new=speech.new)
    values["use_new_perfdata"] = speech.new
    settings = access.load(values, program, os.environ)
    if values.get("list_counters"):
        raise _counters(report)
    command.validate(report, values, new=speech.new)
    values |= settings.judging
    if program.get("disco_show") or program.get("disco_format"):
        return speech.discovered()
    check = _Check(speech, say, settings, report, values, began)
    if speech.verbose:
        check.notes = command.without_effect(words)
    return check.run()


class _Check:
    """One check of one report."""

    def __init__(
        self,
        speech: Speech,
        say: Wording,
        settings: Settings,
        report: Report,
        values: Mapping[str, Any],
        began: float,
    ) -> None:
        state = str(values.get("empty_state") or "ok")
        if state.upper() not in STATES:
            raise Stop(f"Unknown value '{state}' for --empty-state.")
        self.notes: list[str] = []
        self._speech = speech
        self._say = say
        self._settings = settings
        self._report = report
        self._values = {**values, "empty_state": state}
        self._began = began
        self._judge = Judge(self._values)
        self._users = _users(report)
        # A secret on the command line is how the connector is called, and no news to anybody.
        told = (word for word in settings.warnings if speech.debug or word != SEEN_BY_ALL)
        speech.warnings = [perfdata.safe_text(say(word), LONGEST_TEXT) for word in told]

    def run(self) -> int:
        """Ask, judge and say it."""
        filter_user = str(self._values.get("filter_user") or "")
        each = self._shows_users()
        result = self._asked(self._settings, filter_user, per_user=each or bool(filter_user))
        outcome = result.outcome
        if self._speech.debug:
            self.notes += result.notes
        if not outcome.has_data and outcome.kind != "empty":
            raise self._refused(outcome)
        check = Check(self._values, [self._report])
        check.add(result.replace(notes=()), "", time.time(), alone=True)
        if self._users and not each and not self._judge.hides(self._users):
            self._name_only_user(check, result, filter_user)
        items = [*check.items, *check.user_items]
        details = [*check.details, *self._lines()]
        remarks = [self._say(text) for text in check.remarks]
        reasons = [(state, self._say(text)) for state, text in check.reasons]
        return self._said(Answer(check.parts, items, details, remarks, reasons=reasons))

    def _said(self, spoken: Answer) -> int:
        if not self._speech.works_with_patterns:
            return self._speech.say(spoken)
        from o365skype_bridge.process import deadline  # noqa: PLC0415 rarely needed

        left = self._settings.deadline - (time.monotonic() - self._began)
        with deadline.after(left, "Use simpler patterns, or a longer --deadline."):
            return self._speech.say(spoken)

    def _shows_users(self) -> bool:
        users = self._users
        if users is None or self._judge.hides(users):
            return False
        return any(self._judge.shows(words) for words in users.words)

    def _asked(self, settings: Settings, filter_user: str, *, per_user: bool) -> ReportResult:
        ask = Ask(
            reports=(self._report,),
            filter_user=filter_user,
            per_user=per_user,
            traced=self._speech.debug,
        )
        answered = answer(settings, ask, self._began, time.time)
        self.notes += [problem for problem in answered.problems if problem not in self.notes]
        if self._speech.debug:
            self.notes += answered.exchange or (NOTHING_ASKED,)
        return answered.collection.results[0]

    def _refused(self, outcome: Outcome) -> Stop:
        """Say what is in the way: in the connector's words where the service named its reason."""
        service, _, code = outcome.refusal.partition(" ")
        said, details = self._say(outcome.text), self._lines()
        if outcome.support:
            details = [perfdata.safe_text(outcome.support, LONGEST_TEXT), *details]
        if code:
            details = [perfdata.safe_text(said, LONGEST_TEXT), *details]
            said = (
                f"{service} endpoint API return error code '{code}' "
                "(add --debug option for detailed message)"
            )
        return Stop(said, details if self._speech.verbose else [])

    def _lines(self) -> list[str]:
        return [perfdata.safe_text(self._say(note), LONGEST_TEXT) for note in self.notes]

    def _name_only_user(self, check: Check, result: ReportResult, filter_user: str) -> None:
        """Name a single active user although no counter of theirs is shown, as always."""
        limited = [sample.value for sample in result.newest if sample.metric.limited]
        active = sum(value for value in limited if not isinstance(value, str))
        if self._users is None or not 0 < active <= (FEW if not filter_user else active):
            return
        if not filter_user:
            settings = self._settings.replace(refresh_interval=LONG)
            result = self._asked(settings, "", per_user=True)
        names = {sample.user for sample in result.newest if sample.metric.per_user}
        if len(names) == 1:
            name = perfdata.safe(names.pop())
            check.parts.append((OK, self._users.prefix.format(name)))


def _users(report: Report) -> Block | None:
    single = {metric.dotted for metric in report.metrics if metric.per_user}
    return next((one for one in report.words.blocks if one.words[0].metric in single), None)


def _counters(report: Report) -> Stop:
    from o365skype_bridge.connector import listing  # noqa: PLC0415 for people only

    return listing.counters(report)
