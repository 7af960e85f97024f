using System.CommandLine;
using NoisyNN.Pipelines.Cli.Inputs;

namespace NoisyNN.Pipelines.Cli.Options;

/// <summary>
/// The options for the labelled images to score a model on, and for trust in the model, read into a <see cref="DataRequest"/>.
/// </summary>
/// <param name="data">The description of <c>--data</c>.</param>
/// <param name="skipUnreadable">The option for images that cannot be read; null for a command that stops at the first.</param>
sealed class LabelledImageOptions(string data, Option<bool>? skipUnreadable = null)
{
    readonly Option<string?> _data = CommonOptions.Data(data);
    readonly Option<string?> _split = CommonOptions.Split();
    readonly Option<int?> _seed = CommonOptions.Seed();
    readonly Option<bool> _trusted = CommonOptions.Trusted();
    readonly PixelOptions _pixels = new();

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_data, _split, _seed, _trusted])
            command.Add(option);
        _pixels.AddTo(command);
        if (skipUnreadable is not null)
            command.Add(skipUnreadable);
    }

    /// <summary>The rows that the command line asks for.</summary>
    public DataRequest Read(ParseResult parsed, string model) =>
        new(
            model,
            parsed.GetValue(_data),
            parsed.GetValue(_split),
            parsed.GetValue(_seed),
            skipUnreadable is not null && parsed.GetValue(skipUnreadable),
            parsed.GetValue(_trusted),
            _pixels.Read(parsed)
        );
}
