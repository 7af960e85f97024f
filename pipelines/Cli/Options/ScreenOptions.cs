using System.CommandLine;
using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Advice;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Pipelines.Cli.Options;

/// <summary>The options of <c>screen</c> about the measurement, read into <see cref="AdviceOptions"/>.</summary>
sealed class ScreenOptions
{
    static readonly AdviceOptions s_default = new();

    readonly Option<string[]> _noise = new("--noise")
    {
        Description =
            "A noise to rank, in the units of the column, such as gaussian:standardDeviation=25 or "
            + "circular-shift:strength=0.3,axis=spatial-rows. May be "
            + "repeated. Default: families and strengths that suit the column.",
        HelpName = "NOISE",
    };
    readonly Option<int?> _blocks = new("--blocks")
    {
        Description =
            "The number of groups of rows without a common row; each gives one difference. Default: 20, or fewer if there are few rows.",
        HelpName = "N",
    };
    readonly Option<int> _rows = new("--rows-per-block")
    {
        Description = "The most rows in one group.",
        HelpName = "N",
        DefaultValueFactory = _ => s_default.RowsPerBlock,
    };
    readonly Option<double?> _sigma = new("--sigma")
    {
        Description = "The bandwidth, in units of the measured column. Default: the median distance between rows without noise.",
        HelpName = "SIGMA",
    };
    readonly Option<int> _batchSize = new("--batch-size")
    {
        Description =
            "Rows per batch for noise across the batch. The rows of a group are in random order, so that a group has several batches.",
        HelpName = "N",
        DefaultValueFactory = _ => s_default.BatchSize,
    };
    readonly Option<int?> _seed = new("--seed")
    {
        Description = "The seed of the noise, of the sample of rows, and of splits that the data lack. Default: 1, or the seed of the run.",
        HelpName = "N",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_noise, _blocks, _rows, _sigma, _batchSize, _seed])
            command.Add(option);
    }

    /// <summary>The seed on the command line; null where there is none.</summary>
    public int? Seed(ParseResult parsed) => parsed.GetValue(_seed);

    public AdviceOptions Read(ParseResult parsed) =>
        new()
        {
            Candidates = parsed.GetValue(_noise) is { Length: > 0 } texts
                ? [.. texts.Select(text => NoiseArgument.Parse(text, MixAxis.SpatialRows))]
                : null,
            Blocks = parsed.GetValue(_blocks),
            RowsPerBlock = parsed.GetValue(_rows),
            Bandwidth = parsed.GetValue(_sigma) is { } sigma ? Bandwidth.Of(sigma) : Bandwidth.MedianDistance,
            BatchSize = parsed.GetValue(_batchSize),
            Seed = Seed(parsed) ?? 1,
        };
}
