using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace NoisyNN.Pipelines.Yaml;

/// <summary>
/// Binds YAML onto immutable records, strictly: an unknown key, a missing key, a value of another type or out of range is an error that
/// says where it stands. The records are the schema (<see cref="RecordSchema"/>); nothing else lists the keys.
/// </summary>
/// <param name="locate">Where a node was written, for messages.</param>
/// <param name="whole">What the file as a whole declares, for messages.</param>
sealed partial class RecordBinder(Func<YamlNode, string> locate, string whole)
{
    readonly Dictionary<object, (YamlNode Node, string Path)> _origins = new(ReferenceEqualityComparer.Instance);

    public T Bind<T>(YamlNode node)
        where T : class => (T)BindSection(node, typeof(T), path: "");

    /// <summary>An error about a bound record that only showed once the data were known; it still names the line.</summary>
    public DeclarationException Refuse(object record, Exception cause)
    {
        var (node, path) = _origins[record];
        return new(Locate(node), $"{Name(path)}: {OneLine.Of(cause)}", cause);
    }

    object BindSection(YamlNode node, Type type, string path)
    {
        if (IsEmpty(node))
            node = Empty(node);

        if (node is not YamlMappingNode mapping)
            throw Error(node, $"{Name(path)} takes keys and values, not {Describe(node)}");

        var values = new Dictionary<string, YamlNode>();
        foreach (var (key, value) in mapping.Children)
            values[key is YamlScalarNode { Value: { } text } ? text : throw Error(key, "a key must be a plain word")] = value;

        var family = FamilyOf(type, values, mapping, path);
        var hasNetwork = RecordSchema.Constructor(type).GetParameters().Any(parameter => RecordSchema.IsNetwork(parameter.ParameterType));
        List<string> known = [.. hasNetwork ? KeysOfNetwork(values, path) : [], .. KeysOf(RecordSchema.Constructor(type), family)];
        foreach (var key in mapping.Children.Keys.Where(key => !known.Contains(((YamlScalarNode)key).Value!)))
        {
            if (hasNetwork)
                RefuseKeyOfAnother(key, values, path);
            throw Error(key, $"unknown key '{key}' in {Name(path)}; {Spelling.Suggest(key.ToString(), known)}");
        }

        return Construct(RecordSchema.Constructor(type), family, values, mapping, path);
    }

