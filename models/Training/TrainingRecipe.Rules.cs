using NoisyNN.Models.Training.Declarations;

namespace NoisyNN.Models.Training;

/// <summary>The rules between the fields of a recipe; the rules of one field are declared on it.</summary>
public partial class TrainingRecipe
{
    /// <summary>An interval that needs no workspace: without one, no checkpoint is written.</summary>
    internal const int DefaultCheckpointSteps = 200;

    static readonly IReadOnlyList<DeclaredOption> s_recipe = DeclaredOption.Of(typeof(TrainingRecipe));

    /// <summary>Checks every field of the recipe.</summary>
    /// <exception cref="ArgumentException">A field is out of its range; the message names it, its value and the remedy.</exception>
    public virtual void ThrowIfInvalid()
    {
        foreach (var option in DeclaredOption.Of(GetType()))
            option.Validate(this);
        Require(
            (long)AccumulationSteps * BatchSize <= int.MaxValue,
            nameof(AccumulationSteps),
            AccumulationSteps,
            $"a step of {nameof(BatchSize)} ({BatchSize}) times as many rows must fit into an array"
        );
        Require(
            (long)(Ranks - 1) * ((BatchSize + Ranks - 1) / Ranks) < BatchSize,
            nameof(Ranks),
            Ranks,
            $"a {nameof(BatchSize)} of {BatchSize} rows leaves some of them without any; give a multiple of {nameof(Ranks)}"
        );
        Require(WarmupEpochs <= MaxEpoch, nameof(WarmupEpochs), WarmupEpochs, $"it must lie between 0 and {nameof(MaxEpoch)} ({MaxEpoch})");
        Require(
            SimClr is null || Augmentation is { MixupAlpha: 0 },
            nameof(SimClr),
            "set",
            $"its views of an image come from {nameof(Augmentation)}; give one without mixup, such as a crop and two operations"
        );
        Require(SimClr is null || Ranks == 1, nameof(SimClr), "set", $"it trains in one process; set {nameof(Ranks)} to 1");
        ArgumentNullException.ThrowIfNull(ClassWeights);
        Require(
            ClassWeights.All(weight => weight >= 0 && double.IsFinite(weight))
                && (ClassWeights.Count == 0 || ClassWeights.Any(weight => weight > 0)),
            nameof(ClassWeights),
            $"[{string.Join(", ", ClassWeights)}]",
            "weights are finite numbers of at least 0, not all of them 0"
        );
        Require(
            !BalanceClasses || ClassWeights.Count == 0,
            nameof(BalanceClasses),
            BalanceClasses,
            $"{nameof(ClassWeights)} are given too; take one or the other"
        );
    }

    /// <summary>Takes over every value of a recipe, such as that of an experiment file.</summary>
    public void CopyFrom(TrainingRecipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        foreach (var option in s_recipe)
            option.Copy(recipe, this);
    }

    private protected static void Require(bool holds, string name, object value, string rule)
    {
        if (!holds)
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; {rule}."), name);
    }
}
