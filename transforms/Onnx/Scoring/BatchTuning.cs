using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Transforms.Onnx.Scoring;

/// <summary>
/// Chooses how a model's batches run. The options come first. A warm-up chooses the rest if there are enough rows to pay for it. The
/// choice changes results by rounding only.
/// </summary>
sealed class BatchTuning : IDisposable
{
    // Large enough to keep the cores busy, small enough for the caches with most models.
    const int ModestBatch = 32;
    const int FewRows = 512;

    // A warm-up takes a second or two.
    static readonly TimeSpan s_worthIt = TimeSpan.FromSeconds(15);

    readonly OnnxModel _model;
    int? _batchSize;
    readonly int? _parallelRuns;
    readonly int? _threadCount;
    readonly Action<string> _inform;
    readonly Lock _lock = new();
    OnnxSetting? _chosen;

    public BatchTuning(OnnxModel model, int? batchSize, int? parallelRuns, int? threadCount, Action<string> inform)
    {
        (_model, _batchSize, _parallelRuns, _threadCount, _inform) = (model, batchSize, parallelRuns, threadCount, inform);
        Modest = ModestSetting();
    }

    /// <summary>The setting that needs no warm-up.</summary>
    public OnnxSetting Modest { get; private set; }

    public OnnxSetting Current => _chosen ?? Modest;

    bool IsGiven => _batchSize is not null && (_parallelRuns is not null || !_model.HasThreadChoice);

    /// <summary>Takes the choice of the batch away from the warm-up, because it changes the results.</summary>
    public void FixBatch(int batchSize)
    {
        lock (_lock)
        {
            _batchSize = batchSize;
            Replace(null);
            Modest = ModestSetting();
        }
    }

    /// <summary>The setting for a cursor over this number of rows.</summary>
    public OnnxSetting Choose(OnnxBlockMapper mapper, long? rowCount)
    {
        _model.ThrowIfDisposed();
        if (IsGiven)
            return Modest;
        lock (_lock)
        {
            if (_chosen is not null || rowCount < FewRows)
                return Current;
            try
            {
                if (rowCount is { } count)
                {
                    using var probe = new WarmUpRuns(mapper, Modest.Session, _batchSize ?? 8, parallelRuns: 1);
                    if (count < probe.RowsPerSecond() * s_worthIt.TotalSeconds)
                        return Modest;
                }
                return SearchLocked(mapper);
            }
            catch (Exception exception) when (exception is InvalidOperationException or InvalidDataException or AggregateException)
            {
                // A model may refuse zeros and still accept the rows. The file may also be gone since it was loaded.
                _inform($"no warm-up: {exception.GetBaseException().Message}");
                return _chosen = Modest;
            }
        }
    }

    /// <summary>Chooses again, whatever the number of rows.</summary>
    public OnnxSetting Search(OnnxBlockMapper mapper)
    {
        _model.ThrowIfDisposed();
        if (IsGiven)
            return Modest;
        lock (_lock)
            return SearchLocked(mapper);
    }

    public void Dispose()
    {
        lock (_lock)
            Replace(null);
    }

    OnnxSetting SearchLocked(OnnxBlockMapper mapper)
    {
        var candidates = new List<OnnxSetting>();
        try
        {
            foreach (var (runs, threads) in Modes())
            {
                var session = threads is { } count ? _model.CreateSession(count) : _model.Shared.Share();
                candidates.Add(new(new(1, runs, threads ?? _threadCount, RowsPerSecond: null), session));
                var (batch, rate) = BestBatch(mapper, session, runs);
                candidates[^1] = new(new(batch, runs, threads ?? _threadCount, rate), session);
            }
            var best = Final(mapper, candidates);
            candidates.Remove(best);
            Replace(best);
            _inform($"'{_model.FileName}': {best.Values}");
            return best;
        }
        finally
        {
            foreach (var loser in candidates)
                loser.Session.Dispose();
        }
    }

    /// <summary>
    /// The winners of each mode run in alternating turns. On a busy machine, turns that are far apart cannot be compared.
    /// </summary>
    static OnnxSetting Final(OnnxBlockMapper mapper, List<OnnxSetting> candidates)
    {
        const int turns = 4;
        if (candidates.Count == 1)
            return candidates[0];
        var runs = candidates
            .Select(candidate => new WarmUpRuns(mapper, candidate.Session, candidate.Values.BatchSize, candidate.Values.ParallelRuns))
            .ToList();
        try
        {
            var rates = new double[runs.Count];
            for (var turn = 0; turn < turns; turn++)
            for (var index = 0; index < runs.Count; index++)
                rates[index] = Math.Max(rates[index], runs[index].RowsPerSecond());
            for (var index = 0; index < runs.Count; index++)
                candidates[index] = candidates[index] with { Values = candidates[index].Values with { RowsPerSecond = rates[index] } };
            return candidates.MaxBy(candidate => candidate.Values.RowsPerSecond)!;
        }
        finally
        {
            runs.ForEach(run => run.Dispose());
        }
    }

    OnnxSetting ModestSetting() =>
        new(new(_batchSize ?? ModestBatch, _parallelRuns ?? 1, _threadCount, RowsPerSecond: null), _model.Shared);

    void Replace(OnnxSetting? chosen)
    {
        // The modest setting's session belongs to the model.
        if (_chosen is not null && _chosen != Modest)
            _chosen.Session.Dispose();
        _chosen = chosen;
    }

    /// <summary>Runs at a time, and threads in each; null for the model's own session.</summary>
    IEnumerable<(int Runs, int? Threads)> Modes()
    {
        var cores = Environment.ProcessorCount;
        if (!_model.HasThreadChoice)
            return [(_parallelRuns ?? 1, null)];
        if (_parallelRuns is { } given)
            return [(given, null)];
        if (_threadCount is { } threads)
            return new[] { 1, Math.Max(1, cores / threads) }.Distinct().Select(runs => (runs, (int?)null));
        return new[] { 1, cores >= 8 ? cores / 4 : 1, cores }
            .Distinct()
            .Select(runs => (runs, runs == 1 ? null : (int?)Math.Max(1, cores / runs)));
    }

    /// <summary>Doubles the batch from eight rows until that is clearly slower. Tries smaller batches if eight rows take long.</summary>
    (int Batch, double Rate) BestBatch(OnnxBlockMapper mapper, SharedSession session, int runs)
    {
        if (_batchSize is { } given)
            return (given, Rate(given));

        const int start = 8,
            most = 1024;
        const double longRun = 0.25,
            clearlySlower = 0.97;
        var best = (Batch: start, Rate: Rate(start));
        bool IsLong(int batch, double rate) => batch * runs / rate > longRun;
        for (var batch = start / 2; batch >= 1 && IsLong(batch * 2, best.Rate); batch /= 2)
            Try(batch);
        for (var batch = start * 2; batch <= most && !IsLong(batch, best.Rate) && IsSmall(mapper, batch, runs); batch *= 2)
        {
            if (Try(batch) < best.Rate * clearlySlower)
                break;
        }
        return best;

        double Rate(int batch)
        {
            using var warmUp = new WarmUpRuns(mapper, session, batch, runs);
            return warmUp.RowsPerSecond();
        }

        double Try(int batch)
        {
            var rate = Rate(batch);
            if (rate > best.Rate)
                best = (batch, rate);
            return rate;
        }
    }

    static bool IsSmall(OnnxBlockMapper mapper, int batch, int runs) =>
        (long)batch * (runs + 2) * (mapper.Input.ByteLength + mapper.Output.ByteLength) < 256 << 20;
}
