using System.Text.Json.Serialization;

namespace NoisyNN.Models.Networks;

/// <summary>The sizes of a network, from which it can be built: what all classifiers have in common.</summary>
public abstract record NetworkConfiguration
{
    /// <summary>The number of classes; 0 lets a trainer take it from its label column.</summary>
    [JsonPropertyOrder(3)]
    public int ClassCount { get; init; }

    /// <summary>The architecture's name in kebab-case, as experiment files and network files spell it.</summary>
    [JsonIgnore]
    public abstract string Architecture { get; }

    /// <summary>The number of trained values, from the sizes alone: no network is built for it.</summary>
    [JsonIgnore]
    public abstract long ParameterCount { get; }

    /// <summary>The shape of a row that the network takes: pixels [C, H, W], or features [D].</summary>
    [JsonIgnore]
    public abstract IReadOnlyList<int> InputShape { get; }

    /// <summary>The sizes in one phrase, for people.</summary>
    [JsonIgnore]
    public abstract string Summary { get; }

    /// <summary>The noise that the network has by itself while it trains, such as "information dropout"; null for none.</summary>
    [JsonIgnore]
    public virtual string? OwnNoise => null;

    /// <summary>Builds the network on the CPU; its first weights come from torch's default generator.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public abstract Classifier Create();

    /// <summary>The same sizes, with those that the rows decide where they are still open.</summary>
    /// <param name="dimensions">The shape of a row: pixels [C, H, W], or features [D].</param>
    public virtual NetworkConfiguration ForRows(IReadOnlyList<int> dimensions) => this;

    /// <summary>Whether rows decide sizes that the network cannot be checked without.</summary>
    internal virtual bool IsOpen => false;

    /// <summary>The same sizes, with those that follow from others where they were not given.</summary>
    /// <param name="given">The names of the properties that were given a value.</param>
    public virtual NetworkConfiguration Completed(IReadOnlySet<string> given) => this;

    /// <summary>Checks what can be checked before the rows are known.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit together; the message names the field, its value and the
    /// remedy.</exception>
    public virtual void ValidateStructure() { }

    /// <summary>Checks that the sizes fit together.</summary>
    /// <exception cref="ArgumentException">They do not; the message names the field, its value and the remedy.</exception>
    public virtual void Validate()
    {
        if (ClassCount < 0)
            throw new ArgumentException(
                $"{nameof(ClassCount)} is {ClassCount}; give the number of classes, or 0 to take it from the labels."
            );
        ValidateStructure();
    }

    /// <exception cref="ArgumentException">The value is below 1.</exception>
    private protected static void AtLeastOne(int value, string name)
    {
        if (value < 1)
            throw new ArgumentException($"{name} is {value}; it must be at least 1.");
    }
}