    object Construct(MethodBase maker, MethodBase? family, Dictionary<string, YamlNode> values, YamlMappingNode section, string path)
    {
        var arguments = maker
            .GetParameters()
            .Select(parameter =>
                RecordSchema.IsNoise(parameter.ParameterType) ? Construct(family!, null, values, section, path)
                : RecordSchema.IsNetwork(parameter.ParameterType) ? BindNetwork(values, section, path)
                : BindParameter(parameter, values, section, path)
            )
            .ToArray();
        try
        {
            var record = maker is ConstructorInfo constructor
                ? constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, CultureInfo.InvariantCulture)
                : maker.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, CultureInfo.InvariantCulture)!;
            _origins[record] = (section, path);
            return record;
        }
        catch (ArgumentException refused)
        {
            // The definition itself knows its valid range; the line of the offending key is the most helpful place to point at.
            var culprit = values
                .FirstOrDefault(value => string.Equals(value.Key, refused.ParamName, StringComparison.OrdinalIgnoreCase))
                .Value;
            throw new DeclarationException(Locate(culprit ?? section), $"{Name(path)}: {OneLine.Of(refused)}", refused);
        }
    }

    object? BindParameter(ParameterInfo parameter, Dictionary<string, YamlNode> values, YamlNode section, string path)
    {
        var key = RecordSchema.Key(parameter);
        var keyPath = path.Length == 0 ? key : $"{path}.{key}";
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (!values.TryGetValue(key, out var node) || (IsEmpty(node) && RecordSchema.IsNullable(parameter)))
        {
            return parameter.HasDefaultValue && (parameter.DefaultValue is not null || RecordSchema.IsNullable(parameter))
                    ? parameter.DefaultValue
                : RecordSchema.ElementOfList(type) is { } element ? Array.CreateInstance(element, 0)
                : RecordSchema.IsSection(type) ? BindSection(Empty(section), type, keyPath)
                : throw Error(section, $"{keyPath} is missing: add '{key}:' with {Expected(type)}");
        }

        var value = RecordSchema.IsOneOrMore(parameter) ? BindOneOrMore(node, type, keyPath) : BindValue(node, type, keyPath);
        if (parameter.GetCustomAttribute<RangeAttribute>() is { } range && !range.IsValid(value))
            throw Error(node, $"{keyPath} must be {Describe(range)}, got {node}");

        return value;
    }

    object BindOneOrMore(YamlNode node, Type list, string path)
    {
        var element = RecordSchema.ElementOfList(list)!;
        switch (node)
        {
            case YamlScalarNode:
                var only = Array.CreateInstance(element, 1);
                only.SetValue(BindValue(node, element, path), 0);
                return only;
            case YamlSequenceNode { Children.Count: > 0 }:
                return BindValue(node, list, path);
            default:
                throw Error(
                    node,
                    $"{path} takes {Expected(element)} or a list of them, not {(node is YamlSequenceNode ? "an empty list" : Describe(node))}"
                );
        }
    }

    object BindValue(YamlNode node, Type type, string path)
    {
        if (RecordSchema.ElementOfList(type) is { } element)
        {
            if (node is not YamlSequenceNode sequence)
                throw Error(node, $"{path} takes a list (lines that begin with '- '), not {Describe(node)}");

            var items = Array.CreateInstance(element, sequence.Children.Count);
            for (var i = 0; i < items.Length; i++)
                items.SetValue(BindValue(sequence.Children[i], element, $"{path}.{i}"), i);

            return items;
        }

        if (RecordSchema.IsSection(type))
            return BindSection(node, type, path);

        return node is YamlScalarNode { Value: { } text } scalar && Parse(text, scalar.Style is ScalarStyle.Plain, type) is { } value
            ? value
            : throw Error(
                node,
                $"{path} takes {Expected(type)}, not {Describe(node)}"
                    + (
                        type.IsEnum && node is YamlScalarNode { Value: { } word }
                            ? $"; {Spelling.Suggest(word, Words(type))}"
                            : ScalarText.Remedy(node, type)
                    )
            );
    }

    /// <summary>A value of exactly the asked type, or null.</summary>
    static object? Parse(string text, bool plain, Type type) =>
        type switch
        {
            _ when type == typeof(string) => plain && ScalarText.IsNull(text) ? null : text,
            _ when type.IsEnum => Enum.GetValues(type).Cast<object>().FirstOrDefault(value => RecordSchema.Word(value) == text),
            _ when !plain => null,
            _ when type == typeof(bool) => ScalarText.Boolean(text),
            _ when type == typeof(int) => ScalarText.Integer(text),
            _ when type == typeof(double) => ScalarText.Number(text),
            _ => throw new InvalidOperationException($"no YAML form for {type}"),
        };

    MethodBase? FamilyOf(Type section, Dictionary<string, YamlNode> values, YamlNode node, string path)
    {
        if (!RecordSchema.Constructor(section).GetParameters().Any(parameter => RecordSchema.IsNoise(parameter.ParameterType)))
            return null;

        if (!values.TryGetValue(RecordSchema.FamilyKey, out var family))
            throw Error(node, $"{Name(path)}.family is missing: add 'family:' with one of {string.Join(", ", NoiseFamilies.Names)}");

        return NoiseFamilies.Find(family.ToString())
            ?? throw Error(
                family,
                $"unknown noise family '{family}' in {Name(path)}; {Spelling.Suggest(family.ToString(), NoiseFamilies.Names)}"
            );
    }

    static IEnumerable<string> KeysOf(MethodBase maker, MethodBase? family) =>
        maker
            .GetParameters()
            .Where(parameter => !RecordSchema.IsNetwork(parameter.ParameterType))
            .SelectMany(parameter =>
                RecordSchema.IsNoise(parameter.ParameterType)
                    ? [RecordSchema.FamilyKey, .. KeysOf(family!, null)]
                    : new[] { RecordSchema.Key(parameter) }
            );

    static string Expected(Type type) =>
        type switch
        {
            _ when type == typeof(string) => "text",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(int) => "a whole number",
            _ when type == typeof(double) => "a number",
            _ when type.IsEnum => $"one of {string.Join(", ", Words(type))}",
            _ => "keys and values",
        };

    static string Describe(YamlNode node) =>
        node switch
        {
            YamlScalarNode { Style: ScalarStyle.Plain } empty when IsEmpty(empty) => "nothing",
            YamlScalarNode { Style: ScalarStyle.Plain } scalar => $"'{scalar.Value}'",
            YamlScalarNode scalar => $"the text '{scalar.Value}'",
            YamlSequenceNode => "a list",
            _ => "keys and values",
        };

    static string Describe(RangeAttribute range)
    {
        var minimum = string.Create(CultureInfo.InvariantCulture, $"{(range.MinimumIsExclusive ? "above" : "at least")} {range.Minimum}");
        var maximum = string.Create(CultureInfo.InvariantCulture, $"{(range.MaximumIsExclusive ? "below" : "at most")} {range.Maximum}");
        return range.Maximum is int.MaxValue or double.MaxValue ? minimum : $"{minimum} and {maximum}";
    }

    static List<string> Words(Type enumeration) => [.. Enum.GetValues(enumeration).Cast<object>().Select(RecordSchema.Word)];

    static bool IsEmpty(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain } scalar && ScalarText.IsNull(scalar.Value ?? "");

    readonly Dictionary<YamlNode, YamlNode> _standIns = new(ReferenceEqualityComparer.Instance);

    /// <summary>
    /// Stands for a section that is not written; mistakes in it (a missing key) are reported where it would have to be added.
    /// </summary>
    YamlMappingNode Empty(YamlNode place)
    {
        var empty = new YamlMappingNode();
        _standIns[empty] = place;
        return empty;
    }

    DeclarationException Error(YamlNode node, string problem) => new(Locate(node), problem);

    string Locate(YamlNode node)
    {
        while (_standIns.TryGetValue(node, out var place))
            node = place;
        return locate(node);
    }

    string Name(string path) => path.Length == 0 ? whole : path;
}
