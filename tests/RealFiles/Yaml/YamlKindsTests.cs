using System.Text;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Yaml;

namespace NoisyNN.Tests.RealFiles.Yaml;

/// <summary>
/// Words that versions of YAML and people read differently: they are read as meant, or refused with the line and what to write.
/// </summary>
[TestClass]
public sealed class YamlKindsTests
{
    [TestMethod]
    [DataRow("true", true)]
    [DataRow("False", false)]
    [DataRow("TRUE", true)]
    public void Truth_values_are_those_of_the_core_schema(string word, bool value) =>
        Assert.AreEqual(value, Parse($"evaluation: {{baseline: {word}}}").Evaluation.Baseline);

    [TestMethod]
    [DataRow("evaluation: {baseline: no}", "evaluation.baseline takes true or false, not 'no'; write false")]
    [DataRow("evaluation: {baseline: On}", "evaluation.baseline takes true or false, not 'On'; write true")]
    [DataRow("evaluation: {baseline: 'false'}", "takes true or false, not the text 'false'; leave out the quotes")]
    [DataRow(
        "training: {batchSize: 010}",
        "not '010'; versions of YAML read it as octal or as decimal; if it is decimal, leave out the 0 in front"
    )]
    [DataRow("training: {learningRate: 010}", "if it is decimal, leave out the 0 in front")]
    [DataRow("training: {batchSize: 0x10}", "not '0x10'; write 16")]
    [DataRow("training: {batchSize: 1_000}", "not '1_000'; write 1000")]
    [DataRow("training: {epochs: 1e0}", "not '1e0'; write 1")]
    [DataRow("training: {epochs: 2.0}", "not '2.0'; write 2")]
    [DataRow("training: {epochs: 1.5}", "training.epochs takes a whole number, not '1.5'")]
    [DataRow("training: {epochs: \"1\"}", "not the text '1'; leave out the quotes")]
    [DataRow("training: {epochs: 1:30}", "training.epochs takes a whole number, not '1:30'")]
    [DataRow("training: {epochs: 2024-01-01}", "training.epochs takes a whole number, not '2024-01-01'")]
    [DataRow("training: {learningRate: .inf}", "training.learningRate takes a number, not '.inf'")]
    [DataRow("training: {learningRate: 1,5}", "unknown key '5'")]
    [DataRow("seed: 99999999999", "not '99999999999'; whole numbers from -2147483648 to 2147483647 are read")]
    public void Words_with_two_meanings_are_refused_with_what_to_write(string line, string message)
    {
        var refusal = Refusal($"name: x\ndata: {{directory: d}}\n{line}\n");
        StringAssert.StartsWith(refusal, "x.yaml:3: ");
        StringAssert.Contains(refusal, message);
    }

    [TestMethod]
    public void Numbers_are_decimal_with_or_without_figures_before_the_point()
    {
        Assert.AreEqual(0.001, Parse("training: {learningRate: 1e-3}").Training.LearningRate);
        Assert.AreEqual(0.5, Parse("training: {learningRate: .5}").Training.LearningRate);
        Assert.AreEqual(0.05, Parse("training: {learningRate: +5.E-2}").Training.LearningRate);
        CollectionAssert.AreEqual(new[] { -5 }, Parse("seed: -5").Seeds.ToArray());
    }

    [TestMethod]
    [DataRow("no")]
    [DataRow("2024-01-01")]
    [DataRow("1e3")]
    [DataRow("0x10")]
    [DataRow("true")]
    public void Text_stays_text(string name) =>
        Assert.AreEqual(name, ExperimentFile.Parse($"name: {name}\ndata: {{directory: d}}\n", "x.yaml").Experiment.Name);

    [TestMethod]
    [DataRow("null")]
    [DataRow("~")]
    [DataRow("Null")]
    [DataRow("")]
    public void Nothing_is_no_text(string word)
    {
        Assert.AreEqual("x.yaml:1: name takes text, not nothing", Refusal($"name: {word}\ndata: {{directory: d}}\n"));
        Assert.IsNull(Parse($"claim: {word}").Claim);
        Assert.AreEqual(word, Parse($"claim: '{word}'").Claim);
    }

    [TestMethod]
    [DataRow("null")]
    [DataRow("~")]
    [DataRow("It helps.")]
    [DataRow("It helps...")]
    [DataRow("a: b #c")]
    [DataRow("- x")]
    [DataRow("two\nlines.\n")]
    [DataRow(" blanks ")]
    [DataRow("tab\there, bell \a, é, \u2028")]
    [DataRow("<<")]
    [DataRow("yes")]
    [DataRow("")]
    public void What_is_written_down_reads_back(string claim)
    {
        var written = RecordWriter.Write(Parse("") with { Claim = claim });
        Assert.AreEqual(claim, ExperimentFile.Parse(written, "written.yaml").Experiment.Claim, written);
    }

