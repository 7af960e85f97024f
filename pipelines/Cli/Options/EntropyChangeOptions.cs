using System.CommandLine;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Pipelines.Cli.Options;

/// <summary>The settings of <c>entropy-change</c>.</summary>
/// <param name="Noise">The noise; null for the counterexample.</param>
/// <param name="Size">The number of rows that a linear transform mixes; null if the noise or the data determine it.</param>
/// <param name="Covariance">A file with the joint covariance; null for none.</param>
/// <param name="LabelSize">The number of label coordinates in that file.</param>
/// <param name="Images">Labelled images; null for none.</param>
/// <param name="Limit">The most training rows of them; null for all.</param>
/// <param name="IsOfFile">Whether the rows come from a file of numbers.</param>
/// <param name="Shrinkage">The weight of the scaled identity in the covariance, 0 to 1; null to estimate it.</param>
/// <param name="BatchSize">Rows per batch.</param>
/// <param name="OwnWeights">The weights of the counterexample; null if it is not requested.</param>
/// <param name="IsJson">Whether the figures are printed as JSON.</param>
sealed record EntropyChangeSettings(
    NoiseDefinition? Noise,
    int? Size,
    string? Covariance,
    int LabelSize,
    string? Images,
    int? Limit,
    bool IsOfFile,
    double? Shrinkage,
    int BatchSize,
    double[]? OwnWeights,
    bool IsJson
);

/// <summary>The options of <c>entropy-change</c>.</summary>
sealed class EntropyChangeOptions
{
    readonly NoiseOptions _noise = new();
    readonly Option<int?> _size = new("--size")
    {
        Description =
            "k: the number of rows, tokens, pixel rows or channels that a linear transform mixes. Without data, it has no default.",
        HelpName = "K",
    };
    readonly Option<string?> _covariance = new("--covariance")
    {
        Description = "A .npy or .csv file with the joint covariance of a Gaussian signal and label. The signal's coordinates come first.",
        HelpName = "FILE",
    };
    readonly Option<int> _labelSize = new("--label-size")
    {
        Description = "With --covariance: the number of label coordinates, which come last.",
        HelpName = "M",
        DefaultValueFactory = _ => 1,
    };
    readonly Option<string?> _data = CommonOptions.Data(
        "Labelled images: a folder with one subfolder per class, or a data set of data-manifests/ by name. Their "
            + "training rows give the covariance."
    );
    readonly Option<int?> _limit = new("--limit")
    {
        Description = "With --data: the most training rows to read. Default: all.",
        HelpName = "N",
    };
    readonly Option<double?> _shrinkage = new("--shrinkage")
    {
        Description = "With --data or --input: the weight of a scaled identity matrix in the covariance, 0 to 1. Default: estimated.",
        HelpName = "SHARE",
    };
    readonly Option<int> _batchSize = new("--batch-size")
    {
        Description = "With --data or --input: rows per batch for noise across the batch.",
        HelpName = "N",
        DefaultValueFactory = _ => 64,
    };
    readonly Option<bool> _counterexample = new("--counterexample")
    {
        Description =
            "Show that no mixing of k rows (--size) is optimal: the less each row keeps of itself (--own-weight), the larger is the "
            + "change of entropy by the paper's formula, without a limit.",
    };
    readonly Option<double[]> _ownWeight = new("--own-weight")
    {
        Description =
            "With --counterexample: the share a of itself that a row keeps; the mean of all rows gets 1 - a. May be "
            + "repeated. Default: 0.5, 0.1, "
            + "0.01, 0.001 and 1/(k+1), the mixing that the paper calls optimal.",
        HelpName = "A",
    };
    readonly Option<bool> _json = CommonOptions.Json();

    public void AddTo(Command command)
    {
        _noise.AddTo(command);
        foreach (
            var option in (Option[])
                [_size, _covariance, _labelSize, _data, _limit, _shrinkage, _batchSize, _counterexample, _ownWeight, _json]
        )
            command.Add(option);
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="vectors">The options that name a file of numbers.</param>
    /// <exception cref="UsageException">Options exclude each other, or one is missing.</exception>
    public EntropyChangeSettings Read(ParseResult parsed, VectorRows vectors)
    {
        var settings = new EntropyChangeSettings(
            _noise.Read(parsed, MixAxis.SpatialRows),
            parsed.GetValue(_size),
            parsed.GetValue(_covariance),
            parsed.GetValue(_labelSize),
            parsed.GetValue(_data),
            parsed.GetValue(_limit),
            vectors.AreNamed(parsed, parsed.GetValue(_covariance)),
            parsed.GetValue(_shrinkage),
            parsed.GetValue(_batchSize),
            parsed.GetValue(_counterexample) ? parsed.GetValue(_ownWeight) ?? [] : null,
            parsed.GetValue(_json)
        );
        Require(settings);
        return settings;
    }

    static void Require(EntropyChangeSettings settings)
    {
        var (isOfImages, isOfFile) = (settings.Images is not null, settings.IsOfFile);
        if (isOfFile && isOfImages)
            throw new UsageException("--data names images, --input a file of numbers; give one of them.");
        if (settings.OwnWeights is not null)
        {
            if (settings.Noise is not null || isOfImages || isOfFile)
                throw new UsageException("--counterexample has its own mixing; leave out --noise, --data and --input.");
            if (settings.Size is null)
                throw new UsageException("--counterexample mixes k rows; give --size, such as 4.");
            return;
        }
        if (settings.Noise is null)
            throw new UsageException("name a noise with --noise, or show that none is optimal with --counterexample.");
        if (settings.Covariance is not null && (settings.Size is not null || isOfImages || isOfFile))
            throw new UsageException("--covariance takes the place of data; leave out --size, --data and --input.");
        if ((isOfImages || isOfFile) && settings.Size is not null)
            throw new UsageException(
                "the data determine how many rows are mixed; leave out --size. For noise across the batch, give --batch-size."
            );
    }
}
