namespace NoisyNN.Transforms.Onnx.Scoring;

/// <summary>How batches are run.</summary>
/// <param name="BatchSize">Rows per run of ONNX Runtime.</param>
/// <param name="ParallelRuns">Runs at a time, each on a thread of its own.</param>
/// <param name="IntraOpNumThreads">Threads inside an operator; null for ONNX Runtime's choice, one per core.</param>
/// <param name="RowsPerSecond">The speed that the warm-up measured; null if it did not run.</param>
public sealed record OnnxBatchSetting(int BatchSize, int ParallelRuns, int? IntraOpNumThreads, double? RowsPerSecond)
{
    /// <summary>A line for a log.</summary>
    public override string ToString()
    {
        var threads = IntraOpNumThreads is { } count ? $"{count} thread{(count == 1 ? "" : "s")}" : "a thread per core";
        var measured = RowsPerSecond is { } rate ? FormattableString.Invariant($"; {rate:N0} rows/s in the warm-up") : "";
        return $"{BatchSize} row{(BatchSize == 1 ? "" : "s")} a run, {ParallelRuns} run{(ParallelRuns == 1 ? "" : "s")} at a time with {threads} each{measured}";
    }
}
