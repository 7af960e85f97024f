using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using NoisyNN.Models.Training;
using NoisyNN.Models.Training.Declarations;
using NoisyNN.Pipelines.Data;

namespace NoisyNN.Pipelines.Yaml;

/// <summary>
/// The keys of a section, and how their values become an object. A record has a key for each parameter of its constructor. A training
/// recipe has one for each public field, and options of data have one for each property with <see cref="OptionAttribute"/>.
/// </summary>
sealed class SectionShape
{
    readonly Func<object?[], object> _create;
    readonly Func<string, string> _translate;

    SectionShape(IEnumerable<SectionKey> keys, Func<object?[], object> create, Func<string, string>? translate = null)
    {
        Keys = [.. keys];
        _create = create;
        _translate = translate ?? (message => message);
    }

    /// <summary>The keys, in the order in which they are written.</summary>
    public IReadOnlyList<SectionKey> Keys { get; }

    /// <summary>
    /// Whether the binder checks the ranges of the keys. Records of the libraries check themselves and have their own messages.
    /// </summary>
    public bool ChecksRanges { get; private init; }

    /// <summary>Whether the section holds a noise, whose keys are on the level of its own.</summary>
    public bool HasNoise => Keys.Any(key => key.IsNoise);

    /// <summary>Whether the section holds a network, whose keys are on the level of its own.</summary>
    public bool HasNetwork => Keys.Any(key => key.IsNetwork);

    /// <summary>The shape of a type of section.</summary>
    public static SectionShape Of(Type type) =>
        type.IsAssignableTo(typeof(TrainingRecipe)) ? Of(new TrainingRecipe())
        : type.IsAssignableTo(typeof(DataOptions)) ? OfData(type)
        : Of(RecordSchema.Constructor(type));

    /// <summary>The shape of the parameters of a constructor or a static method.</summary>
    public static SectionShape Of(MethodBase maker) =>
        new(
            maker.GetParameters().Select(SectionKey.Of),
            values =>
                maker is ConstructorInfo constructor
                    ? constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, values, CultureInfo.InvariantCulture)
                    : maker.Invoke(null, BindingFlags.DoNotWrapExceptions, null, values, CultureInfo.InvariantCulture)!
        )
        {
            ChecksRanges = maker.Module == typeof(SectionShape).Module,
        };

    /// <summary>The shape of a recipe whose keys have the values of this one where they are left out.</summary>
    public static SectionShape Of(TrainingRecipe defaults)
    {
        var fields = typeof(TrainingRecipe).GetFields(BindingFlags.Public | BindingFlags.Instance);
        SectionKey[] keys = [.. fields.Select(field => SectionKey.Of(field, defaults))];
        return new(
            keys,
            values =>
            {
                var recipe = (TrainingRecipe)Activator.CreateInstance(defaults.GetType())!;
                foreach (var (field, value) in fields.Zip(values))
                    field.SetValue(recipe, value);
                recipe.ThrowIfInvalid();
                return recipe;
            },
            message => keys.Aggregate(message, (text, key) => Regex.Replace(text, $@"\b{key.Name}\b", key.Key))
        )
        {
            ChecksRanges = true,
        };
    }

    /// <summary>Creates the object from a value for each key, in the order of the keys.</summary>
    /// <exception cref="ArgumentException">The values do not fit together.</exception>
    public object Create(object?[] values) => _create(values);

    /// <summary>A message of the object, with keys in place of the names in code.</summary>
    public string Translate(string message) => _translate(message);

    static SectionShape OfData(Type type)
    {
        PropertyInfo[] properties = [.. type.GetProperties().Where(property => property.IsDefined(typeof(OptionAttribute)))];
        var defaults = Activator.CreateInstance(type)!;
        return new(
            properties.Select(property => SectionKey.Of(property, defaults)),
            values =>
            {
                var options = (DataOptions)Activator.CreateInstance(type)!;
                foreach (var (property, value) in properties.Zip(values))
                    property.SetValue(options, value);
                options.Validate();
                return options;
            }
        )
        {
            ChecksRanges = true,
        };
    }
}
