using System.CommandLine;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Data.Formats;
using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Estimators;
using NoisyNN.Transforms.Entropy.Planted;

namespace NoisyNN.Pipelines.Cli.Commands.Entropy;

/// <summary><c>estimators</c>: estimates of mutual information beside each other, on planted rows or on those of a file.</summary>
sealed class EstimatorsCommand : Command
{
    readonly Terminal _terminal;
    readonly PlantedOptions _planted = new();
    readonly MeasuredFile _file = new();
    readonly Option<string?> _reference = new("--reference")
    {
        Description = "With --input: a .npy or .csv file of the numbers that the rows may tell about, in place of labels.",
        HelpName = "FILE",
    };
    readonly Option<int> _clusters = new("--clusters")
    {
        Description = "The number of classes that continuous labels, and a --reference, are divided into for estimators that need classes.",
        HelpName = "N",
        DefaultValueFactory = _ => 10,
    };
    readonly Option<int> _maxRows = new("--max-rows")
    {
        Description = "With --input: use a random sample of this size if there are more rows.",
        HelpName = "N",
        DefaultValueFactory = _ => 2000,
    };
    readonly Option<string[]> _estimators = new("--estimator")
    {
        Description = $"An estimator; may be repeated. Default: all of {string.Join(", ", Names)}.",
        HelpName = "NAME",
    };
    readonly Option<int> _repeats = new("--repeats")
    {
        Description = "The number of repetitions, each with new planted rows or another order of the labels.",
        HelpName = "N",
        DefaultValueFactory = _ => 5,
    };
    readonly Option<int> _seed = new("--seed")
    {
        Description = "The seed of the first repetition.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };
    readonly Option<bool> _json = CommonOptions.Json();

    public EstimatorsCommand(Terminal terminal)
        : base(
            "estimators",
            """
            Estimates mutual information in six ways and prints the figures beside each other, in bits. On planted rows, the truth is
            known, and the table has the bias and the error. On rows of a file, the table has what each estimator says after the labels
            were permuted, where the truth is 0.

            Example:  noisynn estimators --dimension 200
                      noisynn estimators --input features.npy --labels labels.csv
            """
        )
    {
        _terminal = terminal;
        _planted.AddTo(this);
        _file.AddTo(this);
        _estimators.AcceptOnlyFromAmong([.. Names]);
        foreach (var option in (Option[])[_reference, _clusters, _maxRows, _estimators, _repeats, _seed, _json])
            Add(option);
        SetAction(Run);
    }

    static IEnumerable<string> Names => InformationEstimator.All.Select(estimator => estimator.Name);

    int Run(ParseResult parsed)
    {
        var (repeats, seed) = (parsed.GetValue(_repeats), parsed.GetValue(_seed));
        if (repeats < 1)
            throw new UsageException($"--repeats must be at least 1. It is {repeats}.");
        var named = parsed.GetValue(_estimators);
        InformationEstimator[] estimators = [.. InformationEstimator.All.Where(one => named is null or [] || named.Contains(one.Name))];
        var table = _file.IsNamed(parsed) ? OfFile(parsed, estimators, repeats, seed) : OfTruth(parsed, estimators, repeats, seed);
        if (parsed.GetValue(_json))
            Json.Write(_terminal.Output, table);
        else
            table.Print(_terminal);
        return 0;
    }

    EstimatorTable OfTruth(ParseResult parsed, InformationEstimator[] estimators, int repeats, int seed)
    {
        _file.Refuse(parsed);
        if (parsed.GetValue(_reference) is not null)
            throw new UsageException("--reference goes with --input.");
        var (truth, count) = _planted.Read(parsed);
        PairedRows[] draws = [.. Enumerable.Range(0, repeats).Select(repeat => truth.Draw(count, unchecked(seed + repeat)))];
        var bits = truth.Bits;
        return Table(
            draws[0],
            bits,
            estimators.Select(estimator => EstimatorTrial.OnTruth(estimator, draws, bits, seed, _terminal.Cancellation)),
            repeats,
            seed
        );
    }

    EstimatorTable OfFile(ParseResult parsed, InformationEstimator[] estimators, int repeats, int seed)
    {
        _planted.Refuse(parsed);
        var clusters = parsed.GetValue(_clusters);
        if (clusters < 2)
            throw new UsageException($"--clusters must be at least 2. It is {clusters}.");
        var (rows, classes) = _file.Read(parsed, clusters, _terminal.Note);
        if (classes is null == parsed.GetValue(_reference) is null)
            throw new UsageException("say what the rows may tell about: --labels, --label-column or --reference, one of the three.");

        var most = parsed.GetValue(_maxRows);
        if (most < 2)
            throw new UsageException($"--max-rows must be at least 2. It is {most}.");
        var reference = classes is null ? VectorFile.Read(parsed.GetValue(_reference)!, note: _terminal.Note).Rows : null;
        var paired = PairedRows.Sample(rows, classes, reference, clusters, most, seed);
        if (paired.Features.RowCount < rows.RowCount)
            _terminal.Note($"A random sample of {most} of {rows.RowCount} rows is used.");
        return Table(
            paired,
            null,
            estimators.Select(estimator => EstimatorTrial.OnRows(estimator, paired, repeats, seed, _terminal.Cancellation)),
            repeats,
            seed
        );
    }

    static EstimatorTable Table(PairedRows rows, double? truth, IEnumerable<EstimatorTrial> trials, int repeats, int seed) =>
        new()
        {
            Truth = truth,
            Rows = rows.Features.RowCount,
            Dimension = rows.Features.Dimension,
            ReferenceDimension = rows.Reference?.Dimension,
            Classes = rows.Classes.Names.Count,
            Repeats = repeats,
            Seed = seed,
            Estimators = [.. trials],
        };
}
