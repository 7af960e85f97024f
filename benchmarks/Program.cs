using NoisyNN.Benchmarks;
using NoisyNN.Benchmarks.Noise;
using NoisyNN.Benchmarks.Scoring;
using NoisyNN.Benchmarks.Rows;
using NoisyNN.Benchmarks.Training;

if (args[0] == "rows")
{
    NoisyRows.Measure(json: args.Contains("--json"));
    return;
}

var lines = args[0] switch
{
    "training" => TrainingStep.Compare(),
    "memory" => TrainingMemory.Compare(),
    "noise" => NoiseKernels.Compare(),
    "scoring" => ScoringSpeed.Compare(),
    _ => throw new ArgumentException($"There is no measurement '{args[0]}'; see benchmarks/run."),
};
Comparison.Print(lines, json: args.Contains("--json"));
