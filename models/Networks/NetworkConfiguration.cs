using System.Text.Json.Serialization;

namespace NoisyNN.Models.Networks;

/// <summary>The sizes that all networks have. A network can be built from its sizes.</summary>
public abstract record NetworkConfiguration
{
    /// <summary>The architecture's name in kebab-case, as experiment files and network files spell it.</summary>
    [JsonIgnore]
    public abstract string Architecture { get; }

    /// <summary>The number of trained values, computed from the sizes without building the network.</summary>
    [JsonIgnore]
    public abstract long ParameterCount { get; }

    /// <summary>The shape of a row that the network takes: pixels [C, H, W], or features [D].</summary>
    [JsonIgnore]
    public abstract IReadOnlyList<int> InputShape { get; }

    /// <summary>The sizes in one phrase, for messages and reports.</summary>
    [JsonIgnore]
    public abstract string Summary { get; }

    /// <summary>The noise that the network itself has in training, such as "information dropout"; null for none.</summary>
    [JsonIgnore]
    public virtual string? OwnNoise => null;

    /// <summary>Whether the rows decide sizes that the network cannot be checked without.</summary>
    internal virtual bool IsOpen => false;

    /// <summary>The same sizes, with those that follow from others filled in if they were not given.</summary>
    /// <param name="given">The names of the properties that were given a value.</param>
    public virtual NetworkConfiguration Completed(IReadOnlySet<string> given) => this;

    /// <summary>Checks everything that does not depend on the rows.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit together; the message names the field, its value and the
    /// remedy.</exception>
    public virtual void ValidateStructure() { }

    /// <summary>Checks that the sizes fit together.</summary>
    /// <exception cref="ArgumentException">They do not; the message names the field, its value and the remedy.</exception>
    public virtual void Validate() => ValidateStructure();

    /// <exception cref="ArgumentException">The value is below 1.</exception>
    private protected static void AtLeastOne(int value, string name)
    {
        if (value < 1)
            throw new ArgumentException($"{name} is {value}; it must be at least 1.");
    }
}
