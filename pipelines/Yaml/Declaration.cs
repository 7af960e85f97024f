using NoisyNN.Pipelines.Yaml.Assignments;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace NoisyNN.Pipelines.Yaml;

/// <summary>
/// The text of a declared file as YAML nodes, with overrides of the form <c>path=value</c> applied. It records where each node was written.
/// </summary>
sealed class Declaration
{
    const int LongestShown = 120;

    readonly string _path;
    readonly Dictionary<YamlNode, string> _origins = new(ReferenceEqualityComparer.Instance);

    Declaration(string path, YamlMappingNode root)
    {
        _path = path;
        Root = root;
    }

    /// <summary>The keys and values at the top.</summary>
    public YamlMappingNode Root { get; }

    /// <summary>
    /// Reads a text; <paramref name="path"/> only names it in messages. Overrides apply in their order.
    /// </summary>
    /// <exception cref="DeclarationException">The text is not YAML, or an override leads nowhere.</exception>
    public static Declaration Parse(string text, string path, IEnumerable<Assignment> overrides)
    {
        var declaration = new Declaration(path, ReadMapping(text, path));
        foreach (var assignment in overrides)
            declaration.Apply(assignment);
        return declaration;
    }

    /// <summary>Whether the key stands at the top.</summary>
    public bool Has(string key) => Root.Children.ContainsKey(new YamlScalarNode(key));

    /// <summary>Binds all of it to a record.</summary>
    /// <param name="whole">What the file declares, for messages.</param>
    /// <exception cref="DeclarationException">A key or a value is not valid.</exception>
    public T Bind<T>(string whole)
        where T : class => new RecordBinder(Locate, whole).Bind<T>(Root);

    /// <summary>Where a node was written: a line of the file, or the override that made it.</summary>
    public string Locate(YamlNode node) => _origins.TryGetValue(node, out var origin) ? origin : $"{_path}:{node.Start.Line}";

    static YamlMappingNode ReadMapping(string text, string path)
    {
        IList<YamlDocument> documents;
        try
        {
            documents = YamlText.Load(text);
        }
        catch (YamlException malformed)
        {
            var (line, problem) = YamlText.Explain(malformed, text);
            throw new DeclarationException($"{path}:{line}", problem, malformed);
        }

        foreach (var document in documents)
            YamlMerge.Apply(document.RootNode);
        return documents switch
        {
            [{ RootNode: YamlMappingNode root }] => root,
            [] => throw new DeclarationException($"{path}:1", "the file is empty; it declares nothing"),
            [var only] => throw new DeclarationException(
                $"{path}:{only.RootNode.Start.Line}",
                "a declaration consists of keys and values, such as 'name: demo'"
            ),
            [_, var second, ..] => throw new DeclarationException(
                $"{path}:{second.RootNode.Start.Line}",
                "one file declares one thing; remove the line '---' and what follows"
            ),
            _ => throw new InvalidOperationException("unreachable: every count of documents is handled"),
        };
    }

    void Apply(Assignment assignment)
    {
        var (steps, origin) = (assignment.Path.Split('.'), assignment.Origin);
        YamlNode current = Root;
        foreach (var step in steps[..^1])
        {
            current = Child(current, step) switch
            {
                null or YamlScalarNode { Value: null or "" } => Put(current, step, new YamlMappingNode()),
                YamlScalarNode scalar => throw new DeclarationException(origin, $"'{step}' holds the value '{scalar.Value}', not keys"),
                var next => next,
            };
        }

        Put(current, steps[^1], ReadValue(assignment.Value, origin));

        YamlNode Put(YamlNode parent, string key, YamlNode value)
        {
            foreach (var node in value.AllNodes)
                _origins[node] = origin;

            switch (parent)
            {
                case YamlMappingNode mapping when mapping.Children.ContainsKey(key):
                    mapping.Children[key] = value;
                    break;
                case YamlMappingNode mapping:
                    var written = new YamlScalarNode(key);
                    _origins[written] = origin;
                    mapping.Children.Add(written, value);
                    break;
                case YamlSequenceNode list when int.TryParse(key, out var index) && index >= 0 && index < list.Children.Count:
                    list.Children[index] = value;
                    break;
                default:
                    throw new DeclarationException(origin, $"there is no entry '{key}' in the list; its entries are counted from 0");
            }

            return value;
        }
    }

    /// <summary>Reads <c>path=value</c>, as it is written after <c>--set</c>.</summary>
    /// <exception cref="DeclarationException">There is no path.</exception>
    public static Assignment ReadOverride(string text)
    {
        var origin = Shown($"--set {text}");
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && Assignment.IsPath(text[..equals].Trim())
            ? new Assignment(text[..equals].Trim(), text[(equals + 1)..].Trim(), origin)
            : throw new DeclarationException(origin, "an override is written path=value, as in training.epochs=3");
    }

    /// <summary>An argument as typed, or its beginning if it is too long for a message.</summary>
    public static string Shown(string argument) => argument.Length <= LongestShown ? argument : $"{argument.AsSpan(0, LongestShown)}…";

    static YamlNode? Child(YamlNode parent, string key) =>
        parent switch
        {
            YamlMappingNode mapping => mapping.Children.TryGetValue(key, out var value) ? value : null,
            YamlSequenceNode list when int.TryParse(key, out var index) && index >= 0 && index < list.Children.Count => list.Children[
                index
            ],
            _ => null,
        };

    /// <summary>The value of an assignment; <paramref name="origin"/> says where it was written.</summary>
    /// <exception cref="DeclarationException">The value is not YAML.</exception>
    public static YamlNode ReadValue(string text, string origin)
    {
        try
        {
            return YamlText.Load(text) is [{ RootNode: var value }] ? value : new YamlScalarNode(text) { Style = ScalarStyle.Plain };
        }
        catch (YamlException malformed)
        {
            throw new DeclarationException(origin, $"the value is {YamlText.Explain(malformed, text).Problem}", malformed);
        }
    }
}
