using System.Text.Json.Nodes;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.Experiments.Claims;

/// <summary>Claims through the command line: listed, run in their quick form, judged, and reported.</summary>
[TestClass]
public sealed class ClaimsCommandTests
{
    static readonly TinyExperiment s_experiment = new();
    static TestTerminal s_run = null!;

    static string[] Places => ["--from", s_experiment["claims"], "--output", s_experiment["runs"]];

    [ClassInitialize]
    public static void Run(TestContext context)
    {
        Directory.CreateDirectory(s_experiment["claims/paper"]);
        File.WriteAllText(
            s_experiment["claims/paper/harm.yaml"],
            File.ReadAllText(s_experiment.Declaration)
                .Replace("name: tiny", "name: harm", StringComparison.Ordinal)
                .Replace("evaluation:", "evaluation:\n  baseline: false", StringComparison.Ordinal)
                + """

                claim: A network that is trained with much noise is worse.
                seed: [1, 2, 3, 4]
                sweep:
                  arms:
                    - {name: vanilla, set: {noise.latent: null}}
                    - {name: drowned, set: {noise.latent: null, noise.input: {family: gaussian, standardDeviation: 2000}}}
                evidence:
                  source: this test
                  compare: arms
                  supports: hurts
                  expected: it hurts
                  minutes: 1
                  quick: {training.epochs: 2}
                """
        );
        File.WriteAllText(
            s_experiment["claims/paper/optimum.yaml"],
            """
            name: optimum
            claim: No mixing of four rows exceeds ln 5 nats.
            source: this test
            command: [entropy-change, --counterexample, --size, "4", --json]
            figure: examples.4.paper
            atMost: 1.6095
            expected: it is not
            minutes: 1
            """
        );
        File.WriteAllText(
            s_experiment["claims/paper/entropy.yaml"],
            $$"""
            name: entropy
            claim: The entropy of the last layer rises.
            seed: [1, 2, 3]
            evidence:
              {source: this test, compare: zero, figure: dse-change, bandwidth: fixed, supports: helps, expected: e, minutes: 1}
            data: {directory: {{s_experiment.Images}}, imageSize: 8, validationFraction: 0.4}
            network: {architecture: perceptron, widths: [8, 4]}
            training: {epochs: 2, batchSize: 8, threads: 1}
            measure: {rows: 20, bandwidths: [fixed], sigma: 1, everyEpochs: 2, maxShare: 1}
            """
        );
        s_run = TestTerminal.Run(["claims", "run", "harm", "optimum", "entropy", "--quick", .. Places]);
    }

    [ClassCleanup]
    public static void Remove() => s_experiment.Dispose();

    static JsonNode Claim(string name) =>
        JsonNode
            .Parse(TestTerminal.Run(["claims", "--json", .. Places]).Output)!
            .AsArray()
            .Single(claim => claim!["name"]!.ToString() == name)!;

    [TestMethod]
    public void A_claim_gets_the_verdict_of_its_rule_with_all_that_it_rests_on()
    {
        Assert.AreEqual(0, s_run.ExitCode, s_run.Error);
        var claim = Claim("harm");

        Assert.AreEqual("quick", claim["form"]!.ToString());
        Assert.HasCount(4, claim["seeds"]!.AsArray());
        Assert.AreEqual(64, claim["dataset"]!["sha256"]!.ToString().Length);
        StringAssert.Contains(claim["rule"]!.ToString(), "'hurts'");
        var effect = claim["effects"]!.AsArray().Single()!;
        Assert.AreEqual("drowned minus vanilla", effect["name"]!.ToString());
        Assert.AreEqual(4, effect["effect"]!["count"]!.GetValue<int>());
        // The figures are those of the runs.
        double[] differences = [.. Enumerable.Range(1, 4).Select(seed => Test($"drowned.seed-{seed}") - Test($"vanilla.seed-{seed}"))];
        Assert.AreEqual(differences.Average(), effect["effect"]!["mean"]!.GetValue<double>(), 1e-12);
        Assert.AreEqual(
            effect["effect"]!["verdict"]!.ToString() switch
            {
                "hurts" => "supported",
                "open" => "open",
                _ => "refuted",
            },
            claim["verdict"]!.ToString()
        );

        static double Test(string trial) =>
            JsonNode.Parse(File.ReadAllText(s_experiment[$"runs/quick/paper/harm/{trial}/summary.json"]))!["runs"]![0]![
                "testAccuracy"
            ]!.GetValue<double>();
    }

