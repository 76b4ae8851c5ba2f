"""Whatever the program can say is worded in both languages, and sentences live nowhere else."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter
from typing import get_args

from chorok import wording
from chorok.cli import usage
from chorok.core import definitions, events, schemes
from chorok.core.calendar import changes, closing, duties
from chorok.core.checks import figures, programme
from chorok.core.checks.results import Kind, Severity
from chorok.core.checks.rules import Source, rules
from chorok.core.measures import drivers, forecast, network, one_more, reconciliation, replay, scorecard
from chorok.core.measures.core_items import BY, Why
from chorok.core.measures.share import BASES
from chorok.core.measures.suggestions import METHODS
from chorok.core.measures.targets import MODES
from chorok.core.periods import GRAINS
from chorok.core.screening import assessment, bills, inspection, request
from chorok.core.screening.decide import PASSING
from chorok.core.screening.facts import PROPORTIONED
from chorok.core.screening.fulfilment import SIGNS
from chorok.core.screening.grounds import NUMBERS, grounds
from chorok.core.screening.policy import ROLES
from chorok.core.screening.policy import Step as ScreeningStep
from chorok.core.screening.situations import FIELDS as POLICY_FIELDS
from chorok.core.screening.situations import SITUATIONS
from chorok.core.screening.workflow import STATES as STATES_OF_A_REQUEST
from chorok.ledger import closings, followed, schema, scorecards, shares
from chorok.ledger.batches import State
from chorok.ledger.decisions import OUTCOMES
from chorok.ledger.drilldown import STATES
from chorok.ledger.figures import DIMENSIONS
from chorok.ledger.targets import Standing
from chorok.publications.screening_documents import ACTS, POSSIBLE, SIGNERS
from chorok.site.accounts import adapter, forms, roles, signing_forms
from chorok.site.assessments import forms as assessment_forms
from chorok.site.assessments import models as projects
from chorok.site.assessments.views import projects as assessment_pages
from chorok.site.config import warming
from chorok.site.fulfilment import models as deliveries
from chorok.site.fulfilment.forms import InspectForm
from chorok.site.fulfilment.templatetags import fulfilment as delivery_words
from chorok.site.fulfilment.views import overview as deliveries_overview
from chorok.site.organisations import forms as tree_forms
from chorok.site.organisations import models as tree_models
from chorok.site.organisations.views import changes as tree_views
from chorok.site.performance import figure as opened_figure
from chorok.site.performance import models as releases
from chorok.site.performance import reading as figure_levels
from chorok.site.performance.views import dashboard as figure_pages
from chorok.site.periods import waiting as periods_waiting
from chorok.site.purchases import models as uploads
from chorok.site.purchases import waiting as files_waiting
from chorok.site.purchases.views import imports as import_pages
from chorok.site.registry.forms import GuideForm, UploadForm
from chorok.site.registry.templatetags import registry as registry_words
from chorok.site.registry.views import groups as item_groups
from chorok.site.registry.views import search as found_products
from chorok.site.reviews import models as reviews
from chorok.site.reviews.forms import DecideForm
from chorok.site.screening import answers as purchaser_answers
from chorok.site.screening import forms as purchaser_forms
from chorok.site.screening import mine as own_requests
from chorok.site.screening import tuning
from chorok.site.screening.views import rollout as rollout_pages
from chorok.site.webhooks import events as hook_events
from chorok.site.webhooks import models as hooks
from chorok.site.webhooks import reaching
from chorok.site.webhooks.forms import HookForm
from chorok.sources import validate
from chorok.sources.choices import ONE_EACH
from chorok.sources.requests import EXTRA
from chorok.sources.staging import DROPPED
from chorok.sources.understanding import FIELDS, DateOrder
from walked import each

SOURCE = Path(__file__).parents[2] / "src" / "chorok"
FILES = [path for path in sorted(SOURCE.rglob("*.py")) if "wording" not in path.parts]
ERRORS = {"ChorokError", "UsageError", "BadInputError", "LedgerError", "NeedsAnswerError"}
SPEAKERS = {"say", "tell", "note"}


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def known(code: str) -> None:
    for language in wording.LANGUAGES:
        assert wording.knows(code, language), f"{code} is not worded in {language}"


def test_both_languages_say_the_same() -> None:
    korean, english = wording.catalogue("ko"), wording.catalogue("en")
    assert korean.keys() == english.keys()
    for code, sentence in korean.items():
        assert blanks(sentence) == blanks(english[code]), code
        assert (sentence.strip() and english[code].strip()) or code == "column.what", code


def test_korean_is_korean_and_english_is_not() -> None:
    hangul = re.compile("[가-힣]")
    mixed = [code for code, text in wording.catalogue("en").items() if len(hangul.findall(text)) > 12]
    assert mixed == []
    bare = [code for code, text in wording.catalogue("ko").items() if len(text) > 60 and not hangul.search(text)]
    assert bare == []


class Said(ast.NodeVisitor):
    """Collects the literal codes of a file: of errors with their parameters, of sentences, of columns."""

    def __init__(self) -> None:
        self.errors: list[tuple[str, set[str] | None]] = []
        self.sentences: list[tuple[str, set[str] | None]] = []
        self.columns: list[str] = []

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        first = node.args[0] if node.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            named = None if any(k.arg is None for k in node.keywords) else {k.arg or "" for k in node.keywords}
            if name in ERRORS:
                self.errors.append((first.value, named))
            elif name in SPEAKERS and ("." in first.value):
                self.sentences.append((first.value, named))
            elif name == "Column":
                self.columns.append(first.value)
        self.generic_visit(node)


def said(path: Path) -> Said:
    visitor = Said()
    visitor.visit(ast.parse(path.read_text(encoding="utf-8")))
    return visitor


@each(FILES)
def test_every_literal_code_is_worded_and_its_blanks_can_be_filled(path: Path) -> None:
    found = said(path)
    for code, named in [(f"error.{code}", named) for code, named in found.errors] + found.sentences:
        known(code)
        for language in wording.LANGUAGES:
            needed = {name.split(".")[0].split("[")[0] for name in blanks(wording.catalogue(language)[code])}
            assert named is None or needed <= named, f"{code} in {language} wants {needed - (named or set())}"
    for column in found.columns:
        known(f"column.{column}")


def test_the_codes_are_found_at_all() -> None:
    every = [said(path) for path in FILES]
    assert sum(len(one.errors) for one in every) > 60
    assert sum(len(one.sentences) for one in every) > 100
    assert sum(len(one.columns) for one in every) > 60


FORMS = [
    one for module in (forms, signing_forms) for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, forms.Worded)
]  # fmt: skip
"""Forms whose labels are put together from the names of their fields."""

ASSESSMENT_FORMS = [
    one for one in vars(assessment_forms).values()
    if isinstance(one, type) and issubclass(one, assessment_forms.Worded)
]  # fmt: skip
ASSESSMENT_FIELDS = sorted({name for form in ASSESSMENT_FORMS for name in form.base_fields})

FAMILIES = {
    "site.audit.subject.{}": sorted(
        {
            kind
            for file in (SOURCE / "site").rglob("*.py")
            for kind in re.findall(r'subject"?[=:] ?\("([a-z_]+)"', file.read_text(encoding="utf-8"))
        }
    ),
    "certificate_finding.{}": inspection.FINDINGS,
    "match_sign.{}": SIGNS,
    "screen_situation.{}": SITUATIONS,
    "policy_field.{}": POLICY_FIELDS,
    "site.fulfilment.proof.{}": deliveries.PROOFS,
    "site.fulfilment.proof_means.{}": deliveries.PROOFS,
    "site.fulfilment.standing.{}": delivery_words.TONES,
    "site.fulfilment.state.{}": followed.ELIGIBLE,
    "site.fulfilment.column.{}": deliveries_overview.COLUMNS,
    "site.fulfilment.{}": ["to_inspect", "open_points", "all", "passed", "not_passed"],
    "site.fulfilment.field.{}": InspectForm.base_fields,
    "site.screening.rollout.field.{}": [
        *tuning.PolicyForm.base_fields, "until", "tier_role", "tier_up_to", "small_item", "small_below", "share_item",
        "share_least",
    ],
    "site.screening.rollout.hint.{}": tuning.HINTED,
    "site.screening.rollout.part.{}": ["tiers", "small", "days", "shares", "override"],
    "site.screening.rollout.part_what.{}": ["tiers", "small", "days", "shares", "override"],
    "site.screening.rollout.state.{}": ["in_force", "ahead", "over", "replaced"],
    "site.screening.rollout.far.{}": ["denied", "ground_2"],
    "site.screening.rollout.mark.{}": ["begins", "running"],
    "site.screening.rollout.definition.{}": definitions.names(),
    "site.screening.rollout.step.{}": get_args(ScreeningStep),
    "site.screening.rollout.file.{}": rollout_pages.COLUMNS,
    "site.screening.ask.paper_{}": ["drop", "restore"],
    "site.screening.file.which.{}": [*ONE_EACH, "amount", "description", "amount_unit", "currency", "date_order"],
    "site.screening.file.why.{}": validate.ASIDE,
    "site.screening.ask.kind.{}": list(purchaser_answers.TONES),
    "site.screening.ask.next.{}": [*STATES_OF_A_REQUEST],
    "site.screening.ask.column.{}": own_requests.COLUMNS,
    "site.screening.ask.kind_of.{}": purchaser_forms.KINDS,
    "site.screening.ask.field.{}": sorted(
        {
            name
            for one in vars(purchaser_forms).values()
            if isinstance(one, type) and issubclass(one, purchaser_forms.Worded)
            for name in one.base_fields
        }
        | {"remove"}
    ),
    "site.screening.ask.help.{}": sorted(
        {
            name
            for one in vars(purchaser_forms).values()
            if isinstance(one, type) and issubclass(one, purchaser_forms.Worded)
            for name in one.helped
        }
    ),
    "site.screening.ask.wrong.{}": ["amount", "quantity"],
    "site.waits.screening_{}": own_requests.OWED,
    "site.screening.dossier.document.{}": ["sheet", "statement", "record"],
    "site.performance.column.{}": sorted(
        {
            key
            for path in (SOURCE / "site" / "performance").glob("*.py")
            for key in re.findall(r'Head\("(\w+)"', path.read_text(encoding="utf-8"))
        }
    ),
    "site.waits.{}": [*periods_waiting.TO_DO, *files_waiting.ASKING.values()],
    "site.step.{}": [step for step, _ in warming.WARMERS],
    "site.performance.tile.{}": ["share", "green", "eligible", "undetermined", "unknown", "rank", "missing"],
    "site.performance.tab.{}": figure_pages.TABS,
    "site.performance.grain.{}": GRAINS,
    "site.performance.level.{}": figure_levels.LEVELS,
    "site.performance.below.{}": figure_levels.LEVELS,
    "site.performance.below.outside_{}": figure_levels.LEVELS[:2],
    "site.performance.event.{}": events.KINDS,
    "site.performance.movers.why_not.{}": drivers.WHY,
    "site.performance.part.{}": opened_figure.PARTS,
    "site.performance.formula.{}": BASES,
    **{f"site.performance.counts.{basis}.{{}}": opened_figure.PARTS for basis in BASES},
    "site.performance.compare.{}": ["value", "low", "high", "denominator", "green", "undetermined", "unknown"],
    "site.performance.grounds.{}": [
        "definition", "basis", "scope", "period", "snapshot", "closing", "currency",
    ],
    "site.performance.quality.{}.title": ["undetermined", "unknown", "not_known", "materials_unknown"],
    "site.performance.quality.{}.means": ["undetermined", "unknown", "not_known", "materials_unknown"],
    "site.performance.potential.{}": ["sure", "possible"],
    "site.performance.release.level_{}": releases.Level.values,
    "site.performance.release.{}": ["city", "year", "level"],
    "site.performance.network.{}": ["title_of", "what"],
    "site.role.{}": roles.Role.values,
    "site.right.{}": roles.GRANTS,
    "site.accounts.state.{}": ["active", "inactive"],
    "site.accounts.role_state.{}": ["held", "planned", "ended"],
    "site.accounts.act.{}": ["deactivated", "reactivated", "second_factor_reset", "erased"],
    "site.accounts.consequence.{}": ["deactivated", "second_factor_reset", "erased"],
    "site.accounts.done.{}": [
        "deactivated", "second_factor_reset", "erased", "logged_in", "logged_out", "password_changed",
        "totp_activated", "totp_deactivated", "recovery_codes_generated",
    ],
    "site.accounts.refused.{}": adapter.CODES,
    "site.accounts.field.{}": sorted({name for form in FORMS for name in form.base_fields} | {"login"}),
    "site.accounts.help.{}": sorted({name for form in FORMS for name in form.helped}),
    "site.accounts.language.{}": ["browser", "ko", "en"],
    "site.periods.verb.{}": get_args(closing.Verb),
    "site.periods.means.{}": closing.STATES,
    "site.periods.ask_title.{}": get_args(closing.Verb),
    "site.periods.ask.{}": get_args(closing.Verb),
    "site.periods.done.{}": get_args(closing.Verb),
    "site.periods.notice.{}": get_args(closing.Verb),
    "site.periods.side.{}": ["sent", "now"],
    "site.periods.calendar.filter.{}": ["due", "late", "done"],
    "site.error.closing_step_{}": closing.STATES,
    "site.goals.mode.{}": MODES,
    "site.goals.by.{}": BY,
    "site.goals.rule.{}": BY,
    "site.goals.reference.{}": ["city", "best-peer"],
    "site.goals.why_none.{}": shares.WHY,
    "site.goals.plan_state.{}": ["open", "done", "dropped"],
    "site.goals.step_state.{}": ["done", "late", "due", "ahead"],
    "site.goals.forecast.{}": ["interval", "open"],
    "site.registry.{}": ["search.valid_only", "search.local_only", "field.group", "field.basis"],
    "site.registry.field.{}": [*found_products.COLUMNS, *item_groups.COLUMNS],
    "site.registry.state.{}": registry_words.TONES,
    "site.registry.status.{}": ["certified", "revoked", "given_up", "expired", "unknown"],
    "site.registry.line.{}": ["green", "not_green", "undetermined", "not_eligible", "not_known"],
    "site.registry.code.{}": ["class", "detail", "category"],
    "site.registry.upload.{}": UploadForm.base_fields,
    "site.registry.upload.{}_help": UploadForm.base_fields,
    "site.registry.guide.{}": [*GuideForm.base_fields, "as_registry", "yes", "no"],
    "site.registry.list.state.{}": registry_words.STEPS,
    "site.registry.action.{}": ["attached", "imported", "labelled", "restored", "taken_over", "organisations"],
    "site.registry.definition.kind.{}": ["national", "local"],
    "site.assessments.field.{}": ASSESSMENT_FIELDS,
    "site.assessments.help.{}": sorted({name for form in ASSESSMENT_FORMS for name in form.helped}),
    "site.assessments.stage.{}": projects.STAGES,
    "site.assessments.show.{}": assessment_forms.SHOWN,
    "site.assessments.point_state.{}": assessment_forms.STATES,
    "site.assessments.closed_how.{}": projects.CLOSED,
    "site.assessments.owed.{}": assessment.OBLIGATIONS,
    "site.assessments.cost.{}": assessment.COSTS,
    "site.assessments.point.{}": assessment.POINTS,
    "site.assessments.point_what.{}": assessment.POINTS,
    "site.assessments.required_state.{}": PROPORTIONED,
    "site.assessments.alternative.{}": ["sure", "possible", "none"],
    "site.assessments.supply.{}": ["furnished", "contracted"],
    "site.assessments.definition_kind.{}": ["national", "local"],
    "site.assessments.language.{}": wording.LANGUAGES,
    "site.assessments.change_of.{}": bills.CHANGES,
    "site.assessments.proof_found.{}": inspection.FINDINGS,
    "site.assessments.proof_told.{}": inspection.FINDINGS,
    "site.assessments.column.{}": assessment_pages.COLUMNS,
    "site.reviews.outcome.{}": reviews.Outcome.values,
    "site.reviews.state.{}": reviews.State.values,
    "site.reviews.said.{}": [
        "waits_second", "waits_publication", "confirmed", "returned", "withdrawn", "undone", "policy",
    ],
    "site.reviews.tab.{}": ["index", "waiting", "ready", "history", "policy", "upload"],
    "site.reviews.field.{}": [*(set(DecideForm.base_fields) - {"choice", "seen"}), "remark", "above", "file"],
    "site.reviews.help.{}": ["item_group", "document", "reason", "above", "file"],
    "site.organisations.verb.{}": tree_models.Verb.values,
    "site.organisations.explained.{}": tree_views.VERBS,
    "site.organisations.state.{}": ["applying", "applied", "undone"],
    "site.organisations.slip.{}": ["parent_unknown", "dates_swapped", "rows_overlap", "two_parents", "loop"],
    "site.organisations.note.{}": ["smaller", "gone", "bad_code", "same", "rejected"],
    "site.organisations.field.{}": sorted({name for form in tree_forms.Worded.__subclasses__()
                                           for name in form.base_fields}),
    "site.organisations.help.{}": sorted({name for form in tree_forms.Worded.__subclasses__()
                                          for name in form.helped}),
    "site.look.tone.{}": ["info", "good", "warn", "bad"],
    "site.webhooks.state.{}": hooks.HookState.values,
    "site.webhooks.delivery.{}": hooks.DeliveryState.values,
    "site.webhooks.event.{}": [*hook_events.EVENTS, hook_events.TEST],
    "site.webhooks.failure.{}": reaching.FAILURES,
    "site.webhooks.field.{}": HookForm.base_fields,
    "duty_state.{}": duties.STATES,
    "question.{}": changes.OUTCOMES,
    "closing.{}": closing.STATES,
    "closing_step.{}": get_args(closing.Verb),
    "closing_cause.{}": closings.CAUSES,
    "error.closing_step_{}": closing.STATES,
    "calendar.due_in_{}": ["before", "same", "after"],
    "help.calendar_{}": ["list", "rules", "choose", "done", "question", "changes"],
    "help.{}": ["targets", "calendar", "periods", "certificates", "organisations"],
    "help.periods_{}": ["list", "history", "differences", *get_args(closing.Verb)],
    "column.{}_sent": ["lines", "eligible", "green", "share"],
    "column.{}_now": ["lines", "eligible", "green", "share"],
    "usage.{}": [
        *usage.HEADINGS.values(), *(code for _, code in usage._REMARKS), *(code for code, _ in usage.MISTAKES),
        "options_blank", "command_blank",
    ],
    "reject.{}.reason": [*validate.REASONS, *DROPPED, "row_broken"],
    "reject.{}.remedy": [*validate.REASONS, *DROPPED, "row_broken"],
    "aside.{}": validate.ASIDE,
    "state_of.{}": STATES,
    "state.{}": get_args(State),
    "basis_of.{}": BASES,
    "column.{}": DIMENSIONS,
    "field.{}": FIELDS,
    "tree.{}": ["then", "now"],
    "kind.{}": ["goods", "works", "service"],
    "verdict.{}": ["decided", "undetermined", "out_of_scope"],
    "method.{}": [
        "identification_number", "certificate_number", "supplier_model", "name", "human", "class_code",
        "materials_not_known", "text", "none",
    ],
    "group_method.{}": ["detail_code", "class_code", "certificate", "hint", "text", "words", "human"],
    "map.order.{}": get_args(DateOrder),
    "map.evidence.{}": ["written", "decided_by_values", "assumed", "profile", "answered"],
    "map.changes.{}": ["none", "final_row", "sum_deltas"],
    "date_kind.{}": [name.removesuffix("_date") for name in validate.DATE_FIELDS],
    "basis.{}": sorted({basis for name in definitions.names() for basis in definitions.load(name).basis_names()}),
    "action.{}": ["import", "withdraw", "certificates", "decisions", "match", "organisations"],
    "account.{}": ["received", "accepted", "rejected", "of_which", "aside"],
    "registry_table.{}": list(schema.REGISTRY),
    "organisation_kind.{}": [
        "network", "city", "province", "headquarters", "district", "department", "institution",
    ],
    "decision_reject.{}": [
        "product_unknown", "outcome_unknown", "reason_missing", "author_missing", "item_group_unknown",
        "item_group_missing", "certificate_unknown", "evidence_missing", "date_bad",
    ],
    "because.{}": ["model_named", "model_absent", "no_group_fits", "registry_empty"],
    "step.{}": ["waiting", "reading", "staging", "posting", "matching", "published", "learning"],
    "standing.{}": get_args(Standing),
    "attainment_reason.{}": ["no_aim", "no_base", "no_result", "zero", "no_gap", "beyond"],
    "target_mode.{}": MODES,
    "target_remark.{}": ["aim_range", "lowered", "below_earlier", "below_result", "set_late", "set_after"],
    "suggested_by.{}": METHODS,
    "suggestion.{}": [
        "trend", "trend_falling", "trend_short", "best_peer", "is_best", "no_peer", "potential", "no_potential",
        "no_share",
    ],
    "core_choice.{}": get_args(Why),
    "core_items.{}": BY,
    "core_items.none.{}": BY,
    "core_items.why_not.{}": shares.WHY,
    "drivers.why_not.{}": drivers.WHY,
    "drivers.cause.{}": drivers.CAUSES,
    "drivers.presence.{}": [one for one in drivers.PRESENCES if one != "both"],
    "drivers.{}": ["counterfactual", "counterfactual_over", "method", "method_scopes", "bounds"],
    "grounds.{}": ["no_groups", "in_currency", "percent"],
    "drivers.moved.{}": ["up", "down", "same"],
    "drivers.apart.{}": ["up", "down", "same"],
    "network.reason.{}": [*network.REASONS, *network.NOTES],
    "network.mean.{}": network.PERS,
    "network.spread.{}": network.PERS,
    "network.{}": ["outside", "left_out"],
    "finding.{}": [code for rule in rules().values() for code in rule.findings],
    "remedy.{}": [code for rule in rules().values() for code in rule.findings],
    "check.{}.title": rules(),
    "check.{}.why": rules(),
    "check.{}.needs": rules(),
    "check_source.{}": get_args(Source),
    "severity_of.{}": get_args(Severity),
    "outcome_of.{}": get_args(Kind),
    "check_word.{}": [
        "total", "spending", "plan", "result", "target", "reported", "rising", "falling", "training", "academy",
        "meeting", "what_basis", "what_definition", "what_status", *(f"weekday_{day}" for day in range(7)),
        *(f"part_{name}" for name in figures.WORDED),
        *(f"member_{kind.replace(' ', '_') or 'any'}" for kind in programme.KINDS),
    ],
    "measure.{}": list(schemes.MEASURES),
    "unit_mark.{}": set(get_args(schemes.Unit)) - {"amount", "count"},
    "unit_kind.{}": scorecards.KINDS,
    "value_reason.{}": get_args(scorecard.Reason),
    "lever.{}": [one_more.GREEN, one_more.GROUNDS],
    "scorecard.more_{}": [one_more.GREEN, one_more.GROUNDS],
    "scorecard.how.{}": scorecards.KINDS,
    "scorecard.state.{}": ["too_little", "no_data"],
    "scorecard.below.{}": ["unranked", "zero"],
    "past_reason.{}": get_args(forecast.Reason),
    "forecast.{}": get_args(forecast.Need),
    "forecast.rest.{}": ["reached", "impossible"],
    "policy.{}": replay.POLICIES,
    "outcome.{}": replay.OUTCOMES,
    "outcome_means.{}": replay.OUTCOMES,
    "alternative.{}": replay.ALTERNATIVES,
    "screen_paper.title.{}": ["sheet", "statement", "clause"],
    "screen_paper.possible.{}": POSSIBLE,
    "screen_paper.signer.{}": SIGNERS,
    "screen_paper.act.{}": ACTS,
    "screen_paper.supplied.{}": ["contractor", "government"],
    "screen_outcome.{}": ["passed", *request._WORST_FIRST, *PASSING],
    "ground_mark.{}": NUMBERS,
    "ground.{}": NUMBERS,
    "ground_help.{}": NUMBERS,
    "ground_example.{}": NUMBERS,
    "evidence_of.{}": [code for one in grounds() for code in one.evidence],
    "sub_code.{}": [sub.code for one in grounds() for sub in one.sub_codes],
    "role.{}": ROLES,
    "request_field.{}": EXTRA,
    "reach.{}": ["yes", "no", "not_known"],
    "reconcile_reason.{}": [*reconciliation.REASONS, "no_item_group"],
    "reconcile.rate_{}": ["possible", "impossible"],
    "site.purchases.column.{}": import_pages.COLUMNS,
    "site.purchases.state.{}": [*uploads.State, *get_args(State)],
    "site.purchases.step.{}": ["file", "check", "done"],
    "site.purchases.vat.{}": ["unknown", "included", "excluded"],
    "site.purchases.remedy.{}": [*validate.REASONS, *DROPPED, "row_broken"],
    "organisation.{}": ["parent_unknown", "dates_swapped", "rows_overlap", "two_parents", "loop"],
}  # fmt: skip
"""Codes that are put together: what stands for the braces is all that the source can produce."""


@each(FAMILIES)
def test_every_code_that_is_put_together_is_worded(form: str) -> None:
    for value in FAMILIES[form]:
        known(form.format(value))


def test_every_method_that_sql_writes_is_known_here() -> None:
    text = (SOURCE / "ledger" / "verdicts.py").read_text(encoding="utf-8")
    text += (SOURCE / "ledger" / "lookup.py").read_text(encoding="utf-8")
    for method in ("identification_number", "materials_not_known", "certificate_number", "supplier_model"):
        assert method in text
    assert set(OUTCOMES) == {"green", "not_green", "out_of_scope"}


SENTENCE = re.compile(r"^[A-Z][a-z]+(?: [\w,'-]+){5,}[.!?]?$")
HANGUL = re.compile("[가-힣]")
MAY_HAVE_HANGUL = (
    "core/matching/", "core/organisations.py", "demo/", "sources/", "ledger/cataloguing.py", "ledger/evidence.py",
    "ledger/names.py", "site/config/settings.py", "site/example.py", "site/screening/example.py",
    "site/purchases/forms.py",
)  # fmt: skip
"""Where words that files contain (header words, legal forms, marks of currencies) are recognised, not said; where
a language is called by its own name; and the people of the example."""


@each(FILES)
def test_sentences_for_people_are_not_in_code(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, documented) and node.body
                  and isinstance(node.body[0], ast.Expr)}  # fmt: skip
    docstrings |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    name = path.relative_to(SOURCE).as_posix()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            assert not SENTENCE.match(node.value), f"line {node.lineno}: {node.value}"
            if not name.startswith(MAY_HAVE_HANGUL):
                assert not HANGUL.search(node.value), f"line {node.lineno}: {node.value}"
