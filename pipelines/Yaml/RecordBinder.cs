using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Yaml.Assignments;
using NoisyNN.Pipelines.Yaml.Presets;
using NoisyNN.Transforms;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace NoisyNN.Pipelines.Yaml;

/// <summary>
/// Binds YAML to records and options. Binding is strict: an unknown key, a missing key, or a value of another type or out of range is an
/// error that says where it stands. The types are the schema (<see cref="SectionShape"/>); there is no other list of the keys.
/// </summary>
/// <param name="locate">Where a node was written, for messages.</param>
/// <param name="whole">What the file as a whole declares, for messages.</param>
sealed partial class RecordBinder(Func<YamlNode, string> locate, string whole)
{
    readonly Dictionary<object, (YamlNode Node, string Path)> _origins = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<YamlNode, YamlNode> _standIns = new(ReferenceEqualityComparer.Instance);

    // What the network of the file trains by; sections are bound in the order of their keys, and the network comes before its training.
    TrainingRecipe _recipe = new();

    public T Bind<T>(YamlNode node)
        where T : class => (T)BindSection(node, typeof(T), path: "");

    /// <summary>An error about a bound record that only shows once the data are known. It names the line all the same.</summary>
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

        var shape = type == typeof(TrainingRecipe) ? SectionShape.Of(_recipe) : SectionShape.Of(type);
        if (shape.HasNoise)
            mapping = Expand(mapping, shape, path);
        var values = new Dictionary<string, YamlNode>();
        foreach (var (key, value) in mapping.Children)
            values[key is YamlScalarNode { Value: { } text } ? text : throw Error(key, "a key must be a plain word")] = value;

        var family = shape.HasNoise ? FamilyOf(values, mapping, path) : null;
        List<string> known = [.. shape.HasNetwork ? KeysOfNetwork(values, path) : [], .. KeysOf(shape, family)];
        foreach (var key in mapping.Children.Keys.Where(key => !known.Contains(((YamlScalarNode)key).Value!)))
        {
            if (shape.HasNetwork)
                RefuseKeyOfAnother(key, values, path);
            throw Error(key, $"unknown key '{key}' in {Name(path)}; {Spelling.Suggest(key.ToString(), known)}");
        }