    [TestMethod]
    public void An_entropy_is_judged_by_what_the_training_changed_in_the_last_layer_in_bits()
    {
        var claim = Claim("entropy");

        Assert.AreEqual("bits", claim["unit"]!.ToString());
        Assert.AreEqual(
            Enumerable.Range(1, 3).Average(seed => Dse(seed, "last") - Dse(seed, "first")),
            claim["effects"]![0]!["effect"]!["mean"]!.GetValue<double>(),
            1e-12
        );

        static double Dse(int seed, string when) =>
            JsonNode.Parse(File.ReadAllText(s_experiment[$"runs/quick/paper/entropy/seed-{seed}/summary.json"]))!["measured"]![0]![
                "layers"
            ]!.AsArray()[^1]![when]!["dse"]!.GetValue<double>();
    }

    [TestMethod]
    public void A_claim_that_a_command_settles_is_judged_by_its_figure()
    {
        var claim = Claim("optimum");

        Assert.AreEqual("refuted", claim["verdict"]!.ToString());
        // -(k - 1) ln a nats for k = 4 and a = 0.001, by the paper's formula.
        Assert.AreEqual(-3 * Math.Log(0.001), claim["figure"]!.GetValue<double>(), 1e-6);
    }

    [TestMethod]
    public void The_page_has_a_row_for_each_claim_and_links_to_its_run()
    {
        var page = File.ReadAllText(s_experiment["runs/claims.html"]);

        StringAssert.Contains(page, "<a href=\"quick/paper/harm/report.html\">harm</a>");
        StringAssert.Contains(page, "drowned minus vanilla");
        StringAssert.Contains(page, "1 refuted");
        StringAssert.Contains(s_run.Output, "claims.html");
    }

    [TestMethod]
    public void What_has_been_run_is_not_run_again_and_what_has_changed_counts_for_nothing()
    {
        var again = TestTerminal.Run(["claims", "run", "harm", "--quick", .. Places]);
        Assert.AreEqual((0, ""), (again.ExitCode, again.Error));

        var file = s_experiment["claims/paper/harm.yaml"];
        var text = File.ReadAllText(file);
        try
        {
            File.WriteAllText(file, text.Replace("expected: it hurts", "expected: it surely hurts", StringComparison.Ordinal));
            Assert.AreEqual("quick", Claim("harm")["form"]!.ToString(), "other words change nothing");
            File.WriteAllText(file, text.Replace("supports: hurts", "supports: helps", StringComparison.Ordinal));
            Assert.IsNull(Claim("harm")["verdict"], "the rule was made after the run");
            File.WriteAllText(file, text);
            var declaration = s_experiment["runs/quick/paper/harm/experiment.yaml"];
            var declared = File.ReadAllText(declaration);
            File.WriteAllText(declaration, $"{declared}keyOfAnotherVersion: 1\n");
            Assert.IsNull(Claim("harm")["verdict"], "another version of the program has made the run");
            File.WriteAllText(declaration, declared);
        }
        finally
        {
            File.WriteAllText(file, text);
        }
    }

    [TestMethod]
    public void An_unknown_claim_is_answered_with_what_was_meant()
    {
        var run = TestTerminal.Run(["claims", "run", "harn", .. Places]);

        Assert.AreEqual(ExitCode.Misused, run.ExitCode);
        StringAssert.Contains(run.ErrorLines.Single(), "did you mean 'harm'?");
    }
}
