namespace NoisyNN.Models.Training.Declarations;

/// <summary>What the value of an option decides.</summary>
public enum OptionEffect
{
    /// <summary>The trained weights. A resumed training must repeat the value, so that a checkpoint remembers it.</summary>
    Outcome,

    /// <summary>How the training runs: its speed, its memory, what it writes. A resumed training may have another value.</summary>
    Execution,
}

/// <summary>
/// Declares a public field of a trainer's options, or a property of the options of data. Its range is a <c>RangeAttribute</c>, its default
/// the initializer, its description the documentation. Validation, checkpoints, experiment files and their documentation read the
/// declaration.
/// </summary>
/// <param name="effect">What the value decides.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class OptionAttribute(OptionEffect effect) : Attribute
{
    /// <summary>What the value decides.</summary>
    public OptionEffect Effect => effect;

    /// <summary>The key in experiment files; null for the name in camel case.</summary>
    public string? Key { get; init; }

    /// <summary>What the value counts or measures, in the plural, such as "epochs"; null for a number without a unit.</summary>
    public string? Unit { get; init; }

    /// <summary>A clause that an error message ends with: usual values, or what a special value does.</summary>
    public string? Remedy { get; init; }
}
