using System.Reflection;
using System.Text.Json;
using NoisyNN.Models.Networks;
using NoisyNN.Pipelines.Yaml.Assignments;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Pipelines.Yaml;

/// <summary>
/// The YAML form of types. Keys are written in camel case, words of enumerations in kebab case. A noise is written as <c>family</c> and the
/// parameters of that family, on the level of its neighbours.
/// </summary>
static class RecordSchema
{
    public const string FamilyKey = "family";

    public static ConstructorInfo Constructor(Type record) =>
        record.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)
        ?? throw new InvalidOperationException($"{record} has no public constructor");

    public static string Word(object enumeration) => JsonNamingPolicy.KebabCaseLower.ConvertName(enumeration.ToString()!);

    /// <summary>The words of an enumeration.</summary>
    public static IReadOnlyList<string> Words(Type enumeration) => [.. Enum.GetValues(enumeration).Cast<object>().Select(Word)];

    public static bool IsNoise(Type type) => type == typeof(NoiseDefinition);

    /// <summary>
    /// Whether a type is a network, which is written as <c>architecture</c> and the keys of that architecture, on the level of its
    /// neighbours.
    /// </summary>
    public static bool IsNetwork(Type type) => type == typeof(NetworkConfiguration);

    /// <summary>Whether a list of this type is written as keys with dots and their values.</summary>
    public static bool IsAssignment(Type type) => type == typeof(Assignment);

    public static Type? ElementOfList(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    public static bool IsSection(Type type) => type.IsClass && type != typeof(string) && ElementOfList(type) is null;
}
