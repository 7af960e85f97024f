using NoisyNN.Models.Training;

namespace NoisyNN.Pipelines.Experiments.Running;

/// <summary>
/// How far all trainings of a run are together. A training that has not begun is expected to take as long as those that are known, because
/// all have the same budget.
/// </summary>
/// <param name="trainings">The names of the trainings, in their order.</param>
public sealed class RunProgress(IReadOnlyList<string> trainings)
{
    readonly Dictionary<string, (double Total, double Left)> _known = [];

    /// <summary>How many trainings there are.</summary>
    public int Count => trainings.Count;

    /// <summary>The seconds that all trainings still take at the present speed; null before the first report.</summary>
    public double? RemainingSeconds =>
        _known.Count == 0 ? null : _known.Values.Sum(one => one.Left) + (Count - _known.Count) * _known.Values.Average(one => one.Total);

    /// <summary>The share of their time that is over, 0 to 1.</summary>
    public double Share
    {
        get
        {
            if (RemainingSeconds is not { } left)
                return 0;
            var done = _known.Values.Sum(one => one.Total - one.Left);
            return done + left > 0 ? done / (done + left) : 1;
        }
    }

    /// <summary>Takes a report. Trainings run one after the other, so that an earlier one is over, even if it stopped early.</summary>
    public void Update(string training, TrainingMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        foreach (var (name, time) in _known.Where(pair => pair.Key != training).ToList())
            _known[name] = (time.Total - time.Left, 0);
        _known[training] = (metrics.ElapsedSeconds + metrics.RemainingSeconds, metrics.RemainingSeconds);
    }
}
