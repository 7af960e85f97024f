using System.Text.Json.Serialization;

namespace NoisyNN.Models.Networks;

/// <summary>The sizes of a classifier: what all of them have in common.</summary>
public abstract record ClassifierConfiguration : NetworkConfiguration
{
    /// <summary>The number of classes; 0 lets a trainer take it from its label column.</summary>
    [JsonPropertyOrder(3)]
    public int ClassCount { get; init; }

    /// <summary>Builds the network on the CPU; its first weights come from torch's default generator.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public abstract Classifier Create();

    /// <summary>The same sizes, with those that the rows decide where they are still open.</summary>
    /// <param name="dimensions">The shape of a row: pixels [C, H, W], or features [D].</param>
    public virtual ClassifierConfiguration ForRows(IReadOnlyList<int> dimensions) => this;

    /// <inheritdoc/>
    public override void Validate()
    {
        if (ClassCount < 0)
            throw new ArgumentException(
                $"{nameof(ClassCount)} is {ClassCount}; give the number of classes, or 0 to take it from the labels."
            );
        base.Validate();
    }
}
