using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using NoisyNN.Models.Networks;
using NoisyNN.Transforms;

namespace NoisyNN.Models.Training.Declarations;

/// <summary>A public field of a trainer's options, with what its attributes declare.</summary>
sealed class DeclaredOption
{
    static readonly ConcurrentDictionary<Type, IReadOnlyList<DeclaredOption>> s_known = new();

    readonly FieldInfo _field;
    readonly OptionAttribute? _declaration;
    readonly RangeAttribute? _range;

    DeclaredOption(FieldInfo field)
    {
        _field = field;
        _range = field.GetCustomAttribute<RangeAttribute>();
        _declaration = field.GetCustomAttribute<OptionAttribute>();
        if (_declaration is null && !IsNetwork)
            throw new InvalidOperationException(
                $"The field {field.DeclaringType}.{field.Name} declares no [Option]. "
                    + "Say with it whether the value decides the outcome, so that a checkpoint can remember it."
            );
    }

    /// <summary>The field's name.</summary>
    public string Name => _field.Name;

    /// <summary>Whether a resumed training must repeat the value. The sizes of a network always decide the outcome.</summary>
    public bool DecidesOutcome => _declaration?.Effect is null or OptionEffect.Outcome;

    /// <summary>Every public field of an options class, inherited ones included.</summary>
    /// <exception cref="InvalidOperationException">A field has no declaration.</exception>
    public static IReadOnlyList<DeclaredOption> Of(Type options) =>
        s_known.GetOrAdd(
            options,
            static type => [.. type.GetFields(BindingFlags.Public | BindingFlags.Instance).Select(field => new DeclaredOption(field))]
        );

    /// <summary>Copies the value from one options object to another.</summary>
    public void Copy(object source, object target) => _field.SetValue(target, _field.GetValue(source));

    /// <summary>The value as text; the same value has the same text in every process.</summary>
    public string Text(object options) =>
        _field.GetValue(options) switch
        {
            null => "none",
            string text => text,
            NetworkConfiguration network => $"{network.Architecture} {JsonSerializer.Serialize(network, network.GetType())}",
            IFormattable number => FormattableString.Invariant($"{number}"),
            IEnumerable items => string.Join(' ', items.Cast<object>().Select(item => FormattableString.Invariant($"{item}"))),
            var value => value.ToString()!,
        };

    /// <summary>Checks the value against what the field declares about itself.</summary>
    /// <exception cref="ArgumentException">The value is refused; the message names the field, the value and the rule.</exception>
    public void Validate(object options)
    {
        var value = _field.GetValue(options);
        if (_range is { } range && !range.IsValid(value))
            throw Refuse(value!, Rule(range));
        if (value is Enum word && !Enum.IsDefined(word.GetType(), word))
            throw Refuse(word, $"it is {string.Join(" or ", Enum.GetNames(word.GetType()))}");
        if (_field.GetCustomAttribute<RequiredAttribute>() is { } required && !required.IsValid(value))
            throw Refuse("empty", "it must have a value");
    }

    bool IsNetwork => _field.FieldType.IsAssignableTo(typeof(NetworkConfiguration));

    /// <summary>The rule of a range, in its own words where it has some: {1} and {2} stand for its limits.</summary>
    string Rule(RangeAttribute range) =>
        range.ErrorMessage is null
            ? $"it must be {DeclaredRange.Words(range)}"
            : string.Format(CultureInfo.InvariantCulture, range.ErrorMessage, Name, range.Minimum, range.Maximum);

    ArgumentException Refuse(object value, string rule) =>
        new(FormattableString.Invariant($"{Name} is {value}; {rule}{(_declaration?.Remedy is { } remedy ? $"; {remedy}" : "")}."), Name);
}
