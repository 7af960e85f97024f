using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Onnx;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Tests.Onnx.Scoring;

/// <summary>Who listens to the meter NoisyNN.Scoring hears of the rows that were scored, and of no others.</summary>
[TestClass]
public sealed class BatchMeterTests
{
    readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Rows_batches_and_times_are_counted_for_each_model()
    {
        using var folder = new TemporaryFolder();
        using var heard = new Heard("counted.onnx");
        using var transformer = Fit(ForeignModel.Affine(), folder["counted.onnx"], Rows(70));
        // The trial of the rows and a warm-up are not the user's rows.
        transformer.WarmUp(Rows(70).Schema);

        var scores = transformer.Transform(Rows(70)).GetColumn<float[]>("Score").Count();

        Assert.AreEqual(70, scores);
        Assert.AreEqual(70, heard.Sum("noisynn.scoring.rows"));
        Assert.AreEqual(3, heard.Sum("noisynn.scoring.batches"));
        Assert.AreEqual(0, heard.Sum("noisynn.scoring.failures"));
        Assert.AreEqual(0, heard.Sum("noisynn.scoring.active_batches"));
        Assert.AreEqual(3, heard.Count("noisynn.scoring.batch.duration"));
        Assert.IsGreaterThan(0, heard.Sum("noisynn.scoring.batch.duration"));
        Assert.AreEqual("s", heard.Unit("noisynn.scoring.batch.duration"));
        Assert.AreEqual("{row}", heard.Unit("noisynn.scoring.rows"));
    }

    [TestMethod]
    public void A_batch_that_fails_counts_as_a_failure_and_as_nothing_else()
    {
        using var folder = new TemporaryFolder();
        using var heard = new Heard("failing.onnx");
        var light = _ml.Data.LoadFromEnumerable([new Image { Pixels = [0, 0, 0, 200] }]);
        using var transformer = Fit(FailingModel.Create(), folder["failing.onnx"], light);

        Assert.ThrowsExactly<InvalidOperationException>(() => transformer.Transform(light).GetColumn<float[]>("Score").Count());

        Assert.AreEqual(1, heard.Sum("noisynn.scoring.failures"));
        Assert.AreEqual(0, heard.Sum("noisynn.scoring.active_batches"));
        Assert.AreEqual(0, heard.Count("noisynn.scoring.rows"));
        Assert.AreEqual(0, heard.Count("noisynn.scoring.batch.duration"));
    }

    [TestMethod]
    public void Counting_allocates_nothing()
    {
        var rows = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, itself) =>
        {
            if (instrument.Meter.Name == "NoisyNN.Scoring")
                itself.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>(
            (instrument, value, _, _) =>
            {
                if (instrument is Counter<long>)
                    Interlocked.Add(ref rows, value);
            }
        );
        listener.Start();
        var meter = new BatchMeter("allocations.onnx");
        meter.Finish(meter.Start(), 1);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var batch = 0; batch < 1000; batch++)
            meter.Finish(meter.Start(), 10);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.AreEqual(0, allocated);
        // Batches and their rows. Other tests may add to it.
        Assert.IsGreaterThanOrEqualTo(11_002, rows);
    }

    OnnxBatchTransformer Fit(ModelProto model, string path, IDataView rows) =>
        _ml.Scoring.OnnxBatch("Score", "Pixels", ForeignModel.Write(model, path), batchSize: 32).Fit(rows);

    IDataView Rows(int count) =>
        _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(row => new Row { Pixels = [row, row + 1, row + 2] }));

    sealed class Row
    {
        [VectorType(3)]
        public float[] Pixels { get; set; } = [];
    }

    sealed class Image
    {
        [VectorType(1, 2, 2)]
        public float[] Pixels { get; set; } = [];
    }

    /// <summary>Measurements of one model. Other tests score at the same time.</summary>
    sealed class Heard : IDisposable
    {
        readonly MeterListener _listener = new();
        readonly ConcurrentBag<(Instrument Instrument, double Value)> _values = [];

        public Heard(string model)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "NoisyNN.Scoring")
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.Start();

            void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
            {
                if (tags.Length == 1 && tags[0] is { Key: "model", Value: string name } && name == model)
                    _values.Add((instrument, value));
            }
        }

        public double Sum(string name) => _values.Where(value => value.Instrument.Name == name).Sum(value => value.Value);

        public int Count(string name) => _values.Count(value => value.Instrument.Name == name);

        public string? Unit(string name) => _values.First(value => value.Instrument.Name == name).Instrument.Unit;

        public void Dispose() => _listener.Dispose();
    }
}
