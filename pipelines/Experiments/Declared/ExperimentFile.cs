using NoisyNN.Pipelines.Data.Formats.Tables;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Pipelines.Yaml.Assignments;

namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>An experiment as declared in a YAML file, with the overrides of the command line applied.</summary>
public sealed class ExperimentFile
{
    const long LongestFile = 1 << 24;

    readonly string _text;
    readonly IReadOnlyList<Assignment> _assignments;
    readonly RecordBinder _binder;

    ExperimentFile(string path, string text, IReadOnlyList<Assignment> assignments, Experiment experiment, RecordBinder binder)
    {
        Path = path;
        _text = text;
        _assignments = assignments;
        Experiment = experiment;
        _binder = binder;
    }

    /// <summary>The file that was read.</summary>
    public string Path { get; }

    /// <summary>The experiment that it declares.</summary>
    public Experiment Experiment { get; }

    /// <summary>The whole experiment as YAML, defaults and overrides included.</summary>
    public string Effective => RecordWriter.Write(Experiment);

    /// <summary>
    /// Reads a file; an override is a dotted path and a value, as in <c>training.epochs=3</c> or <c>pipeline.0.strength=0.2</c>.
    /// </summary>
    /// <exception cref="DeclarationException">A key or a value is unknown, missing, of the wrong type or out of range.</exception>
    public static ExperimentFile Load(string path, IEnumerable<string>? overrides = null) => Parse(ReadText(path), path, overrides);

    internal static string ReadText(string path)
    {
        try
        {
            return File.Exists(path) ? EncodedText.Read(path, LongestFile) : File.ReadAllText(path);
        }
        catch (InvalidDataException noText)
        {
            var cause = OneLine.Of(noText);
            throw new DeclarationException(
                path,
                cause.StartsWith(path, StringComparison.Ordinal) ? cause[path.Length..].TrimStart(',', ' ') : cause,
                noText
            );
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            var cause = unreadable is FileNotFoundException or DirectoryNotFoundException
                ? "there is no such file"
                : OneLine.Of(unreadable);
            throw new DeclarationException(path, $"{cause}; give the path of an experiment file (YAML)", unreadable);
        }
    }

    /// <summary>Reads the text of a file; <paramref name="path"/> only names it in messages.</summary>
    /// <inheritdoc cref="Load"/>
    public static ExperimentFile Parse(string text, string path, IEnumerable<string>? overrides = null) =>
        Parse(text, path, [.. (overrides ?? []).Select(Declaration.ReadOverride)]);

    static ExperimentFile Parse(string text, string path, IReadOnlyList<Assignment> assignments)
    {
        var declaration = Declaration.Parse(text, path, assignments);
        var binder = new RecordBinder(declaration.Locate, "the experiment");
        return new ExperimentFile(path, text, assignments, binder.Bind<Experiment>(declaration.Root), binder);
    }

    /// <summary>The same file with further values, which come after the overrides.</summary>
    /// <inheritdoc cref="Load"/>
    public ExperimentFile With(IEnumerable<Assignment> assignments) => Parse(_text, Path, [.. _assignments, .. assignments]);

    /// <summary>An error about a part of the experiment that only shows once the data are known.</summary>
    public DeclarationException Refuse(object part, Exception cause) => _binder.Refuse(part, cause);
}
