using System.Reflection;
using System.Text.Json;
using NoisyNN.Models.Networks;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Pipelines.Yaml;

/// <summary>
/// How a record looks in YAML: each parameter of its primary constructor is a key, written in camel case; enumerations are written in
/// kebab case; a noise stands in line with its neighbours, as <c>family</c> and that family's own parameters.
/// </summary>
static class RecordSchema
{
    public const string FamilyKey = "family";

    public static ConstructorInfo Constructor(Type record) =>
        record.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)
        ?? throw new InvalidOperationException($"{record} has no public constructor");

    public static string Key(ParameterInfo parameter) =>
        parameter.GetCustomAttribute<OneOrMoreAttribute>()?.Key ?? JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);

    /// <summary>Whether a list's only entry may stand without brackets.</summary>
    public static bool IsOneOrMore(ParameterInfo parameter) => parameter.IsDefined(typeof(OneOrMoreAttribute));

    /// <summary>
    /// The value that a record has for a parameter of its constructor. (A base record may have a property of that name and another type.)
    /// </summary>
    public static object? Value(object record, ParameterInfo parameter) =>
        record
            .GetType()
            .GetProperties()
            .First(property => property.Name == parameter.Name && property.PropertyType == parameter.ParameterType)
            .GetValue(record);

    public static string Word(object enumeration) => JsonNamingPolicy.KebabCaseLower.ConvertName(enumeration.ToString()!);

    public static bool IsNoise(Type type) => type == typeof(NoiseDefinition);

    /// <summary>
    /// Whether a network stands there, in line with its neighbours, as <c>architecture</c> and that architecture's own keys.
    /// </summary>
    public static bool IsNetwork(Type type) => type == typeof(ImageNetworkConfiguration);

    public static Type? ElementOfList(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    public static bool IsSection(Type type) => type.IsClass && type != typeof(string) && ElementOfList(type) is null;

    public static bool IsNullable(ParameterInfo parameter) =>
        Nullable.GetUnderlyingType(parameter.ParameterType) is not null
        || new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable;
}
