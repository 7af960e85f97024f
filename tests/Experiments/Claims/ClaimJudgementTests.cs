using NoisyNN.Pipelines.Experiments.Claims;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Tests.Experiments.Claims;

/// <summary>From verdicts on comparisons to the verdict on a claim.</summary>
[TestClass]
public sealed class ClaimJudgementTests
{
    static EvidenceSection Evidence(Quantifier needs) =>
        new("a paper", Contrast.Arms, EffectVerdict.Helps, "helps", Minutes: 1, Needs: needs);

    [TestMethod]
    [DataRow(Quantifier.All, ClaimVerdict.Supported, EffectVerdict.Helps, EffectVerdict.Helps)]
    [DataRow(Quantifier.All, ClaimVerdict.Open, EffectVerdict.Helps, EffectVerdict.Open)]
    [DataRow(Quantifier.All, ClaimVerdict.Refuted, EffectVerdict.Open, EffectVerdict.NoEffect)]
    [DataRow(Quantifier.All, ClaimVerdict.Refuted, EffectVerdict.Helps, EffectVerdict.Hurts)]
    [DataRow(Quantifier.Any, ClaimVerdict.Supported, EffectVerdict.Hurts, EffectVerdict.Helps)]
    [DataRow(Quantifier.Any, ClaimVerdict.Open, EffectVerdict.Hurts, EffectVerdict.Open)]
    [DataRow(Quantifier.Any, ClaimVerdict.Refuted, EffectVerdict.Hurts, EffectVerdict.NoEffect)]
    public void A_claim_is_refuted_only_by_comparisons_that_say_something(
        Quantifier needs,
        ClaimVerdict verdict,
        EffectVerdict first,
        EffectVerdict second
    ) => Assert.AreEqual(verdict, ClaimJudgement.Verdict([first, second], Evidence(needs)));

    [TestMethod]
    [DataRow(1.0, 2.0, ClaimVerdict.Supported)]
    [DataRow(0.5, 2.0, ClaimVerdict.Open)]
    [DataRow(0.5, 0.9, ClaimVerdict.Refuted)]
    [DataRow(3.1, 4.0, ClaimVerdict.Refuted)]
    public void A_figure_is_judged_by_its_whole_interval(double low, double high, ClaimVerdict verdict) =>
        Assert.AreEqual(
            verdict,
            new CommandClaim("name", "claim", "source", ["x"], "a", "expected", 1, AtLeast: 1, AtMost: 3).Judge(low, high)
        );

    [TestMethod]
    [DataRow(null, null, "supported if the figure is at least 1; refuted if none of it is, else open")]
    [DataRow(0.5, null, "supported if the figure ± 0.5 is at least 1; refuted if none of it is, else open")]
    [DataRow(0.5, 3.0, "supported if the figure ± 0.5 is at least 1 and at most 3; refuted if none of it is, else open")]
    public void The_rule_is_told_in_words(double? margin, double? atMost, string words) =>
        Assert.AreEqual(
            words,
            new CommandClaim("name", "claim", "source", ["x"], "a", "expected", 1, Margin: margin ?? 0, AtLeast: 1, AtMost: atMost).Rule
        );

    [TestMethod]
    public void An_open_question_supports_no_claim() =>
        Assert.ThrowsExactly<ArgumentException>(() => new EvidenceSection("a paper", Contrast.Arms, EffectVerdict.Open, "", 1));

    [TestMethod]
    public void Every_claim_of_the_program_has_two_forms_that_are_valid_and_the_quick_one_asks_for_less()
    {
        var claims = ClaimFile.LoadAll(Path.Combine(AppContext.BaseDirectory, "configs", "claims"));

        Assert.IsGreaterThanOrEqualTo(6, claims.Count);
        foreach (var claim in claims.Where(claim => claim.Command is null))
        {
            Assert.IsLessThanOrEqualTo(30, claim.Minutes, claim.Name);
            Assert.AreNotEqual(
                claim.Experiment(isQuick: false).Effective,
                claim.Experiment(isQuick: true).Effective,
                $"{claim.Name} has no quick form"
            );
        }
    }

    [TestMethod]
    [DataRow("name: a\ndata: {manifest: fashion-mnist}\nclaim: x", "a claim needs 'claim' and 'evidence'")]
    [DataRow(
        "name: a\ndata: {manifest: fashion-mnist}\nclaim: x\nevidence: {source: s, compare: zero, supports: helps, expected: e, minutes: 1}",
        "one training settles no claim"
    )]
    [DataRow("name: a\nclaim: x\nsource: s\ncommand: [a]\nfigure: b\nexpected: e\nminutes: 1", "give 'atLeast' or 'atMost'")]
    [DataRow(
        "name: a\nclaim: x\nseed: [1, 2]\ndata: {manifest: fashion-mnist}\n"
            + "evidence: {source: s, compare: zero, supports: helps, expected: e, minutes: 1, quick: {training.epoch: 1}}",
        "unknown key 'epoch' in training"
    )]
    public void A_file_that_settles_nothing_is_refused(string text, string message)
    {
        using var folder = new TemporaryFolder();

        StringAssert.Contains(
            Assert
                .ThrowsExactly<DeclarationException>(() =>
                    ClaimFile.Load(folder.Write("paper/a.yaml", System.Text.Encoding.UTF8.GetBytes(text)))
                )
                .Message,
            message
        );
    }
}
