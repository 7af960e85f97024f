using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace NoisyNN.Transforms.Onnx.Scoring;

/// <summary>
/// Counts batches and their rows for OpenTelemetry, under the meter <c>NoisyNN.Scoring</c>. Units and names follow its conventions. Without
/// a listener it costs two reads of the clock for each batch, and it never allocates.
/// </summary>
/// <param name="model">The file's name, which becomes the attribute <c>model</c>.</param>
readonly struct BatchMeter(string model)
{
    static readonly Meter s_meter = new("NoisyNN.Scoring", typeof(BatchMeter).Assembly.GetName().Version?.ToString(3));

    static readonly Counter<long> s_rows = s_meter.CreateCounter<long>("noisynn.scoring.rows", "{row}", "Rows that were scored.");

    static readonly Counter<long> s_batches = s_meter.CreateCounter<long>(
        "noisynn.scoring.batches",
        "{batch}",
        "Batches that were scored."
    );

    static readonly Counter<long> s_failures = s_meter.CreateCounter<long>(
        "noisynn.scoring.failures",
        "{batch}",
        "Batches that failed. Those that you cancel do not count."
    );

    static readonly UpDownCounter<long> s_active = s_meter.CreateUpDownCounter<long>(
        "noisynn.scoring.active_batches",
        "{batch}",
        "Batches that the model was given and has not finished."
    );

    static readonly Histogram<double> s_duration = s_meter.CreateHistogram(
        "noisynn.scoring.batch.duration",
        "s",
        "Time that the model takes for a batch.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
        }
    );

    readonly KeyValuePair<string, object?> _tag = new("model", model);

    /// <summary>A batch goes to the model.</summary>
    /// <returns>The time, for <see cref="Finish"/>.</returns>
    public long Start()
    {
        s_active.Add(1, _tag);
        return Stopwatch.GetTimestamp();
    }

    /// <summary>The model has scored the batch.</summary>
    public void Finish(long start, int rowCount)
    {
        s_active.Add(-1, _tag);
        s_duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, _tag);
        s_batches.Add(1, _tag);
        s_rows.Add(rowCount, _tag);
    }

    /// <summary>The batch has no results.</summary>
    public void Fail(Exception cause)
    {
        s_active.Add(-1, _tag);
        if (cause is not OperationCanceledException)
            s_failures.Add(1, _tag);
    }
}
