using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>An experiment as declared in a YAML file, with the overrides of the command line applied.</summary>
public sealed class ExperimentFile
{
    readonly RecordBinder _binder;

    ExperimentFile(string path, Experiment experiment, RecordBinder binder)
    {
        Path = path;
        Experiment = experiment;
        _binder = binder;
    }

    /// <summary>The file that was read.</summary>
    public string Path { get; }

    /// <summary>What it declares.</summary>
    public Experiment Experiment { get; }

    /// <summary>The whole experiment as YAML, defaults and overrides included.</summary>
    public string Effective => RecordWriter.Write(Experiment);

    /// <summary>Reads a file; an override is a dotted path and a value, as in <c>training.epochs=3</c> or <c>pipeline.0.strength=0.2</c>.</summary>
    /// <exception cref="ExperimentFileException">Something in it is unknown, missing, of the wrong type or out of range.</exception>
    public static ExperimentFile Load(string path, IEnumerable<string>? overrides = null)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            var cause = unreadable is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : OneLine.Of(unreadable);
            throw new ExperimentFileException(path, $"{cause}; give the path of an experiment file (YAML)", unreadable);
        }

        return Parse(text, path, overrides);
    }

    /// <summary>Reads the text of a file; <paramref name="path"/> only names it in messages.</summary>
    /// <inheritdoc cref="Load"/>
    public static ExperimentFile Parse(string text, string path, IEnumerable<string>? overrides = null)
    {
        var origins = new Dictionary<YamlNode, string>(ReferenceEqualityComparer.Instance);
        var root = ReadMapping(text, path);
        foreach (var assignment in overrides ?? [])
            Apply(root, assignment, origins);

        var binder = new RecordBinder(node => origins.TryGetValue(node, out var origin) ? origin : $"{path}:{node.Start.Line}");
        return new ExperimentFile(path, binder.Bind<Experiment>(root), binder);
    }

    /// <summary>An error about a part of the experiment that only showed once the data were known.</summary>
    public ExperimentFileException Refuse(object part, Exception cause) => _binder.Refuse(part, cause);

    static YamlMappingNode ReadMapping(string text, string path)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException malformed)
        {
            var cause = malformed.InnerException is ArgumentException duplicate ? duplicate.Message : malformed.Message;
            throw new ExperimentFileException($"{path}:{malformed.Start.Line}", $"not valid YAML: {OneLine.Of(new FormatException(cause))}", malformed);
        }

        return stream.Documents switch
        {
            [{ RootNode: YamlMappingNode root }] => root,
            [] => throw new ExperimentFileException($"{path}:1", "the file is empty; an experiment has at least 'name:' and 'data:'"),
            [var only] => throw new ExperimentFileException($"{path}:{only.RootNode.Start.Line}", "an experiment consists of keys and values, such as 'name: demo'"),
            [_, var second, ..] => throw new ExperimentFileException($"{path}:{second.RootNode.Start.Line}", "one file declares one experiment; remove the line '---' and what follows"),
            _ => throw new InvalidOperationException("unreachable: every count of documents is handled"),
        };
    }

    static void Apply(YamlMappingNode root, string assignment, Dictionary<YamlNode, string> origins)
    {
        var origin = $"--set {assignment}";
        var equals = assignment.IndexOf('=', StringComparison.Ordinal);
        var steps = equals > 0 ? assignment[..equals].Trim().Split('.') : [];
        if (steps.Length == 0 || steps.Any(step => step.Length == 0))
            throw new ExperimentFileException(origin, "an override is written path=value, as in training.epochs=3");

        YamlNode current = root;
        foreach (var step in steps[..^1])
        {
            current = Child(current, step) switch
            {
                null or YamlScalarNode { Value: null or "" } => Put(current, step, new YamlMappingNode()),
                YamlScalarNode scalar => throw new ExperimentFileException(origin, $"'{step}' holds the value '{scalar.Value}', not keys"),
                var next => next,
            };
        }

        Put(current, steps[^1], ReadValue(assignment[(equals + 1)..].Trim(), origin));

        YamlNode Put(YamlNode parent, string key, YamlNode value)
        {
            foreach (var node in value.AllNodes)
                origins[node] = origin;

            switch (parent)
            {
                case YamlMappingNode mapping when mapping.Children.ContainsKey(key):
                    mapping.Children[key] = value;
                    break;
                case YamlMappingNode mapping:
                    var written = new YamlScalarNode(key);
                    origins[written] = origin;
                    mapping.Children.Add(written, value);
                    break;
                case YamlSequenceNode list when int.TryParse(key, out var index) && index >= 0 && index < list.Children.Count:
                    list.Children[index] = value;
                    break;
                default:
                    throw new ExperimentFileException(origin, $"there is no entry '{key}' in the list; its entries are counted from 0");
            }

            return value;
        }
    }

    static YamlNode? Child(YamlNode parent, string key) => parent switch
    {
        YamlMappingNode mapping => mapping.Children.TryGetValue(key, out var value) ? value : null,
        YamlSequenceNode list when int.TryParse(key, out var index) && index >= 0 && index < list.Children.Count => list.Children[index],
        _ => null,
    };

    static YamlNode ReadValue(string text, string origin)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException malformed)
        {
            throw new ExperimentFileException(origin, $"the value is not valid YAML: {OneLine.Of(malformed)}", malformed);
        }

        return stream.Documents is [{ RootNode: var value }] ? value : new YamlScalarNode(text) { Style = ScalarStyle.Plain };
    }
}
