using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.TorchSharp;
using Microsoft.ML.Transforms.Image;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Prediction;
using NoisyNN.Tests.NoiseColumns.Fixtures;

namespace NoisyNN.Tests.Native;

/// <summary>
/// Microsoft.ML.TorchSharp 0.23.1, built on TorchSharp 0.102.7, on the 0.107 of this project: its trainers in one pipeline with ours, and
/// what of it cannot run.
/// </summary>
[TestClass]
public sealed class OtherTrainersTests
{
    const string Key = "UInt32 True KeyValues Vector String False";
    const string ScoreAnnotations =
        "ScoreColumnKind Scalar String False, ScoreColumnSetId Scalar UInt32 True, ScoreValueKind Scalar String False";

    readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Text_classification_appends_a_class_and_its_scores() =>
        AssertAppends(
            _context.MulticlassClassification.Trainers.TextClassification(),
            $"PredictedLabel: Scalar {Key}",
            $"Score: Vector Single False {ScoreAnnotations}, SlotNames Vector String False, TrainingLabelValues Vector String False"
        );

    [TestMethod]
    public void Sentence_similarity_appends_one_score() =>
        AssertAppends(_context.Regression.Trainers.SentenceSimilarity(labelColumnName: "Similarity"), "Score: Scalar Single False ");

    [TestMethod]
    public void Named_entity_recognition_appends_a_class_for_each_word() =>
        AssertAppends(
            _context.MulticlassClassification.Trainers.NamedEntityRecognition(labelColumnName: "Entities"),
            $"PredictedLabel: VariableVector {Key}"
        );

    [TestMethod]
    public void Question_answering_appends_answers_and_their_scores() =>
        AssertAppends(
            _context.MulticlassClassification.Trainers.QuestionAnswer(),
            "Answer: VariableVector String False ",
            $"Score: VariableVector Single False {ScoreAnnotations}"
        );

    [TestMethod]
    public void Object_detection_appends_classes_scores_and_boxes() =>
        AssertAppends(
            _context.MulticlassClassification.Trainers.ObjectDetection(labelColumnName: "Objects"),
            "PredictedBoundingBoxes: VariableVector Single False ",
            $"PredictedLabel: VariableVector {Key}",
            $"Score: VariableVector Single False {ScoreAnnotations}, TrainingLabelValues Vector String False"
        );

    [TestMethod]
    public void Only_object_detection_calls_what_TorchSharp_no_longer_has()
    {
        const BindingFlags Declared =
            BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        var methods = typeof(TorchSharpCatalog)
            .Assembly.GetTypes()
            .Where(type => !type.ContainsGenericParameters)
            .SelectMany(type => type.GetMembers(Declared))
            .OfType<MethodBase>()
            .Where(method => method.GetMethodBody() is not null && !method.ContainsGenericParameters)
            .ToList();
        var broken = methods
            .Select(method => (Name: $"{method.DeclaringType!.Name}.{method.Name}", Failure: FailureToCompile(method)))
            .Where(method => method.Failure is not null)
            .ToList();

        Assert.IsGreaterThan(600, methods.Count);
        Assert.AreEqual(
            "AutoFormerV2Block.forward, FPN.forward",
            string.Join(", ", broken.Select(method => method.Name).Order(StringComparer.Ordinal))
        );
        foreach (var (_, failure) in broken)
            Assert.StartsWith("Method not found: 'Tensor functional.interpolate(", failure!);
    }

    static string? FailureToCompile(MethodBase method)
    {
        try
        {
            RuntimeHelpers.PrepareMethod(method.MethodHandle);
            return null;
        }
        catch (MissingMemberException missing)
        {
            return missing.Message;
        }
    }

    /// <summary>Between a noise and a trainer of ours, the estimator promises exactly these columns, beside those that come in.</summary>
    void AssertAppends(IEstimator<ITransformer> estimator, params string[] expected)
    {
        var rows = _context.Data.LoadFromEnumerable([new Row()]);
        var keys = _context.Transforms.Conversion.MapValueToKey([new("Label"), new("Entities"), new("Objects")]).Fit(rows).Transform(rows);
        var input = Shapes.Of(_context, keys.Schema);
        var ours = _context.Vision.NoisyViT(new() { ScoreColumnName = "ImageScore", PredictedLabelColumnName = "ImageLabel" });
        var pipeline = _context.Noise.Gaussian("Pixels", standardDeviation: 10).Append(estimator).Append(ours);

        var before = Lines(_context.Noise.Gaussian("Pixels", standardDeviation: 10).Append(ours).GetOutputSchema(input));
        var after = Lines(pipeline.GetOutputSchema(input));

        Assert.AreSequenceEqual(expected, after.Except(before));
        Assert.AreEqual("", string.Join('\n', before.Except(after)));
        Assert.Contains("ImageScore", string.Join('\n', after));
    }

    static string[] Lines(SchemaShape shape) => Shapes.Described(shape).Split('\n');

    sealed class Row
    {
        [VectorType(1, 28, 28)]
        public float[] Pixels { get; set; } = new float[28 * 28];

        public string Label { get; set; } = "red";

        public float Similarity { get; set; }

        public string Sentence { get; set; } = "";

        public string Sentence1 { get; set; } = "";

        public string Sentence2 { get; set; } = "";

        public string[] Entities { get; set; } = ["town"];

        public string Context { get; set; } = "";

        public string Question { get; set; } = "";

        public string TrainingAnswer { get; set; } = "";

        public int AnswerIndex { get; set; }

        public string[] Objects { get; set; } = ["tree"];

        public float[] BoundingBoxes { get; set; } = new float[4];

        [ImageType(8, 8)]
        public MLImage? Image { get; set; }
    }
}
