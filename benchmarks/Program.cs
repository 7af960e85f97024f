using System.Globalization;
using NoisyNN;
using NoisyNN.Benchmarks;
using NoisyNN.Benchmarks.Architectures;
using NoisyNN.Benchmarks.Entropy;
using NoisyNN.Benchmarks.Export;
using NoisyNN.Benchmarks.Images;
using NoisyNN.Benchmarks.Noise;
using NoisyNN.Benchmarks.Ranks;
using NoisyNN.Benchmarks.Rows;
using NoisyNN.Benchmarks.Scoring;
using NoisyNN.Benchmarks.Serving;
using NoisyNN.Benchmarks.Training;

// The other side of 'training', in a process of its own, which must not load our libraries: so all else is in a method of its own.
return args[0] == "plain" ? PlainTraining.Run(args[1], args[2]) : await MeasureAsync(args);

static async Task<int> MeasureAsync(string[] args)
{
    NativeLibraries.Prepare();
    // One of the trainings of 'waiting'.
    if (args[0] == "steps")
        return WaitingThreads.Run();
    if (args[0] == "rank-steps")
        return RankSteps.Run([.. args[1..].Select(number => int.Parse(number, CultureInfo.InvariantCulture))]);
    if (args[0] == "waiting")
    {
        WaitingThreads.Print();
        return 0;
    }
    if (args.Contains("--parts"))
    {
        StepParts.Print();
        return 0;
    }
    if (args[0] == "rows")
    {
        NoisyRows.Measure(json: args.Contains("--json"));
        return 0;
    }
    if (args[0] == "many-rows")
    {
        ManyRows.Measure(json: args.Contains("--json"));
        return 0;
    }
    if (args[0] == "images" && args.Skip(1).Where(argument => argument != "--json").ToArray() is { Length: > 0 } folders)
    {
        FolderCheck.Run(folders);
        return 0;
    }
    if (args[0] == "serving")
        return await ServerLoad.RunAsync(args[1..]);
    // Agreement, not speed: the other side must compute the same.
    if (args[0] == "architectures")
        return ArchitectureAgreement.Compare(json: args.Contains("--json")) ? 0 : 1;
    if (args[0] == "export")
        return ExportAgreement.Compare([.. args.Skip(1).Where(argument => argument != "--json")], json: args.Contains("--json")) ? 0 : 1;

    var lines = args[0] switch
    {
        "training" => TrainingStep.Compare(),
        "ranks" => RankSpeed.Compare(),
        "attention" => AttentionKernel.Compare(),
        "precision" => ConvolutionPrecision.Compare(),
        "memory" => args.SkipWhile(argument => argument != "--steps").ElementAtOrDefault(1) is { } steps
            ? TrainingMemory.Compare(int.Parse(steps, CultureInfo.InvariantCulture))
            : TrainingMemory.Compare(),
        "loading" => RowLoading.Compare(),
        "noise" => NoiseKernels.Compare(),
        "entropy" => SpectralEntropy.Compare(),
        "scoring" => ScoringSpeed.Compare(),
        "isolation" => IsolationCost.Compare(),
        "images" => ImageDecoding.Compare(),
        _ => throw new ArgumentException($"There is no measurement '{args[0]}'; see benchmarks/run."),
    };
    Comparison.Print(lines, json: args.Contains("--json"));
    return 0;
}
