using System.Globalization;
using System.Reflection;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Training;
using NoisyNN.Models.Training.Declarations;
using NoisyNN.Models.Training.ImageAugmentation;
using NoisyNN.Transforms.Noise.Gaussian;

namespace NoisyNN.Tests.Training;

/// <summary>A trainer's options are declared once; validation and checkpoints follow the declarations.</summary>
[TestClass]
public sealed class DeclaredOptionTests
{
    readonly PlantedImages _images = new();

    [TestMethod]
    public void Every_field_of_every_trainers_options_is_declared()
    {
        var types = typeof(TrainingOptions)
            .Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(TrainingOptions)))
            .ToList();

        Assert.IsGreaterThan(3, types.Count);
        foreach (var type in types)
            Assert.HasCount(type.GetFields(BindingFlags.Public | BindingFlags.Instance).Length, DeclaredOption.Of(type));
    }

    [TestMethod]
    public void A_field_without_a_declaration_is_refused_by_name()
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => DeclaredOption.Of(typeof(Forgotten)));

        Assert.Contains("Momentum", refusal.Message);
        Assert.Contains("[Option]", refusal.Message);
    }

    [TestMethod]
    public void A_checkpoint_remembers_every_option_that_decides_the_outcome_and_no_other()
    {
        var remembered = _images.Options().Describe();

        CollectionAssert.AreEquivalent(
            new[]
            {
                "AccumulationSteps",
                "AlignmentWeight",
                "Augmentation",
                "BalanceClasses",
                "BatchSize",
                "ClassWeights",
                "ClipNorm",
                "FinalLearningRateRatio",
                "InitialScale",
                "InputNoise",
                "LabelSmoothing",
                "LatentNoise",
                "LayerRateDecay",
                "LearningRate",
                "LinearProduct",
                "MaxEpoch",
                "MovingAverageDecay",
                "Network",
                "Patience",
                "Precision",
                "PretrainedPath",
                "Ranks",
                "Seed",
                "SimClr",
                "WarmupEpochs",
                "WeightDecay",
            },
            remembered.Keys.ToArray()
        );
    }

    [TestMethod]
    public void What_a_checkpoint_remembers_does_not_depend_on_the_culture()
    {
        var options = _images.Options();
        (options.LearningRate, options.ClassWeights) = (0.5, [0.25, 1, 2]);
        options.InputNoise = new GaussianNoise(2.5);
        options.Augmentation = new Augmentation(MixupAlpha: 0.2);
        options.LatentNoise = LatentNoisePlacement.ReleasedNoisyResNet;

        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
        var (record, remembered) = ($"{options.InputNoise}", options.Describe());
        CultureInfo.CurrentCulture = before;

        Assert.Contains("StandardDeviation = 2,5", record, "the culture is one that writes numbers in another way");
        Assert.AreEqual("0.5", remembered["LearningRate"]);
        Assert.AreEqual("0.25 1 2", remembered["ClassWeights"]);
        Assert.Contains("StandardDeviation = 2.5", remembered["InputNoise"]);
        Assert.Contains("MixupAlpha = 0.2", remembered["Augmentation"]);
        Assert.Contains("Strength = 0.4", remembered["LatentNoise"]);
    }

    [TestMethod]
    public void A_value_out_of_range_is_refused_with_its_range_and_the_remedy()
    {
        var options = _images.Options();
        options.MovingAverageDecay = 1;

        Assert.StartsWith(
            "MovingAverageDecay is 1; it must be at least 0 and below 1; 0 keeps no average, 0.999 is usual.",
            Assert.Throws<ArgumentException>(() => _images.Context.Vision.NoisyViT(options)).Message
        );
    }

    [TestMethod]
    public void A_recipe_is_copied_field_by_field()
    {
        var recipe = new TrainingRecipe
        {
            MaxEpoch = 77,
            FinalLearningRateRatio = 0.5,
            RowMemoryBytes = 9,
            TensorBoard = true,
        };
        var options = _images.Options();
        options.CopyFrom(recipe);

        foreach (var option in DeclaredOption.Of(typeof(TrainingRecipe)))
            Assert.AreEqual(option.Text(recipe), option.Text(options), option.Name);
        Assert.AreEqual(77, options.MaxEpoch);
    }

    sealed class Forgotten : TrainingRecipe
    {
        public double Momentum = 0.9;
    }
}
