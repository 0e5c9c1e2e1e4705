"""Holds the advice on base logs against what was measured. Pure functions; trial.py calls them.

The definitions are those of README.md. A difference counts only where the runs of the two sides do not overlap.
"""
import dataclasses
import statistics

OPPORTUNITY = 0.10      # gains at least so much, beyond noise: should be advised
HARM = -0.05            # loses more than that, beyond noise: must not be advised
CLEAN = 0.05            # a workload of which no intervention gains so much


@dataclasses.dataclass(frozen=True)
class Effect:
    """What an intervention did: share of the base's median time that it saved, and whether the sides are apart."""
    gain: float
    saved_ms: float
    beyond_noise: bool

    @property
    def opportunity(self):
        return self.beyond_noise and self.gain >= OPPORTUNITY

    @property
    def harmful(self):
        return self.beyond_noise and self.gain < HARM


def effect(base, other):
    """Of two lists of durations."""
    middle = statistics.median(base)
    saved = middle - statistics.median(other)
    apart = max(other) < min(base) or max(base) < min(other)
    return Effect(saved / middle, saved, apart and min(len(base), len(other)) >= 2)


def settled(base, other):
    """Whether more runs would tell nothing new: the sides are apart, or both are steady and alike."""
    if len(base) < 2 or len(other) < 2:
        return False
    steady = all(max(side) - min(side) <= 0.05 * min(side) for side in (base, other))
    return effect(base, other).beyond_noise or (steady and abs(effect(base, other).gain) < 0.04)


# ---------------------------------------------------------------- advice

def moved(change, key, direction):
    """Whether a change of a recommendation moves the setting in this direction."""
    if change.get("kind") != "conf" or change.get("key") != key:
        return False
    before, after = change.get("from"), str(change.get("to", ""))
    if direction in ("true", "false"):
        return after.lower() == direction
    if direction == "set":
        return True
    old, new = size(before), size(after)
    if old is None or new is None:
        return False
    old, new = (float("-inf") if old < 0 else old), (float("-inf") if new < 0 else new)      # -1: switched off
    return new < old if direction == "less" else new > old


