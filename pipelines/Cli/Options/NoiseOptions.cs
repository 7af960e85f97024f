using System.CommandLine;
using System.Text.Json;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Pipelines.Cli.Options;

/// <summary>
/// The options for one noise: <c>--noise FAMILY</c>, and one option for every key that a family has in an experiment file.
/// </summary>
sealed class NoiseOptions
{
    readonly Option<string?> _family;
    readonly IReadOnlyList<(string Key, Option<string?> Option)> _parameters;

    public NoiseOptions()
    {
        _family = new("--noise") { Description = $"The noise family: {string.Join(", ", NoiseFamilies.Names)}.", HelpName = "FAMILY" };
        _family.AcceptOnlyFromAmong([.. NoiseFamilies.Names]);
        _parameters =
        [
            .. NoiseFamilies
                .Names.SelectMany(name => SectionShape.Of(NoiseFamilies.Find(name)!).Keys.Select(key => (Family: name, Key: key)))
                .GroupBy(pair => pair.Key.Key)
                .Select(group => (group.Key, Create(group.Key, group.First().Key.Type, group.Select(pair => pair.Family)))),
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

    static Option<string?> Create(string key, Type type, IEnumerable<string> families)
    {
        var name = $"--{JsonNamingPolicy.KebabCaseLower.ConvertName(key)}";
        string[] aliases = name == $"--{key}" ? [] : [$"--{key}"];
        var form =
            type.IsEnum ? $"one of {string.Join(", ", Enum.GetValues(type).Cast<object>().Select(RecordSchema.Word))}"
            : type == typeof(ValueRange) ? "a range, such as '{low: 0, high: 255}'"
            : RecordSchema.ElementOfList(type) is not null ? "the rows of a matrix, such as '[[0, 0.1], [0.1, 0]]'"
            : "a number";
        return new(name, aliases) { Description = $"For {string.Join(", ", families)}: {form}.", HelpName = "VALUE" };
    }
}