        return Construct(shape, family, values, mapping, path);
    }

    object Construct(SectionShape shape, SectionShape? family, Dictionary<string, YamlNode> values, YamlMappingNode section, string path)
    {
        var arguments = shape
            .Keys.Select(key =>
                key.IsNoise ? Construct(family!, null, values, section, path)
                : key.IsNetwork ? BindNetwork(values, section, path)
                : BindKey(key, shape.ChecksRanges, values, section, path)
            )
            .ToArray();
        try
        {
            var made = shape.Create(arguments);
            _origins[made] = (section, path);
            return made;
        }
        catch (ArgumentException refused)
        {
            // The definition itself knows its valid range; the line of the offending key is the most helpful place to point at.
            var culprit = shape.Keys.FirstOrDefault(key => Names(key, refused.ParamName))?.Key;
            throw new DeclarationException(
                Locate(culprit is not null && values.TryGetValue(culprit, out var node) ? node : section),
                $"{Name(path)}: {shape.Translate(OneLine.Of(refused))}",
                refused
            );
        }
    }

    static bool Names(SectionKey key, string? parameter) =>
        string.Equals(key.Name, parameter, StringComparison.OrdinalIgnoreCase)
        || string.Equals(key.Key, parameter, StringComparison.OrdinalIgnoreCase);

    object? BindKey(SectionKey key, bool checksRange, Dictionary<string, YamlNode> values, YamlNode section, string path)
    {
        var keyPath = path.Length == 0 ? key.Key : $"{path}.{key.Key}";
        if (!values.TryGetValue(key.Key, out var node) || (IsEmpty(node) && key.IsNullable))
        {
            return key.HasDefault ? key.Default
                : RecordSchema.ElementOfList(key.Type) is { } element ? Array.CreateInstance(element, 0)
                : RecordSchema.IsSection(key.Type) ? BindSection(Empty(section), key.Type, keyPath)
                : throw Error(section, $"{keyPath} is missing: add '{key.Key}:' with {Expected(key.Type)}");
        }

        var value = key.IsOneOrMore ? BindOneOrMore(node, key.Type, keyPath) : BindValue(node, key.Type, keyPath);
        if (checksRange && key.Range is { } range && !range.IsValid(value))
            throw Error(
                node,
                $"{keyPath} must be {DeclaredRange.Words(range)}, got {node}{(key.Option?.Remedy is { } remedy ? $"; {remedy}" : "")}"
            );

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
                    $"{path} takes {Expected(element)} or a list of them, not "
                        + $"{(node is YamlSequenceNode ? "an empty list" : Describe(node))}"
                );
        }
    }

    object BindValue(YamlNode node, Type type, string path)
    {
        if (RecordSchema.ElementOfList(type) is { } element)
        {
            if (RecordSchema.IsAssignment(element))
                return BindAssignments(node, path);
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
                            ? $"; {Spelling.Suggest(word, RecordSchema.Words(type))}"
                            : ScalarText.Remedy(node, type)
                    )
            );
    }

    /// <summary>Keys with dots, and any values; what they mean shows when they are applied.</summary>
    Assignment[] BindAssignments(YamlNode node, string path)
    {
        if (node is not YamlMappingNode mapping)
            throw Error(node, $"{path} takes keys with dots and their values, such as 'training.epochs: 3', not {Describe(node)}");
        return
        [
            .. mapping.Children.Select(pair =>
                pair.Key is YamlScalarNode { Value: { } key } && Assignment.IsPath(key)
                    ? new Assignment(key, FlowText.Of(pair.Value), Locate(pair.Value))
                    : throw Error(pair.Key, $"{path}: '{pair.Key}' is no key of an experiment; write it as in training.epochs")
            ),
        ];
    }

    /// <summary>The value if it has exactly the requested type; null otherwise.</summary>
    static object? Parse(string text, bool plain, Type type) =>
        type switch
        {
            _ when type == typeof(string) => plain && ScalarText.IsNull(text) ? null : text,
            _ when type.IsEnum => Enum.GetValues(type).Cast<object>().FirstOrDefault(value => RecordSchema.Word(value) == text),
            _ when !plain => null,
            _ when type == typeof(bool) => ScalarText.Boolean(text),
            _ when type == typeof(int) => ScalarText.Integer(text),
            _ when type == typeof(long) => ScalarText.LongInteger(text),
            _ when type == typeof(double) => ScalarText.Number(text),
            _ => throw new InvalidOperationException($"no YAML form for {type}"),
        };

    SectionShape FamilyOf(Dictionary<string, YamlNode> values, YamlNode node, string path)
    {
        if (!values.TryGetValue(RecordSchema.FamilyKey, out var family))
            throw Error(node, $"{Name(path)}.family is missing: add 'family:' with one of {string.Join(", ", NoiseFamilies.Names)}");

        return NoiseFamilies.Find(family.ToString()) is { } maker
            ? SectionShape.Of(maker)
            : throw Error(
                family,
                $"unknown noise family '{family}' in {Name(path)}; {Spelling.Suggest(family.ToString(), NoiseFamilies.Names)}"
            );
    }

    /// <summary>The section with the keys of the preset that it names; the section itself if it names none.</summary>
    YamlMappingNode Expand(YamlMappingNode section, SectionShape shape, string path)
    {
        var (key, name) = section.Children.FirstOrDefault(pair => pair.Key is YamlScalarNode { Value: NoisePresets.Key });
        if (key is null)
            return section;
        if (section.Children.ContainsKey(new YamlScalarNode(RecordSchema.FamilyKey)))
            throw Error(key, $"{Name(path)} has a preset and a family; a preset has a family of its own, so leave out one of them");
        var preset =
            NoisePresets.Find(name.ToString())
            ?? throw Error(name, $"unknown preset '{name}' in {Name(path)}; {Spelling.Suggest(name.ToString(), NoisePresets.Names)}");
        var added = new List<YamlNode>();
        var expanded = preset.Expand(section, key, word => shape.Keys.Any(known => known.Key == word), added);
        foreach (var node in added)
            _standIns[node] = name;
        _standIns[expanded] = section;
        return expanded;
    }

    static IEnumerable<string> KeysOf(SectionShape shape, SectionShape? family) =>
        shape
            .Keys.Where(key => !key.IsNetwork)
            .SelectMany(key => key.IsNoise ? [RecordSchema.FamilyKey, .. KeysOf(family!, null)] : new[] { key.Key });

    static string Expected(Type type) =>
        type switch
        {
            _ when type == typeof(string) => "text",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(int) || type == typeof(long) => "a whole number",
            _ when type == typeof(double) => "a number",
            _ when type.IsEnum => $"one of {string.Join(", ", RecordSchema.Words(type))}",
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

    static bool IsEmpty(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain } scalar && ScalarText.IsNull(scalar.Value ?? "");

    /// <summary>
    /// Stands for a section that is not written. An error in it, such as a missing key, names the place where the section would be added.
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