def size(text):
    """A number with Spark's suffixes, or None."""
    if text is None:
        return None
    digits = text.strip().lower().rstrip("b")
    factor = {"k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40, "s": 1000}.get(digits[-1:], 1)
    try:
        return float(digits.rstrip("kmgts")) * factor
    except ValueError:
        return None


def asks_for(recommendation, intervention):
    rule = recommendation["rule"].rpartition(".")[2]
    return rule in intervention.advices or any(
        moved(change, key, direction) for change in recommendation["changes"] for key, direction in intervention.settings)


def chosen(report):
    return [one for one in report["recommendations"] if one["chosen"]]


def advised(report, interventions):
    """Names of the interventions that chosen recommendations ask for, in the order of the report."""
    names = []
    for recommendation in chosen(report):
        for intervention in interventions:
            if intervention.name not in names and asks_for(recommendation, intervention):
                names.append(intervention.name)
    return names


def bound_of(report, intervention):
    """The largest upper bound of the findings that recommendations for this intervention serve, ms; None: not estimated."""
    served = {finding for one in chosen(report) if asks_for(one, intervention) for finding in one["for"]}
    bounds = [one["impact"]["time_ms"]["high"] for one in report["findings"] if one["id"] in served]
    return max((bound for bound in bounds if bound is not None), default=None)


def first_cause_asks_for(report, intervention):
    """Whether the first finding that stands for itself is remedied by this intervention: by what is chosen, or by what the
    report names as its alternative."""
    standing = [one for one in report["findings"] if one["explained_by"] is None and one["severity"] != "info"]
    return bool(standing) and any(standing[0]["id"] in one["for"] and asks_for(one, intervention) for one in report["recommendations"])


def named(report, interventions):
    """Names of the interventions that the report asks for, or names as an alternative that it weighed and did not choose."""
    return [intervention.name for intervention in interventions
            if any(one["saving"] is not None and asks_for(one, intervention) for one in report["recommendations"])]


def alarms(report):
    return sum(one["explained_by"] is None and one["severity"] in ("medium", "high", "critical") for one in report["findings"])


# ---------------------------------------------------------------- figures

@dataclasses.dataclass
class Figures:
    workloads: int = 0
    opportunities: int = 0
    opportunities_advised: int = 0
    opportunities_named: int = 0
    advices: int = 0
    advices_gain: int = 0
    advices_neutral: int = 0
    advices_harmful: int = 0
    regrets: list = dataclasses.field(default_factory=list)
    bounds: int = 0
    bounds_held: int = 0
    bound_ratios: list = dataclasses.field(default_factory=list)
    with_cause: int = 0
    first_right: int = 0
    clean: int = 0
    clean_alarms: int = 0


@dataclasses.dataclass
class Judged:
    """One workload: what was measured and what was said. `plan`: effect of all advised interventions together."""
    name: str
    effects: dict               # name of the intervention -> Effect
    advised: list
    bounds: dict                # of advised interventions: upper bound, ms, or None
    first: bool | None          # whether the first cause asks for the best intervention; None: there is none
    alarms: int
    plan: Effect | None
    named: list = dataclasses.field(default_factory=list)       # the advised ones, and weighed alternatives


def judge(name, interventions, base, runs, report):
    """`runs`: durations by name of the intervention, and under "plan" those of the advised ones together."""
    effects = {one.name: effect(base, runs[one.name]) for one in interventions if len(runs.get(one.name, [])) >= 2}
    names = [one for one in advised(report, interventions) if one in effects]
    by_name = {one.name: one for one in interventions}
    best = max(effects, key=lambda one: effects[one].gain, default=None)
    first = first_cause_asks_for(report, by_name[best]) if best and effects[best].opportunity else None
    plan = effect(base, runs["plan"]) if len(runs.get("plan", [])) >= 2 else effects.get(names[0]) if len(names) == 1 else None
    bounds = {one: bound_of(report, by_name[one]) for one in names}
    return Judged(name, effects, names, bounds, first, alarms(report), plan, named(report, interventions))


def figures(judged):
    total = Figures()
    for one in judged:
        total.workloads += 1
        for name, measured in one.effects.items():
            if measured.opportunity:
                total.opportunities += 1
                total.opportunities_advised += name in one.advised
                total.opportunities_named += name in one.advised or name in one.named
        for name in one.advised:
            measured = one.effects[name]
            total.advices += 1
            total.advices_gain += measured.beyond_noise and measured.gain > 0
            total.advices_harmful += measured.harmful
            total.advices_neutral += not measured.harmful and not (measured.beyond_noise and measured.gain > 0)
            if measured.opportunity and one.bounds.get(name) is not None:
                total.bounds += 1
                total.bounds_held += measured.saved_ms <= one.bounds[name]
                total.bound_ratios.append(one.bounds[name] / measured.saved_ms)
        total.with_cause += one.first is not None
        total.first_right += bool(one.first)
        best = max([measured.gain for measured in one.effects.values()] + ([one.plan.gain] if one.plan else []), default=0.0)
        if all(not measured.beyond_noise or measured.gain < CLEAN for measured in one.effects.values()):
            total.clean += 1
            total.clean_alarms += one.alarms
        elif best >= OPPORTUNITY:
            followed = one.plan.gain if one.plan else 0.0
            total.regrets.append(max(0.0, (best - followed) / best))
    return total


def share(part, whole):
    return f"{part} of {whole}" + (f" ({part / whole:.0%})" if whole else "")


def table(total):
    """The figures as lines of text."""
    middle = lambda values, form: form.format(statistics.median(values)) if values else "none"
    return [
        ("workloads", str(total.workloads)),
        ("recall of opportunities", share(total.opportunities_advised, total.opportunities)),
        ("... or named as an alternative", share(total.opportunities_named, total.opportunities)),
        ("advices that gain", share(total.advices_gain, total.advices)),
        ("advices that are neutral", share(total.advices_neutral, total.advices)),
        ("advices that hurt", share(total.advices_harmful, total.advices)),
        ("first cause is that of the best change", share(total.first_right, total.with_cause)),
        ("median regret", middle(total.regrets, "{:.0%}") + f" over {len(total.regrets)}"),
        ("bound holds", share(total.bounds_held, total.bounds)),
        ("median bound / gain", middle(total.bound_ratios, "{:.1f}")),
        ("findings of medium or more on clean workloads", f"{total.clean_alarms} on {total.clean}"),
    ]
