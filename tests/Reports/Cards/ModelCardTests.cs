using NoisyNN.Pipelines.Reports;
using NoisyNN.Pipelines.Reports.Cards;
using YamlDotNet.RepresentationModel;

namespace NoisyNN.Tests.Reports.Cards;

/// <summary>The card beside an exported model, from a summary alone.</summary>
[TestClass]
public sealed class ModelCardTests
{
    static Summary Example(string label = "boots", string data = "photos") =>
        new()
        {
            Name = "demo",
            Finished = new DateTimeOffset(2026, 1, 2, 3, 4, 0, TimeSpan.Zero),
            TotalSeconds = 200,
            Engines = new("5.0.1", "0.107.0, libtorch 2.10.0", "1.31.1", "cpu", 2),
            Command = "./noisynn train 'my file.yaml'",
            Seed = 7,
            Dataset = new(data, 720, 80, 200, new string('a', 64))
            {
                Shape = [3, 28, 28],
                Classes = [new(label, 360, 40, 180), new("rare", 360, 40, 20)],
                Notes = ["12 files have equal content."],
            },
            Runs =
            [
                new("vanilla", "no noise", 0.88, 0.87, 0.8163, 0.9097, 6, 6, 71, 4600, 203_000),
                new("noisy", "circular-shift (strength 0.3)", 0.88, 0.845, 0.7884, 0.8886, 6, 5, 74, 4400, 203_000)
                {
                    Classification = new(
                        new(0.845, 0.7884, 0.8886),
                        null,
                        0.845,
                        0.8415,
                        [
                            new(label, 180, 170, new(0.9, 0.8, 0.95), new(0.9, 0.8, 0.95), new(0.9, 0.8, 0.95)),
                            new("rare", 20, 30, new(0.5, 0.3, 0.7), new(0.5, 0.3, 0.7), new(0.5, 0.3, 0.7)),
                        ],
                        [],
                        new(0.4707, 0.2, 0.0593, [])
                    )
                    {
                        Scaled = new(1.25, 0.45, 0.041),
                    },
                },
            ],
            Difference = new("noisy minus vanilla", -0.025, -0.06, 0.01, 5, 10),
            Protocol = [new("off", "sorted", 64, 0.87, 0, 1)],
            Leaks = [],
            BatchInvariance = 9.5e-7,
            Verdict = "The gain is an artefact of class-sorted batches.",
            Onnx = new("model.onnx", 17, 3.2e-6, 0.845, 5400, 64),
        };

    /// <summary>The head of the card, read by YamlDotNet.</summary>
    static YamlMappingNode FrontMatter(string card)
    {
        Assert.StartsWith("---\n", card);
        var yaml = new YamlStream();
        yaml.Load(new StringReader(card.Split("---\n")[1]));
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    [TestMethod]
    public void The_head_has_the_keys_of_Hugging_Face_and_leaves_the_license_to_the_user()
    {
        var head = FrontMatter(ModelCard.Render(Example()));

        Assert.AreEqual("onnx", head["library_name"].ToString());
        Assert.AreEqual("image-classification", head["pipeline_tag"].ToString());
        Assert.AreEqual("photos", head["datasets"][0].ToString());
        Assert.IsFalse(head.Children.ContainsKey("license"));
        var result = head["model-index"][0]["results"][0];
        Assert.AreEqual("image-classification", result["task"]["type"].ToString());
        Assert.AreEqual("test", result["dataset"]["split"].ToString());
        var accuracy = result["metrics"][0];
        Assert.AreEqual("accuracy", accuracy["type"].ToString());
        Assert.AreEqual("0.845", accuracy["value"].ToString(), "that of the network in the file, not of the other one");
        Assert.AreEqual("Accuracy, 95 % interval 0.7884 to 0.8886", accuracy["name"].ToString());
        Assert.AreEqual("0.8415", result["metrics"][1]["value"].ToString());
    }

    [TestMethod]
    [DataRow("# The gain is an artefact", false)]
    [DataRow("The gain is an artefact of class-sorted batches.", true)]
    [DataRow("circular-shift (strength 0.3)", true)]
    [DataRow("| vanilla | no noise | 87.00 % | 81.63 % to 90.97 % |", true)]
    [DataRow("noisy minus vanilla: −2.50 percentage points", true)]
    [DataRow("Expected calibration error 5.93 %", true)]
    [DataRow("at the temperature 1.25", true)]
    [DataRow("| boots | 360 | 40 | 180 |", true)]
    [DataRow("12 files have equal content.", true)]
    [DataRow("Fewer than 30 test rows: rare.", true)]
    [DataRow("    noisynn score model.onnx photos/ --output scores.csv", true)]
    [DataRow("    ./noisynn train 'my file.yaml'", true)]
    public void The_text_says_what_the_summary_says(string words, bool isThere) =>
        Assert.AreEqual(isThere, ModelCard.Render(Example()).Contains(words, StringComparison.Ordinal), words);

    [TestMethod]
    [DataRow("a|b", @"a\|b")]
    [DataRow("<script>alert(1)</script>", @"\<script\>alert(1)\</script\>")]
    [DataRow("[a](http://evil)", @"\[a\](http://evil)")]
    [DataRow("`code` *bold* $x$", @"\`code\` \*bold\* \$x\$")]
    [DataRow("two\nlines", @"two\\u000alines")]
    public void Names_of_others_are_shown_letter_by_letter(string label, string shown)
    {
        var card = ModelCard.Render(Example(label));

        Assert.Contains($"| {shown} | 360 | 40 | 180 |", card);
    }

    [TestMethod]
    [DataRow("no: \"yes\" # 'x'")]
    [DataRow("猫 and 😀")]
    [DataRow("- [a, {b: c}]")]
    public void Any_name_of_the_data_is_a_text_of_the_head(string data)
    {
        var head = FrontMatter(ModelCard.Render(Example(data: data)));

        Assert.AreEqual(data, head["model-index"][0]["results"][0]["dataset"]["name"].ToString());
        Assert.IsFalse(head.Children.ContainsKey("datasets"), "the hub has no data set of such a name");
    }

    [TestMethod]
    public void A_model_whose_predictions_depend_on_the_batch_states_no_accuracy()
    {
        var example = Example();
        var card = ModelCard.Render(example with { Runs = [example.Runs[0], example.Runs[1] with { BatchInvariant = false }] });

        Assert.IsFalse(FrontMatter(card).Children.ContainsKey("model-index"));
        Assert.Contains("| noisy | circular-shift (strength 0.3) | depends on the batch |  |", card);
        Assert.Contains("Do not use the model for single images.", card);
    }

    [TestMethod]
    public void A_run_without_an_exported_model_has_no_card() =>
        Assert.Contains(
            "has exported no model",
            Assert.ThrowsExactly<ArgumentException>(() => ModelCard.Render(Example() with { Onnx = null })).Message
        );
}