    [TestMethod]
    public void A_merge_key_adds_what_a_section_does_not_have()
    {
        var experiment = Parse("training:\n  <<: &t {learningRate: 0.25, epochs: 9}\n  epochs: 2\n");
        Assert.AreEqual((0.25, 2), (experiment.Training.LearningRate, experiment.Training.MaxEpoch));
        experiment = Parse("training:\n  <<: [{epochs: 3}, {epochs: 4, batchSize: 8}]\n");
        Assert.AreEqual((3, 8), (experiment.Training.MaxEpoch, experiment.Training.BatchSize));
        StringAssert.Contains(Refusal("name: x\ndata: {directory: d}\ntraining:\n  <<: 3\n"), "x.yaml:4: unknown key '<<' in training");
    }

    [TestMethod]
    public void An_anchor_within_braces_is_refused_with_the_remedy()
    {
        var refusal = Refusal("name: x\ndata: {directory: d}\ntraining: {epochs: &n 1, batchSize: 8}\n");
        StringAssert.StartsWith(refusal, "x.yaml:3: not valid YAML");
        StringAssert.EndsWith(refusal, "Anchors within braces are not supported: write the section on lines of its own.");
    }

    [TestMethod]
    public void Anchors_are_read_in_lines_of_their_own()
    {
        var experiment = Parse("training:\n  epochs: &n 3\nnetwork:\n  depth: *n\n");
        Assert.AreEqual((3, 3), (experiment.Training.MaxEpoch, ((NoisyViTConfiguration)experiment.Network.Configuration).Depth));
    }

    [TestMethod]
    [DataRow("training:\n\tepochs: 1\n", "x.yaml:4: not valid YAML: the line is indented with a tab; use spaces")]
    [DataRow("seed: 1\nseed: 2\n", "x.yaml:4: not valid YAML: Duplicate key seed")]
    [DataRow("---\nname: y\n", "x.yaml:4: one file declares one thing; remove the line '---' and what follows")]
    [DataRow("na\u00efve: 1\n", "x.yaml:3: unknown key 'na\u00efve' in the experiment; did you mean 'name'?")]
    public void What_is_not_right_is_refused_with_its_line(string lines, string message) =>
        StringAssert.StartsWith(Refusal($"name: x\ndata: {{directory: d}}\n{lines}"), message);

    [TestMethod]
    public void Every_encoding_of_Unicode_is_read_and_other_bytes_are_named_by_line()
    {
        using var folder = new TemporaryFolder();
        const string text = "name: x\ndata: {directory: d}\nclaim: café\n";
        foreach (
            var encoding in (Encoding[])
                [new UTF8Encoding(true), new UTF8Encoding(false), Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32]
        )
            Assert.AreEqual(
                "café",
                ExperimentFile.Load(folder.Write("x.yaml", [.. encoding.GetPreamble(), .. encoding.GetBytes(text)])).Experiment.Claim,
                encoding.WebName
            );
        Assert.AreEqual(
            "café",
            ExperimentFile
                .Load(folder.Write("x.yaml", Encoding.UTF8.GetBytes(text.Replace("\n", "\r\n", StringComparison.Ordinal))))
                .Experiment.Claim
        );

        var refusal = Assert
            .ThrowsExactly<DeclarationException>(() => ExperimentFile.Load(folder.Write("x.yaml", Encoding.Latin1.GetBytes(text))))
            .Message;
        Assert.AreEqual(
            $"{folder["x.yaml"]}: line 3: the bytes there are not UTF-8. Save the file as UTF-8; it may be in Latin-1 or Windows-1252.",
            refusal
        );
        StringAssert.Contains(
            Assert
                .ThrowsExactly<DeclarationException>(() => ExperimentFile.Load(folder.Write("big.yaml", new byte[(1 << 24) + 1])))
                .Message,
            "big.yaml"
        );
    }

    static Experiment Parse(string lines) => ExperimentFile.Parse($"name: x\ndata: {{directory: d}}\n{lines}\n", "x.yaml").Experiment;

    static string Refusal(string text) => Assert.ThrowsExactly<DeclarationException>(() => ExperimentFile.Parse(text, "x.yaml")).Message;
}
