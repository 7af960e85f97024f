using NoisyNN.Models.Prediction;
using NoisyNN.Models.Rows;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Pipelines.Evaluation;

/// <summary>One run of the protocol: the passes it takes and what is collected from them.</summary>
sealed class ProtocolRun(IBatchClassifier clean, IBatchClassifier noisy, RowStore rows, string noiseName, ProtocolOptions options)
{
    readonly int[] _sortedOrder = Protocol.SortedOrder(rows);
    readonly List<ProtocolRow> _lines = [];
    readonly List<OrderedOutcomes> _orders = [];
    readonly List<NoiseGain> _gains = [];

    public ProtocolResult Judge()
    {
        var probes = Spread(rows.Count, options.InvarianceRowCount);
        var probeRows = rows.Select(probes);

        var off = Score(clean, _sortedOrder, options.CleanBatchSize);
        var noiseOff = Report(ProtocolResult.NoNoise, ProtocolResult.Sorted, options.CleanBatchSize, null, off);
        var cleanChange = new LogitChange();
        cleanChange.Compare(ScoreAlone(clean, probeRows), off, probes);

        // Alone there is nothing to put in order: one pass stands for both.
        var alone = Score(noisy, _sortedOrder, batch: 1);
        foreach (var order in (string[])[ProtocolResult.Sorted, ProtocolResult.Shuffled])
        {
            Report(noiseName, order, 1, null, alone);
            _gains.Add(new NoiseGain(order, 1, (double)(alone.Correct - off.Correct) / rows.Count, AloneInterval(alone, off)));
        }
        var repetition = new LogitChange();
        repetition.Compare(ScoreAlone(noisy, probeRows), alone, probes);

        var change = new LogitChange();
        foreach (var batch in options.BatchSizes.Where(size => size > 1).Distinct().Order())
        {
            var sorted = Score(noisy, _sortedOrder, batch);
            Report(noiseName, ProtocolResult.Sorted, batch, null, sorted);
            change.Compare(alone, sorted);

            var shuffled = new List<ScoringPass>();
            for (var seed = options.FirstSeed; seed < options.FirstSeed + options.ShuffleCount; seed++)
            {
                shuffled.Add(Score(noisy, Protocol.ShuffledOrder(rows.Count, seed), batch));
                Report(noiseName, ProtocolResult.Shuffled, batch, seed, shuffled[^1]);
                change.Compare(alone, shuffled[^1]);
            }

            _orders.Add(OrderedOutcomes.Of(batch, _sortedOrder, sorted.IsCorrect, [.. shuffled.Select(pass => pass.IsCorrect)]));
            var (sortedGain, shuffledGain) = (Differences([sorted], off), Differences(shuffled, off));
            AddGain(ProtocolResult.Sorted, batch, sortedGain, ClusteredMean.Of(sortedGain, batch));
            AddGain(
                ProtocolResult.Shuffled,
                batch,
                shuffledGain,
                ClusteredMean.Of(shuffledGain, 1, [.. shuffled.Select(pass => (double)pass.Correct / pass.Total)])
            );
        }

        var invariance = change.Judge(options.InvarianceTolerance, rows.Count);
        return new ProtocolResult
        {
            Noise = noiseName,
            Rows = _lines,
            NoiseOff = noiseOff,
            LeakIndexes = [.. LeakIndex.JudgeFamily(_orders).Select(leak => invariance.Passed && leak.Value == 0 ? Zero(leak) : leak)],
            Gains = _gains,
            Invariance = invariance,
            CleanInvariance = cleanChange.Judge(options.InvarianceTolerance, probes.Length),
            Repeatability = repetition.Largest,
        };
    }

    /// <summary>The clean classifier on the probe rows, alone and together.</summary>
    public BatchInvariance CheckInvariance()
    {
        var probes = rows.Select(Spread(rows.Count, options.InvarianceRowCount));
        var together = ScoringPass.Run(clean, probes, Protocol.SortedOrder(probes), options.CleanBatchSize, options.CancellationToken);
        var change = new LogitChange();
        change.Compare(ScoreAlone(clean, probes), together);
        return change.Judge(options.InvarianceTolerance, probes.Count);
    }

    ScoringPass Score(IBatchClassifier classifier, int[] order, int batch) =>
        ScoringPass.Run(classifier, rows, order, batch, options.CancellationToken);

    ScoringPass ScoreAlone(IBatchClassifier classifier, RowStore some) =>
        ScoringPass.Run(classifier, some, [.. Enumerable.Range(0, some.Count)], batch: 1, options.CancellationToken);

    ProtocolRow Report(string noise, string order, int batch, int? seed, ScoringPass pass)
    {
        var line = new ProtocolRow(noise, order, batch, seed, pass.Correct, pass.Total);
        _lines.Add(line);
        options.Progress?.Report(line);
        return line;
    }

    void AddGain(string order, int batch, double[] differences, MeanEstimate? estimate) =>
        _gains.Add(new NoiseGain(order, batch, differences.Average(), estimate?.Interval()));

    static Interval AloneInterval(ScoringPass alone, ScoringPass off)
    {
        var pairs = alone.IsCorrect.Zip(off.IsCorrect).ToList();
        return Interval.OfPairedShares(pairs.Count(pair => pair is (true, false)), pairs.Count(pair => pair is (false, true)), pairs.Count);
    }

    /// <summary>A prediction that depends on its row alone cannot leak.</summary>
    static LeakIndex Zero(LeakIndex leak) => leak with { Interval = new Interval(0, 0), PValue = 1 };

    /// <summary>
    /// For each row, in class-sorted order: the share of the passes that get it right, minus 1 if it is right without noise.
    /// </summary>
    double[] Differences(List<ScoringPass> passes, ScoringPass off) =>
        [.. _sortedOrder.Select(row => passes.Count(pass => pass.IsCorrect[row]) / (double)passes.Count - (off.IsCorrect[row] ? 1 : 0))];

    /// <summary>Rows spread evenly over all.</summary>
    static int[] Spread(int count, int wanted) =>
        wanted >= count ? [.. Enumerable.Range(0, count)] : [.. Enumerable.Range(0, wanted).Select(i => (int)((long)i * count / wanted))];

    /// <summary>The largest difference between logits of the same rows, and the scale to see it on.</summary>
    sealed class LogitChange
    {
        double _scale;

        public double Largest { get; private set; }

        /// <summary>Compares two passes over the same rows; those of the first may be a selection from those of the second.</summary>
        public void Compare(ScoringPass alone, ScoringPass together, int[]? selected = null)
        {
            for (var row = 0; row < alone.Total; row++)
            {
                var left = alone.Logits(row);
                var right = together.Logits(selected is null ? row : selected[row]);
                for (var i = 0; i < left.Length; i++)
                {
                    Largest = Math.Max(Largest, Math.Abs((double)left[i] - right[i]));
                    _scale = Math.Max(_scale, Math.Abs(left[i]));
                }
            }
        }

        public BatchInvariance Judge(double tolerance, int rowCount) => new(Largest, _scale, tolerance * Math.Max(1, _scale), rowCount);
    }
}
