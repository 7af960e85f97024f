using System.CommandLine;
using System.Text.Json;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Pipelines.Cli.Options;

/// <summary>
/// The options for one noise: <c>--noise FAMILY</c> with one option for every key that a family has in an experiment file, or
/// <c>--noise FAMILY:KEY=VALUE,...</c>.
/// </summary>
sealed class NoiseOptions
{
    readonly Option<string?> _family;
    readonly IReadOnlyList<(string Key, Option<string?> Option)> _parameters;

    public NoiseOptions()
    {
        _family = new("--noise")
        {
            Description =
                $"The noise family: {string.Join(", ", NoiseFamilies.Names)}. Its parameters are options, or follow it as in "
                + "gaussian:standardDeviation=25. 'noisynn schema' says what each means.",
            HelpName = "FAMILY",
        };
        _parameters =
        [
            .. NoiseFamilies
                .Names.SelectMany(name => SectionShape.Of(NoiseFamilies.Find(name)!).Keys.Select(key => (Family: name, Key: key)))
                .GroupBy(pair => pair.Key.Key)
                .Select(group => (group.Key, Create(group.First().Key, group.Select(pair => pair.Family)))),
        ];
    }

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_family);
        foreach (var (_, option) in _parameters)
            command.Add(option);
    }

    /// <summary>The noise; null if no family is named.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="axis">The axis for a family that needs one, if the command line names none.</param>
    /// <exception cref="DeclarationException">A value is missing, of another type or out of range, or belongs to another
    /// family.</exception>
    /// <exception cref="UsageException">A parameter is given without a family.</exception>
    public NoiseDefinition? Read(ParseResult parsed, MixAxis axis)
    {
        var given = _parameters.Where(parameter => parsed.GetValue(parameter.Option) is not null).ToList();
        if (parsed.GetValue(_family) is { } text && text.Contains(':', StringComparison.Ordinal))
            return given.Count == 0
                ? NoiseArgument.Parse(text, axis)
                : throw new UsageException(
                    $"give the parameters of the noise in --noise or as options such as {given[0].Option.Name}, not both."
                );
        if (parsed.GetValue(_family) is { } family)
            return NoiseArgument.Bind(
                family,
                given.Select(parameter => (parameter.Key, parsed.GetValue(parameter.Option)!, parameter.Option.Name)),
                axis
            );
        return given.Count == 0
            ? null
            : throw new UsageException($"{given[0].Option.Name} is a parameter of a noise; name its family with --noise.");
    }

    static Option<string?> Create(SectionKey key, IEnumerable<string> families)
    {
        var name = $"--{JsonNamingPolicy.KebabCaseLower.ConvertName(key.Key)}";
        string[] aliases = name == $"--{key.Key}" ? [] : [$"--{key.Key}"];
        return new(name, aliases)
        {
            Description = $"For {string.Join(", ", families)}: {Values(key)}. {Otherwise(key)}",
            HelpName = "VALUE",
        };
    }

    static string Values(SectionKey key)
    {
        if (key.Type.IsEnum)
            return $"one of {string.Join(", ", RecordSchema.Words(key.Type))}";
        if (key.Type == typeof(ValueRange))
            return "a range, such as '{low: 0, high: 255}'";
        if (RecordSchema.ElementOfList(key.Type) is not null)
            return "the rows of a matrix, such as '[[0, 0.1], [0.1, 0]]'";
        var number = key.Type == typeof(int) ? "a whole number" : "a number";
        return key.Range is { } range && DeclaredRange.HasMinimum(range) ? $"{number}, {DeclaredRange.Words(range)}" : number;
    }

    static string Otherwise(SectionKey key) =>
        key.Type == typeof(MixAxis) ? $"Default: {RecordSchema.Word(MixAxis.SpatialRows)}."
        : !key.HasDefault ? "Required."
        : FormattableString.Invariant($"Default: {key.Default ?? "none"}.");
}
