using System.Text;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Data.Manifests;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.RealFiles.Yaml;

/// <summary>Text that would take the stack, the memory or the time of whoever builds nodes from it.</summary>
[TestClass]
public sealed class YamlDepthTests
{
    const int Depth = 30_000;

    [TestMethod]
    [DataRow("a: ", "[", "")]
    [DataRow("a: ", "[", "]")]
    [DataRow("a: ", "{a: ", "")]
    [DataRow("a: ", "{a: ", "}")]
    [DataRow("", "{", "")]
    [DataRow("", "- ", "")]
    [DataRow("", "? ", "")]
    [DataRow("", "? [", "")]
    [DataRow("", "- ? ", "")]
    [DataRow("", "- a: ", "")]
    public void Nesting_is_counted_before_anything_is_built(string start, string open, string close)
    {
        var text = start + Repeated(open) + Repeated(close);
        var refusal = Refusal(text);
        // Some of these forms are not YAML at all; none of them is an overflow.
        Assert.IsTrue(
            refusal.StartsWith("deep.yaml:1: nested more than 64 levels deep", StringComparison.Ordinal)
                || refusal.StartsWith("deep.yaml:1: not valid YAML", StringComparison.Ordinal),
            refusal
        );
    }

    [TestMethod]
    public void Lines_that_are_indented_ever_deeper_are_refused_with_the_line()
    {
        var text = new StringBuilder();
        for (var level = 0; level < 3000; level++)
            text.Append(' ', level).Append("a:\n");
        Assert.AreEqual("deep.yaml:65: nested more than 64 levels deep; a declaration needs 6 at most", Refusal(text.ToString()));
    }

    [TestMethod]
    public void An_override_is_counted_too_and_its_message_stays_short()
    {
        var run = TestTerminal.Run("train", "nowhere.yaml", "--set", $"training={Repeated("{a: ")}");
        StringAssert.Contains(run.ErrorLines.Single(), "nowhere.yaml");
        var refusal = Assert
            .ThrowsExactly<DeclarationException>(() => ExperimentFile.Parse("name: x\n", "x.yaml", [$"training={Repeated("{a: ")}"]))
            .Message;
        StringAssert.Contains(refusal, "…: the value is nested more than 64 levels deep");
        Assert.IsLessThan(300, refusal.Length);
        StringAssert.Contains(
            Assert
                .ThrowsExactly<DeclarationException>(() =>
                    ExperimentFile.Parse("name: x\ndata: {directory: d}\n", "x.yaml", [$"training.{Repeated("a.")}b=1"])
                )
                .Message,
            "unknown key 'a' in training"
        );
        var noise = TestTerminal.Run("screen", "--data", "x", "--noise", $"quality-matrix:q={Repeated("[")}");
        Assert.AreEqual(ExitCode.Misused, noise.ExitCode);
        StringAssert.Contains(noise.ErrorLines.Single(), "the value is nested more than 64 levels deep");
    }

    [TestMethod]
    public void Aliases_that_repeat_each_other_are_counted_as_what_they_stand_for()
    {
        var text = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x, x]\n");
        foreach (var (previous, next) in "abcdefgh".Zip("bcdefghi"))
            text.Append($"{next}: &{next} [{string.Join(", ", Enumerable.Repeat($"*{previous}", 10))}]\n");
        Assert.AreEqual(
            "deep.yaml:5: too long: it has more than 100000 values, including those that aliases repeat",
            Refusal(text.ToString())
        );
        // As a key, whose hash would visit every one of them.
        StringAssert.Contains(Refusal($"{text}? *i\n: 1\n"), "too long");
    }

    [TestMethod]
    [DataRow("name: y\ndata: &d\n  directory: *d\n", 3)]
    [DataRow("pipeline: &p [*p]\nname: y\n", 1)]
    [DataRow("&r\nname: y\n? *r\n: 1\n", 3)]
    public void An_alias_inside_of_what_it_repeats_has_no_end(string text, int line) =>
        StringAssert.StartsWith(Refusal(text), $"deep.yaml:{line}: endless: the alias *");

    [TestMethod]
    public void Lists_are_bounded()
    {
        StringAssert.Contains(
            Refusal($"name: x\ndata: {{directory: d}}\nseed: [{string.Join(',', Enumerable.Range(0, 200_000))}]\n"),
            "deep.yaml:3: too long: it has more than 100000 values"
        );
        StringAssert.Contains(
            Refusal($"name: x\ndata: {{directory: d}}\nseed: [{string.Join(',', Enumerable.Range(0, 1001))}]\n"),
            "deep.yaml:3: the experiment: the list has 1001 seeds; at most 1000 are allowed"
        );
        Assert.HasCount(
            1000,
            ExperimentFile
                .Parse($"name: x\ndata: {{directory: d}}\nseed: [{string.Join(',', Enumerable.Range(0, 1000))}]\n", "x.yaml")
                .Experiment.Seeds
        );
    }

    [TestMethod]
    public void Files_of_JSON_that_are_nested_deep_are_refused_in_one_line()
    {
        using var folder = new TemporaryFolder();
        foreach (var text in (string[])[Repeated("["), Repeated("{\"a\":"), Repeated("[") + Repeated("]")])
        {
            folder.Write("croissant.json", Encoding.UTF8.GetBytes(text));
            StringAssert.Contains(
                Assert.ThrowsExactly<InvalidDataException>(() => DataManifest.Read(folder["croissant.json"])).Message,
                "not valid JSON"
            );
        }
    }

    [TestMethod]
    public void A_summary_that_is_nested_deep_or_repeats_a_key_is_named()
    {
        using var experiment = new TinyExperiment();
        Assert.AreEqual(
            0,
            TestTerminal.Run("train", experiment.Declaration, "--output", experiment.Runs, "--set", "training.epochs=1").ExitCode
        );
        foreach (var text in (string[])[Repeated("["), "{\"dataset\": {}, \"dataset\": {}}", "{\"dataset\": [1]}"])
        {
            File.WriteAllText(experiment["runs/tiny/summary.json"], text);
            var run = TestTerminal.Run("evaluate", experiment["runs/tiny"]);
            Assert.AreEqual(ExitCode.Failed, run.ExitCode, run.Error);
            StringAssert.Contains(run.ErrorLines.Single(), "summary.json is damaged");
        }
    }

    static string Repeated(string text) => new StringBuilder().Insert(0, text, text.Length == 0 ? 0 : Depth).ToString();

    static string Refusal(string text) => Assert.ThrowsExactly<DeclarationException>(() => ExperimentFile.Parse(text, "deep.yaml")).Message;
}
