using NoisyNN.Pipelines.Evaluation.Classes;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Pipelines.Reports.Charts;
using NoisyNN.Tests.Experiments.Listing;
using NoisyNN.Transforms.Images;

namespace NoisyNN.Tests.Reports;

/// <summary>A page of each kind with all of its sections, from figures alone.</summary>
static class ExamplePages
{
    static readonly ImageShape s_shape = new(1, 4, 4);
    static readonly string[] s_labels = ["boots", "bags & <sacks>"];

    /// <summary>The kinds: their names are those of the templates.</summary>
    public static IEnumerable<string> Kinds => ["experiment", "evaluation", "replicated", "runs"];

    public static string Render(string kind) =>
        kind switch
        {
            "experiment" => HtmlReport.Render(Example, s_curves, Pictures),
            "evaluation" => EvaluationReport.Render(
                "model.onnx",
                new string('b', 64),
                "photos",
                new string('a', 64),
                "test",
                4,
                "./noisynn evaluate model.onnx --data photos",
                new ClassSection(
                    "The model",
                    Figures,
                    [
                        [1, 1],
                        [0, 2],
                    ]
                )
                {
                    Errors = Pictures.Errors,
                    Shape = s_shape,
                },
                Pictures
            ),
            "replicated" => ReplicatedReport.Render(
                ReplicatedSummary.Of([Replicate(1, 0.8, 0.81), Replicate(2, 0.82, 0.84), Replicate(3, 0.79, 0.8)], ReplicatedSummary.Seeds)
            ),
            "runs" => RunsPage(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such page."),
        };

    static readonly TrainingCurve[] s_curves =
    [
        new("vanilla", [new(1, 1.1, 0.7, 0.80), new(2, 0.75, 0.6, 0.84)]),
        new("noisy", [new(1, 1.2, 0.7, 0.79), new(2, 0.8, 0.6, 0.83)]),
    ];

    static Classification Figures
    {
        get
        {
            var predictions = new Predictions(s_labels, [0.9f, 0.1f, 0.4f, 0.6f, 0.2f, 0.8f, 0.3f, 0.7f], [0, 0, 1, 1]);
            return Classification.Of(predictions, predictions);
        }
    }

    static Summary Example =>
        WrittenRun.Summary("example", 0.75, new DateTimeOffset(2026, 1, 2, 3, 4, 0, TimeSpan.Zero)) with
        {
            Claim = "Noise helps.",
            Dataset = new("photos", 72, 8, 20, new string('a', 64))
            {
                Shape = [1, 4, 4],
                Classes = [.. s_labels.Select(label => new ClassCounts(label, 36, 4, 10))],
                Notes = ["2 files have equal content."],
            },
            Runs =
            [
                new("vanilla", "no noise", 0.8, 0.75, 0.5, 0.9, 2, 2, 5, 100, 1000) { Classification = Figures },
                new("noisy", "gaussian", 0.8, 0.75, 0.5, 0.9, 2, 2, 5, 100, 1000) { Classification = Figures },
            ],
            Difference = new("noisy minus vanilla", 0, -0.1, 0.1, 1, 1),
            Protocol =
            [
                new("off", "sorted", 64, 0.88, 0, 1),
                new("optimal-mixing", "sorted", 10, 0.97, 0, 1),
                new("optimal-mixing", "shuffled", 10, 0.61, 0.004, 5),
            ],
            ProtocolSite = "noisy network, before the head",
            Leaks = [new(10, 0.36, 0.35, 0.37)],
            LeakIndex = 0.36,
            BatchInvariance = 1e-6,
            BatchInvarianceWithNoise = 4.2,
            Verdict = "The gain is an artefact.",
            Onnx = new("model.onnx", 17, 3e-6, 0.75, 5400, 64)
            {
                Inputs = [new("Pixels", "float", ["N", "1", "4", "4"])],
                Outputs = [new("Score", "float", ["N", "2"]), new("Logits", "float", ["N", "2"])],
            },
        };

    static RunPictures Pictures
    {
        get
        {
            ShownImage[] samples = [.. s_labels.Select(label => new ShownImage(label, new byte[16]))];
            float[][,] maps = [.. samples.Select(_ => new float[2, 2])];
            return new RunPictures(s_shape, samples)
            {
                Network = "noisy",
                Noises = [new NoiseStrip("gaussian (standard deviation 30)", samples)],
                Features = new FeaturePicture("pooled", "gaussian on the features", [(0, 0), (1, 2)], [(0.5, 0), (1, 3)], 0.6, 0.2),
                Information = new InformationGallery("noisy", [new InformationLayer("block.0", maps, 12)]),
                Occlusions = maps,
                OcclusionCells = 14,
                Answers = new AnswerGallery("Grad-CAM (Selvaraju et al., 2017)", maps),
                Confusion =
                [
                    [1, 1],
                    [0, 2],
                ],
                Errors = [new ShownError("boots", 0.4, "bags & <sacks>", 0.6, samples[0])],
                Settings = "name: example",
            };
        }
    }

    static ReplicateSummary Replicate(int seed, double vanilla, double noisy) =>
        new(
            $"seed-{seed}",
            $"seed {seed}",
            Example with
            {
                Seed = seed,
                Runs = [Example.Runs[0] with { TestAccuracy = vanilla }, Example.Runs[1] with { TestAccuracy = noisy }],
            }
        );

    static string RunsPage()
    {
        using var folder = new TemporaryFolder();
        WrittenRun.Complete(folder, "a", "seed: 1", 0.6, day: 1);
        WrittenRun.Complete(folder, "b", "seed: 2", 0.7, day: 2);
        WrittenRun.Begun(folder, "c", "seed: 3");
        return File.ReadAllText(NoisyNN.Pipelines.Experiments.Listing.RunsIndex.Write(folder["runs"]));
    }
}
