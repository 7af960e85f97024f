using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;

namespace NoisyNN.Pipelines.Yaml.Networks;

/// <summary>One key of a network in YAML: a property of the record of its sizes, or of a record inside it.</summary>
/// <param name="Name">The key, in camel case.</param>
/// <param name="Property">The property whose value it is.</param>
/// <param name="Owner">The property that holds the inner record; null for a property of the record itself.</param>
sealed record NetworkKey(string Name, PropertyInfo Property, PropertyInfo? Owner)
{
    public object? Value(NetworkConfiguration network) => Property.GetValue(Owner is null ? network : Owner.GetValue(network));
}

/// <summary>
/// The YAML form of a network. <c>architecture</c> chooses the record of its sizes, and the properties of that record are the keys. The
/// properties of an inner record are keys on the same level. What the data decide (image size, channels, classes, mean and deviation) has
/// no key.
/// </summary>
static class NetworkKeys
{
    public const string ArchitectureKey = "architecture";

    public const string DefaultArchitecture = "noisy-vit";

    /// <summary>Channels, height and width.</summary>
    const int ImageDimensions = 3;

    /// <summary>The sizes that the data decide.</summary>
    static readonly string[] s_decided =
    [
        nameof(ImageNetworkConfiguration.ImageSize),
        nameof(ImageNetworkConfiguration.Channels),
        nameof(ImageNetworkConfiguration.ClassCount),
        nameof(ImageNetworkConfiguration.Mean),
        nameof(ImageNetworkConfiguration.StandardDeviation),
    ];

    /// <summary>The architectures that take images, which are those that an experiment can declare.</summary>
    public static IReadOnlyList<NetworkArchitecture> Architectures =>
        [.. NetworkArchitectures.All.Where(architecture => architecture.CreateConfiguration().InputShape.Count == ImageDimensions)];

    /// <summary>The keys of an architecture, in the order of its properties.</summary>
    public static IReadOnlyList<NetworkKey> Of(Type configuration) => [.. Keys(configuration, owner: null)];

    /// <summary>The names of the architectures that have a key of this name.</summary>
    public static IReadOnlyList<string> OwnersOf(string key) =>
        [
            .. Architectures
                .Where(architecture => Of(architecture.ConfigurationType).Any(known => known.Name == key))
                .Select(architecture => architecture.Name),
        ];

    /// <summary>Creates the sizes from values for some of the keys. The other keys keep their defaults.</summary>
    /// <exception cref="ArgumentException">The values do not fit together.</exception>
    public static NetworkConfiguration Create(NetworkArchitecture architecture, IReadOnlyDictionary<NetworkKey, object?> values)
    {
        var configuration = architecture.CreateConfiguration();
        foreach (var owner in values.Keys.Select(key => key.Owner).OfType<PropertyInfo>().Distinct())
            owner.SetValue(configuration, Copy(owner.GetValue(configuration)!));
        foreach (var (key, value) in values)
            key.Property.SetValue(
                key.Owner is null ? configuration : key.Owner.GetValue(configuration),
                value,
                BindingFlags.DoNotWrapExceptions,
                binder: null,
                index: null,
                culture: null
            );
        var completed = configuration.Completed(values.Keys.Select(key => key.Property.Name).ToHashSet(StringComparer.Ordinal));
        completed.ValidateStructure();
        return completed;
    }

    static IEnumerable<NetworkKey> Keys(Type record, PropertyInfo? owner)
    {
        foreach (var property in record.GetProperties().Where(IsSize))
        {
            if (owner is null && CopyMethod(property.PropertyType) is not null)
                foreach (var key in Keys(property.PropertyType, property))
                    yield return key;
            else
                yield return new(KeyOf(property), property, owner);
        }
    }

    static bool IsSize(PropertyInfo property) =>
        property.SetMethod is { IsPublic: true } && !property.IsDefined(typeof(JsonIgnoreAttribute)) && !s_decided.Contains(property.Name);

    static string KeyOf(PropertyInfo property) =>
        property.GetCustomAttribute<ConfigurationKeyAttribute>()?.Key ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    // The record of a default may be shared.
    static object Copy(object record) => CopyMethod(record.GetType())!.Invoke(record, null)!;

    /// <summary>The copy method that the compiler gives every record; null for other types.</summary>
    static MethodInfo? CopyMethod(Type type) => type.GetMethod("<Clone>$");
}
