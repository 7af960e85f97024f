using System.CommandLine;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Transforms.Entropy.Planted;

namespace NoisyNN.Pipelines.Cli.Commands.Entropy;

/// <summary>The options of <c>estimators</c> about rows whose information is known.</summary>
sealed class PlantedOptions
{
    const string Blobs = "blobs",
        Gaussians = "gaussians";

    static readonly EqualBlobs s_blobs = new();
    static readonly CorrelatedGaussians s_gaussians = new();

    readonly Option<string?> _truth = new("--truth")
    {
        Description =
            $"What is planted: {Blobs} (classes of normal rows) or {Gaussians} (two normal rows whose components correlate). "
            + $"Default: {Blobs}.",
        HelpName = "NAME",
    };
    readonly Option<int?> _rows = new("--rows") { Description = "The number of planted rows. Default: 1000.", HelpName = "N" };
    readonly Option<int?> _dimension = new("--dimension")
    {
        Description = $"The dimensions of a planted row. Default: {s_blobs.Dimension}.",
        HelpName = "N",
    };
    readonly Option<int?> _classes = new("--classes")
    {
        Description = $"Of {Blobs}: the number of classes. Default: {s_blobs.Classes}.",
        HelpName = "N",
    };
    readonly Option<double?> _separation = new("--separation")
    {
        Description = $"Of {Blobs}: the distance of two centres, in standard deviations of a blob. Default: {s_blobs.Separation}.",
        HelpName = "D",
    };
    readonly Option<double?> _labelNoise = new("--label-noise")
    {
        Description = $"Of {Blobs}: the share of labels that are replaced by a random class. Default: 0.",
        HelpName = "SHARE",
    };
    readonly Option<double?> _correlation = new("--correlation")
    {
        Description = FormattableString.Invariant(
            $"Of {Gaussians}: the correlation of two components. Default: {s_gaussians.Correlation}."
        ),
        HelpName = "R",
    };

    IEnumerable<Option> Options => [_truth, _rows, _dimension, _classes, _separation, _labelNoise, _correlation];

    public void AddTo(Command command)
    {
        _truth.AcceptOnlyFromAmong(Blobs, Gaussians);
        foreach (var option in Options)
            command.Add(option);
    }

    /// <exception cref="UsageException">The command line plants rows beside those of a file.</exception>
    public void Refuse(ParseResult parsed)
    {
        if (Options.FirstOrDefault(option => parsed.GetResult(option) is not null) is { } stray)
            throw new UsageException($"{stray.Name} is about planted rows; leave it out, or leave out --input.");
    }

    /// <exception cref="UsageException">A value is out of range, or belongs to another truth.</exception>
    public (PlantedTruth Truth, int Rows) Read(ParseResult parsed)
    {
        var isGaussian = parsed.GetValue(_truth) == Gaussians;
        var others = isGaussian ? (Option[])[_classes, _separation, _labelNoise] : [_correlation];
        if (others.FirstOrDefault(option => parsed.GetResult(option) is not null) is { } stray)
            throw new UsageException($"{stray.Name} goes with --truth {(isGaussian ? Blobs : Gaussians)}.");
        var rows = parsed.GetValue(_rows) ?? 1000;
        if (rows < 1)
            throw new UsageException($"--rows must be at least 1. It is {rows}.");
        try
        {
            var dimension = parsed.GetValue(_dimension) ?? s_blobs.Dimension;
            PlantedTruth truth = isGaussian
                ? s_gaussians with
                {
                    Dimension = dimension,
                    Correlation = parsed.GetValue(_correlation) ?? s_gaussians.Correlation,
                }
                : s_blobs with
                {
                    Dimension = dimension,
                    Classes = parsed.GetValue(_classes) ?? s_blobs.Classes,
                    Separation = parsed.GetValue(_separation) ?? s_blobs.Separation,
                    LabelNoise = parsed.GetValue(_labelNoise) ?? s_blobs.LabelNoise,
                };
            return (truth, rows);
        }
        catch (ArgumentOutOfRangeException mistake)
        {
            throw new UsageException($"{mistake.Message.Split(" (Parameter", 2)[0]} It is {mistake.ActualValue}.");
        }
    }
}
