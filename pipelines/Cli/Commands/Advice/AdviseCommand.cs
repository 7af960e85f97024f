using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Pipelines.Advising;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Reports.Advice;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Transforms.Entropy.Advice;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Pipelines.Cli.Commands.Advice;

/// <summary><c>advise</c>: looks for a noise that helps, by short paired trainings.</summary>
sealed class AdviseCommand : Command
{
    const double LeastRankRatio = 0.5;

    readonly Terminal _terminal;
    readonly Option<string?> _data = CommonOptions.Data(
        "Labelled images: a folder with one subfolder per class, or a data set of data-manifests/ by name. Only training and "
            + "validation rows are read."
    );
    readonly Option<string[]> _noise = new("--noise")
    {
        Description =
            "A noise to try, in the units of the column, such as gaussian:standardDeviation=25. May be repeated. Default: families and "
            + "strengths that suit the column.",
        HelpName = "NOISE",
    };
    readonly Option<double> _minutes = new("--minutes")
    {
        Description = "The time for all trainings.",
        HelpName = "N",
        DefaultValueFactory = _ => 15,
        Validators =
        {
            result =>
            {
                if (!(result.GetValueOrDefault<double>() > 0))
                    result.AddError("--minutes must be above 0.");
            },
        },
    };
    readonly Option<int> _limit = new("--limit")
    {
        Description = "The most training rows.",
        HelpName = "N",
        DefaultValueFactory = _ => 4000,
    };
    readonly Option<int> _epochs = new("--epochs")
    {
        Description = "Epochs of a training.",
        HelpName = "N",
        DefaultValueFactory = _ => 4,
        Validators =
        {
            result =>
            {
                if (result.GetValueOrDefault<int>() < 1)
                    result.AddError("--epochs must be at least 1.");
            },
        },
    };
    readonly Option<int> _seed = new("--seed")
    {
        Description = "The seed of splits that the data lack.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };
    readonly Option<string> _output = new("--output")
    {
        Description = "The folder for the finished trainings. The same command goes on from them.",
        HelpName = "DIR",
        DefaultValueFactory = _ => Path.Combine("runs", "advice"),
    };
    readonly Option<bool> _json = CommonOptions.Json();
    readonly VectorRows _vectors = new();

    public AdviseCommand(Terminal terminal)
        : base(
            "advise",
            """
            Looks for a noise that helps, by short trainings beside a vanilla network of the same seed. Noises that are ahead on one half of the
            validation rows are trained with five new seeds and judged on the other half. Test rows are not read. A noise is advised only if
            it helps with noise off. The answer is "none" if none does. Noise that collapses the rows, so that their effective rank falls
            below half, is not trained. The command ends with YAML to paste.

            Example:  noisynn advise --data fashion-mnist --minutes 15
            """
        )
    {
        _terminal = terminal;
        foreach (var option in (Option[])[_data, _noise, _minutes, _limit, _epochs, _seed, _output, _json])
            Add(option);
        _vectors.AddTo(this);
        SetAction(Run);
    }

    int Run(ParseResult parsed)
    {
        var rows = Load(parsed);
        using var training = rows.Training;
        var candidates = Candidates(parsed, rows);
        var ratios = candidates.ToDictionary(noise => noise, rows.RankRatio);
        var trainer = new NoiseTrainer(rows, parsed.GetValue(_epochs), _terminal.Cancellation);
        var log = new TrialLog(
            Path.Combine(parsed.GetValue(_output)!, "trials.jsonl"),
            FormattableString.Invariant($"{rows.Name}; {rows.Training.Count} training and {rows.Choosing.Count} + {rows.Confirming.Count} ")
                + FormattableString.Invariant(
                    $"validation rows of seed {parsed.GetValue(_seed)}; {trainer.Network}; {parsed.GetValue(_epochs)} epochs"
                ),
            Describe
        );
        if (log.KnownCount > 0)
            _terminal.Note($"continuing after {log.KnownCount} trainings");
        var (minutes, done) = (parsed.GetValue(_minutes), 0);
        var seconds = 0.0;
        var search = new NoiseSearch(
            [.. candidates.Where(noise => ratios[noise] >= LeastRankRatio)],
            trial =>
            {
                done++;
                _terminal.Status(() =>
                    $"  training {done}: {Describe(trial)}; {Terminal.Duration(seconds)} of {Terminal.Duration(60 * minutes)}"
                );
                var outcome = log.Get(trial, trainer.Run);
                seconds += outcome.Seconds;
                return outcome;
            },
            60 * minutes
        );
        var report = AdviceReport.Of(rows, trainer.Network, search.Run(), ratios.Where(pair => pair.Value < LeastRankRatio));
        _terminal.ClearStatus();
        if (parsed.GetValue(_json))
            Json.Write(_terminal.Output, report);
        else
            report.Print(_terminal);
        return 0;
    }

    static string Describe(Trial trial) => $"{(trial.Noise is { } noise ? NoiseWords.Describe(noise) : "vanilla")}, seed {trial.Seed}";

    TrialRows Load(ParseResult parsed)
    {
        var (seed, limit) = (parsed.GetValue(_seed), parsed.GetValue(_limit));
        var ml = new MLContext(seed);
        if (_vectors.AreNamed(parsed))
        {
            if (parsed.GetValue(_data) is not null)
                throw new UsageException("--input names numbers, --data names images; give one of them.");
            if (limit < 1)
                throw new UsageException($"--limit is {limit}; it must be at least 1.");
            var (name, table) = _vectors.Load(ml, parsed, _terminal);
            var split = ml.Data.TrainTestSplit(table, testFraction: 0.4, seed: seed);
            string[] labels =
            [
                .. table
                    .GetColumn<ReadOnlyMemory<char>>("Label")
                    .Select(label => label.ToString())
                    .Distinct()
                    .Order(StringComparer.Ordinal),
            ];
            var training = ml.Data.TakeRows(split.TrainSet, limit);
            return TrialRows.Read(name, VectorRows.Column, labels, training, split.TestSet, seed, _terminal.Cancellation);
        }
        var source =
            parsed.GetValue(_data) ?? throw new UsageException("name rows: labelled images (--data) or a file of numbers (--input).");
        var images = TrainingImages.Load(ml, source, limit, seed, _terminal.Cancellation);
        return TrialRows.Read(images.Name, "Pixels", images.Labels, images.Train, images.Validation, seed, _terminal.Cancellation);
    }

    NoiseDefinition[] Candidates(ParseResult parsed, TrialRows rows)
    {
        if (parsed.GetValue(_noise) is not { Length: > 0 } texts)
            return [.. NoiseCandidates.Of([.. rows.Shape], rows.Scale()).Where(noise => !noise.IsTransductive)];
        NoiseDefinition[] named = [.. texts.Select(text => NoiseArgument.Parse(text, MixAxis.SpatialRows)).Distinct()];
        return named.FirstOrDefault(noise => noise.IsTransductive) is { } mixing
            ? throw new UsageException(
                $"{NoiseWords.Describe(mixing)} mixes the rows of a batch, so that a prediction would depend on the batch; leave it out."
            )
            : named;
    }
}
