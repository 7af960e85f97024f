using System.CommandLine;
using System.Text.RegularExpressions;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Transforms.Entropy;

namespace NoisyNN.Pipelines.Cli.Options;

/// <summary>The options of <c>measure</c> about the measurement, read into <see cref="EntropyOptions"/>.</summary>
sealed partial class MeasureOptions
{
    static readonly EntropyOptions s_default = new();

    readonly Option<double?> _sigma = new("--sigma")
    {
        Description = "The bandwidth, in units of the scaled features. Default: found by --bandwidth.",
        HelpName = "SIGMA",
    };
    readonly Option<string?> _bandwidth = Choice(
        "--bandwidth",
        "The rule for the bandwidth if --sigma is not given",
        ["median-distance", "sqrt-dimension", "adaptive"]
    );
    readonly Option<double> _power = new("--power")
    {
        Description = "t, the power of the eigenvalues.",
        HelpName = "T",
        DefaultValueFactory = _ => s_default.Power,
    };
    readonly Option<string?> _mode = Choice(
        "--mode",
        "The distribution whose entropy is measured",
        [.. Enum.GetValues<EntropyMode>().Select(mode => Word(mode))]
    );
    readonly Option<string?> _scaling = Choice(
        "--scaling",
        "The scaling of the features before the measurement",
        [.. Enum.GetValues<FeatureScaling>().Select(scaling => Word(scaling))]
    );
    readonly Option<int> _neighbors = new("--neighbors")
    {
        Description = "The number of neighbours, for the adaptive bandwidth and for the mode neighbor-adjacency.",
        HelpName = "K",
        DefaultValueFactory = _ => s_default.Neighbors,
    };
    readonly Option<int> _bins = new("--bins")
    {
        Description = "For the mode classic-shannon: the number of bins per feature. It does not affect labels.",
        HelpName = "N",
        DefaultValueFactory = _ => s_default.Bins,
    };
    readonly Option<int> _clusters = new("--clusters")
    {
        Description =
            "The number of classes that labels with fractions (bins), or labels of several numbers a row (clusters), are divided into.",
        HelpName = "N",
        DefaultValueFactory = _ => s_default.Clusters,
    };
    readonly Option<int> _repetitions = new("--repetitions")
    {
        Description = "The number of random subsets that each class is compared with.",
        HelpName = "N",
        DefaultValueFactory = _ => s_default.Repetitions,
    };
    readonly Option<bool> _interval = new("--interval") { Description = "Print 95 % intervals, from subsamples without replacement." };
    readonly Option<int> _subsamples = new("--subsamples")
    {
        Description = "With --interval: the number of subsamples.",
        HelpName = "N",
        DefaultValueFactory = _ => 100,
    };
    readonly Option<bool> _approximate = new("--approximate")
    {
        Description = "Measure approximately if there are 1,000 rows or more, and print a bound for the error.",
    };
    readonly Option<bool> _single = new("--single") { Description = "Compute in float32: faster, and within 0.00001 bit." };
    readonly Option<int?> _maxRows = new("--max-rows")
    {
        Description =
            "Measure a random sample of this size if there are more rows (after --limit). Default: 10000, or all rows with --approximate.",
        HelpName = "N",
    };
    readonly Option<int> _seed = new("--seed")
    {
        Description = "The seed of all random choices.",
        HelpName = "N",
        DefaultValueFactory = _ => s_default.Seed,
    };

    public void AddTo(Command command)
    {
        foreach (
            var option in (Option[])
                [
                    _sigma,
                    _power,
                    _bandwidth,
                    _mode,
                    _scaling,
                    _neighbors,
                    _bins,
                    _clusters,
                    _repetitions,
                    _interval,
                    _subsamples,
                    _approximate,
                    _single,
                    _maxRows,
                    _seed,
                ]
        )
            command.Add(option);
    }

    /// <exception cref="UsageException">A value is out of range, or options exclude each other.</exception>
    public EntropyOptions Read(ParseResult parsed)
    {
        if (parsed.GetValue(_sigma) is not null && parsed.GetValue(_bandwidth) is not null)
            throw new UsageException("--sigma sets the bandwidth, --bandwidth the rule that finds one; give one of them.");
        try
        {
            return new()
            {
                Bandwidth = parsed.GetValue(_sigma) is { } sigma
                    ? Bandwidth.Of(sigma)
                    : parsed.GetValue(_bandwidth) switch
                    {
                        "sqrt-dimension" => Bandwidth.RootDimension,
                        "adaptive" => Bandwidth.Adaptive(parsed.GetValue(_neighbors)),
                        _ => Bandwidth.MedianDistance,
                    },
                Power = parsed.GetValue(_power),
                Mode = Find<EntropyMode>(parsed.GetValue(_mode)),
                Scaling = Find<FeatureScaling>(parsed.GetValue(_scaling)),
                Neighbors = parsed.GetValue(_neighbors),
                Bins = parsed.GetValue(_bins),
                Clusters = parsed.GetValue(_clusters),
                Repetitions = parsed.GetValue(_repetitions),
                Subsamples = parsed.GetValue(_interval) ? parsed.GetValue(_subsamples) : 0,
                IsApproximate = parsed.GetValue(_approximate),
                Precision = parsed.GetValue(_single) ? EntropyPrecision.Single : EntropyPrecision.Double,
                MaxRows = parsed.GetValue(_maxRows),
                Seed = parsed.GetValue(_seed),
            };
        }
        catch (ArgumentOutOfRangeException mistake)
        {
            throw new UsageException($"{mistake.Message.Split(" (Parameter", 2)[0]} It is {mistake.ActualValue}.");
        }
    }

    /// <summary>The word for a value of an enumeration: MatrixEntry is matrix-entry, ZScore is z-score.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => Capitals().Replace($"{value}", "-$1").ToLowerInvariant();

    static T Find<T>(string? word)
        where T : struct, Enum => word is null ? default : Enum.GetValues<T>().First(value => Word(value) == word);

    /// <summary>An option with a choice of words, of which the first is the default.</summary>
    static Option<string?> Choice(string name, string description, string[] words)
    {
        var option = new Option<string?>(name)
        {
            Description = $"{description}: {string.Join(", ", words)}. Default: {words[0]}.",
            HelpName = "NAME",
        };
        option.AcceptOnlyFromAmong(words);
        return option;
    }

    [GeneratedRegex("(?<!^)([A-Z])")]
    private static partial Regex Capitals();
}
