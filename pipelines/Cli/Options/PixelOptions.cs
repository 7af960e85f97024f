using System.CommandLine;
using System.Globalization;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Transforms.Images;

namespace NoisyNN.Pipelines.Cli.Options;

/// <summary>The options that say which pixels a model takes that does not state them, read into a <see cref="PixelEncoding"/>.</summary>
sealed class PixelOptions
{
    readonly Option<string?> _order = new("--pixels")
    {
        Description = "The order of the channels that the model takes: rgb or bgr. Default: what its metadata state, else rgb.",
        HelpName = "ORDER",
    };
    readonly Option<string?> _range = new("--range")
    {
        Description = "The range of values that the model takes, such as 0..1 or -1..1. Default: what its metadata state, else 0..255.",
        HelpName = "LOW..HIGH",
    };
    readonly Option<string?> _mean = new("--mean")
    {
        Description =
            "What is subtracted from each channel after --range, such as 0.485,0.456,0.406. Give one number, or one "
            + "per channel in the model's order. Default: 0.",
        HelpName = "NUMBERS",
    };
    readonly Option<string?> _deviation = new("--std")
    {
        Description = "What each channel is divided by after --mean, such as 0.229,0.224,0.225. Default: 1.",
        HelpName = "NUMBERS",
    };

    public PixelOptions() => _order.AcceptOnlyFromAmong("rgb", "bgr");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_order, _range, _mean, _deviation])
            command.Add(option);
    }

    /// <summary>What the command line says; null if it says nothing, so that the model's metadata count.</summary>
    /// <exception cref="UsageException">A value is no range, or holds something that is no number.</exception>
    public PixelEncoding? Read(ParseResult parsed)
    {
        var (order, range) = (parsed.GetValue(_order), parsed.GetValue(_range));
        var (mean, deviation) = (parsed.GetValue(_mean), parsed.GetValue(_deviation));
        if (order is null && range is null && mean is null && deviation is null)
            return null;
        var (low, high) = Range(range);
        return new()
        {
            BlueFirst = order == "bgr",
            Low = low,
            High = high,
            Mean = Numbers(_mean, mean),
            Deviation = Numbers(_deviation, deviation),
        };
    }

    (float Low, float High) Range(string? text)
    {
        if (text is null)
            return (0, 255);
        return text.Split("..") is [var low, var high] && Number(low) is { } from && Number(high) is { } to && from != to
            ? (from, to)
            : throw new UsageException($"{_range.Name} is LOW..HIGH with two different numbers, such as 0..1, not '{text}'.");
    }

    static float[] Numbers(Option option, string? text) =>
        text is null
            ? []
            :
            [
                .. text.Split(',')
                    .Select(part =>
                        Number(part)
                        ?? throw new UsageException($"{option.Name} is a number, or numbers with commas between them, not '{text}'.")
                    ),
            ];

    static float? Number(string text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value) ? value : null;
}
