using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Training.Declarations;
using NoisyNN.Pipelines.Yaml.Networks;

namespace NoisyNN.Pipelines.Yaml;

/// <summary>One key of a section: a parameter of a constructor or method, or a field or property of options.</summary>
sealed record SectionKey
{
    readonly ICustomAttributeProvider _declaration;

    SectionKey(ICustomAttributeProvider declaration, string name, Type type, bool isNullable)
    {
        _declaration = declaration;
        Name = name;
        IsNullable = isNullable;
        Type = Nullable.GetUnderlyingType(type) ?? type;
        Option = Attribute<OptionAttribute>();
        Range = Attribute<RangeAttribute>();
        Key = Attribute<OneOrMoreAttribute>()?.Key ?? Option?.Key ?? JsonNamingPolicy.CamelCase.ConvertName(name);
    }

    /// <summary>The key of a parameter. The name is that of the parameter.</summary>
    public static SectionKey Of(ParameterInfo parameter)
    {
        var key = new SectionKey(
            parameter,
            parameter.Name!,
            parameter.ParameterType,
            IsNullableType(parameter.ParameterType)
                || new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable
        );
        return parameter.HasDefaultValue && (parameter.DefaultValue is not null || key.IsNullable)
            ? key with
            {
                HasDefault = true,
                Default = parameter.DefaultValue,
            }
            : key;
    }

    /// <summary>The key of a field. Its default is the value in new options.</summary>
    public static SectionKey Of(FieldInfo field, object defaults) =>
        new(
            field,
            field.Name,
            field.FieldType,
            IsNullableType(field.FieldType) || new NullabilityInfoContext().Create(field).WriteState == NullabilityState.Nullable
        )
        {
            HasDefault = true,
            Default = field.GetValue(defaults),
        };

    /// <summary>The key of a network's size. Its default is the value in new sizes.</summary>
    public static SectionKey Of(NetworkKey size, NetworkConfiguration defaults) =>
        Of(size.Property, size.Owner is null ? defaults : size.Owner.GetValue(defaults)!) with
        {
            Key = size.Name,
        };

    /// <summary>The key of a property. Its default is the value in new options.</summary>
    public static SectionKey Of(PropertyInfo property, object defaults) =>
        new(
            property,
            property.Name,
            property.PropertyType,
            IsNullableType(property.PropertyType) || new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable
        )
        {
            HasDefault = true,
            Default = property.GetValue(defaults),
        };

    /// <summary>The name of the parameter, field or property in code.</summary>
    public string Name { get; }

    /// <summary>The key as it is written in YAML.</summary>
    public string Key { get; private init; }

    /// <summary>The type of the value; for a nullable type, the type inside it.</summary>
    public Type Type { get; }

    /// <summary>Whether the value may be left empty.</summary>
    public bool IsNullable { get; }

    /// <summary>Whether the key may be left out.</summary>
    public bool HasDefault { get; private init; }

    /// <summary>The value if the key is left out.</summary>
    public object? Default { get; private init; }

    /// <summary>The range of the value; null for any.</summary>
    public RangeAttribute? Range { get; }

    /// <summary>The allowed values; null for any.</summary>
    public IReadOnlyList<object?>? AllowedValues => Attribute<AllowedValuesAttribute>()?.Values;

    /// <summary>The declaration of an option; null for other keys.</summary>
    public OptionAttribute? Option { get; }

    /// <summary>The parameter, field or property.</summary>
    public ICustomAttributeProvider Declaration => _declaration;

    /// <summary>Whether the key is required although its type has an empty value.</summary>
    public bool IsRequired => Attribute<RequiredAttribute>() is not null;

    /// <summary>Whether a list of one entry may be written without brackets.</summary>
    public bool IsOneOrMore => Attribute<OneOrMoreAttribute>() is not null;

    /// <summary>Whether the key holds a noise, which is written as a family and its parameters.</summary>
    public bool IsNoise => RecordSchema.IsNoise(Type);

    /// <summary>Whether the key holds a network, which is written as an architecture and its sizes.</summary>
    public bool IsNetwork => RecordSchema.IsNetwork(Type);

    /// <summary>The value of this key in an object. (A base record may have a property of the same name and another type.)</summary>
    public object? Value(object owner) =>
        _declaration switch
        {
            FieldInfo field => field.GetValue(owner),
            PropertyInfo property => property.GetValue(owner),
            ParameterInfo parameter => owner
                .GetType()
                .GetProperties()
                .First(property => property.Name == parameter.Name && property.PropertyType == parameter.ParameterType)
                .GetValue(owner),
            _ => throw new InvalidOperationException("unreachable: a key is a parameter, a field or a property"),
        };

    T? Attribute<T>()
        where T : Attribute => _declaration.GetCustomAttributes(typeof(T), inherit: false).OfType<T>().FirstOrDefault();

    static bool IsNullableType(Type type) => Nullable.GetUnderlyingType(type) is not null;
}
