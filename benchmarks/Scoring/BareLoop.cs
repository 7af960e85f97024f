using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace NoisyNN.Benchmarks.Scoring;

/// <summary>
/// What there is without a pipeline: callers that run one session on buffers of their own, over and over, and look at nothing.
/// </summary>
sealed class BareLoop : IDisposable
{
    readonly InferenceSession _session;
    readonly Caller[] _callers;
    readonly int _batch;

    public BareLoop(string path, long[] rowShape, int classCount, int batch, int callers, int threads)
    {
        _batch = batch;
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        _session = new InferenceSession(path, options);
        _callers = [.. Enumerable.Range(0, callers).Select(_ => new Caller(_session, rowShape, classCount, batch))];
    }

    public double RowsPerSecond(int rows)
    {
        var runs = Math.Max(1, rows / _batch / _callers.Length);
        var clock = Stopwatch.StartNew();
        Task[] others =
        [
            .. _callers.Skip(1).Select(caller => Task.Factory.StartNew(() => caller.Run(runs), TaskCreationOptions.LongRunning)),
        ];
        _callers[0].Run(runs);
        Task.WaitAll(others);
        return (double)runs * _batch * _callers.Length / clock.Elapsed.TotalSeconds;
    }

    public void Dispose()
    {
        foreach (var caller in _callers)
            caller.Dispose();
        _session.Dispose();
    }

    sealed class Caller : IDisposable
    {
        readonly InferenceSession _session;
        readonly OrtIoBinding _binding;
        readonly RunOptions _options = new();
        readonly OrtValue _input;
        readonly OrtValue _output;

        public Caller(InferenceSession session, long[] rowShape, int classCount, int batch)
        {
            _session = session;
            _binding = session.CreateIoBinding();
            var pixels = new float[batch * rowShape.Aggregate(1L, (length, dimension) => length * dimension)];
            for (var index = 0; index < pixels.Length; index++)
                pixels[index] = index % 256;
            _input = OrtValue.CreateTensorValueFromMemory(pixels, [batch, .. rowShape]);
            _output = OrtValue.CreateTensorValueFromMemory(new float[batch * classCount], [batch, classCount]);
            _binding.BindInput("Pixels", _input);
            _binding.BindOutput("Score", _output);
            Run(1);
        }

        public void Run(int count)
        {
            for (var run = 0; run < count; run++)
                _session.RunWithBinding(_options, _binding);
        }

        public void Dispose()
        {
            _binding.Dispose();
            _input.Dispose();
            _output.Dispose();
            _options.Dispose();
        }
    }
}
