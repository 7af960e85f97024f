using System.Globalization;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Pipelines.Yaml.Assignments;
using YamlDotNet.RepresentationModel;

namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>The values that a sweep gives to one key: a list, or a range of numbers.</summary>
sealed class ParameterValues
{
    const string From = "from",
        To = "to",
        Step = "step",
        Scale = "scale",
        Logarithmic = "log",
        Linear = "linear";

    static readonly string[] s_keys = [From, To, Step, Scale];

    readonly string[]? _listed;
    readonly double _from,
        _to;
    readonly bool _isLogarithmic;

    ParameterValues(Assignment assignment, YamlNode node)
    {
        Path = assignment.Path;
        if (node is YamlMappingNode range && IsRange(range))
        {
            (_from, _to) = (Number(assignment, range, From), Number(assignment, range, To));
            if (!(_from < _to))
                throw Error(assignment, $"the range of {Path} is empty; '{From}' must be below '{To}'");
            _isLogarithmic = IsLogarithmic(assignment, range);
            if (_isLogarithmic && _from <= 0)
                throw Error(assignment, $"a range of {Path} with '{Scale}: {Logarithmic}' must begin above 0");
            if (range.Children.ContainsKey(Step))
                _listed = Steps(assignment, Number(assignment, range, Step));
            return;
        }
        _listed = node is YamlSequenceNode list ? [.. list.Children.Select(FlowText.Of)] : [assignment.Value];
        if (_listed.Length == 0)
            throw Error(assignment, $"the list of {Path} is empty; add values, or leave out the key");
    }

    /// <summary>The key.</summary>
    public string Path { get; }

    /// <summary>Reads the values of an assignment: a list, a range, or one value.</summary>
    /// <exception cref="DeclarationException">The range is not one of numbers, or nothing is in it.</exception>
    public static ParameterValues Of(Assignment assignment) => new(assignment, Declaration.ReadValue(assignment.Value, assignment.Origin));

    /// <summary>All values, for a grid.</summary>
    /// <exception cref="DeclarationException">The range has no step.</exception>
    public IReadOnlyList<Assignment> All(Assignment declared) =>
        _listed is null
            ? throw Error(declared, $"the range of {Path} has no end of values; add '{Step}', or move the key to 'random'")
            : [.. _listed.Select(value => declared with { Value = value })];

    /// <summary>The value at a share of the list or range.</summary>
    /// <param name="declared">What was declared.</param>
    /// <param name="share">From 0 below 1.</param>
    public Assignment At(Assignment declared, double share) =>
        declared with
        {
            Value =
                _listed is { } values ? values[(int)(share * values.Length)]
                : _isLogarithmic ? Text(_from * Math.Pow(_to / _from, share))
                : Text(_from + (_to - _from) * share),
        };

    /// <summary>Whether a value is one of these. Numbers are compared as numbers.</summary>
    public bool Contains(string value) =>
        _listed is { } values
            ? values.Any(listed => listed == value || ScalarText.Number(listed) is { } number && number == ScalarText.Number(value))
            : ScalarText.Number(value) is { } drawn && _from <= drawn && drawn <= _to;

    static bool IsRange(YamlMappingNode node) =>
        node.Children.Keys.All(key => key is YamlScalarNode { Value: { } word } && s_keys.Contains(word))
        && node.Children.ContainsKey(From)
        && node.Children.ContainsKey(To);

    static bool IsLogarithmic(Assignment assignment, YamlMappingNode range) =>
        range.Children.TryGetValue(Scale, out var scale)
        && scale.ToString() switch
        {
            Logarithmic => true,
            Linear => false,
            var other => throw Error(assignment, $"unknown '{Scale}' '{other}'; {Spelling.Suggest(other, [Linear, Logarithmic])}"),
        };

    static double Number(Assignment assignment, YamlMappingNode range, string key) =>
        ScalarText.Number(range.Children[key].ToString())
        ?? throw Error(assignment, $"'{key}' of {assignment.Path} takes a number, not '{range.Children[key]}'");

    string[] Steps(Assignment assignment, double step)
    {
        const int most = 10_000;
        if (_isLogarithmic)
            throw Error(assignment, $"a range of {Path} has '{Step}' or '{Scale}: {Logarithmic}', not both; list the values instead");
        // The end belongs to the range although 0.1 has no finite binary form.
        var count = Math.Floor((_to - _from) / step + 1e-9) + 1;
        return step > 0 && count <= most
            ? [.. Enumerable.Range(0, (int)count).Select(index => Text(_from + index * step))]
            : throw Error(assignment, $"'{Step}' of {Path} must be above 0 and give at most {most} values");
    }

    /// <summary>Six digits: enough for a setting, and short enough for a table.</summary>
    static string Text(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    static DeclarationException Error(Assignment assignment, string problem) => new(assignment.Origin, problem);
}
