using NoisyNN.Models.Prediction;
using NoisyNN.Models.Rows;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Pipelines.Evaluation;

/// <summary>One run of the protocol: the passes it takes and what is collected from them.</summary>
sealed class ProtocolRun(IBatchClassifier clean, IBatchClassifier noisy, RowStore rows, string noiseName, ProtocolOptions options)
{
    readonly int[] _sortedOrder = Protocol.SortedOrder(rows);
    readonly List<ProtocolRow> _lines = [];
    readonly List<LeakIndex> _leaks = [];
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
            AddGain(order, 1, Shares([alone]), off);
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

            var (sortedShares, shuffledShares) = (Shares([sorted]), Shares(shuffled));
            var differences = Differences(sortedShares, shuffledShares);
            _leaks.Add(new LeakIndex(batch, differences.Average(), Interval.OfMean(differences)));
            AddGain(ProtocolResult.Sorted, batch, sortedShares, off);
            AddGain(ProtocolResult.Shuffled, batch, shuffledShares, off);
        }

        return new ProtocolResult
        {
            Noise = noiseName,
            Rows = _lines,
            NoiseOff = noiseOff,
            LeakIndexes = _leaks,
            Gains = _gains,
            Invariance = change.Judge(options.InvarianceTolerance, rows.Count),
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

    void AddGain(string order, int batch, double[] shares, ScoringPass off)
    {
        var differences = Differences(shares, Shares([off]));
        _gains.Add(new NoiseGain(order, batch, differences.Average(), Interval.OfMean(differences)));
    }

    /// <summary>For each row, the share of the passes that classify it rightly.</summary>
    double[] Shares(List<ScoringPass> passes) =>
        [.. Enumerable.Range(0, rows.Count).Select(row => passes.Count(pass => pass.IsCorrect[row]) / (double)passes.Count)];

    static double[] Differences(double[] minuend, double[] subtrahend) => [.. minuend.Zip(subtrahend, (left, right) => left - right)];

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
