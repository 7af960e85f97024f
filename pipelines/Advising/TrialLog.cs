using System.Text.Json;

namespace NoisyNN.Pipelines.Advising;

/// <summary>
/// The finished trainings of a search, one JSON line each, so that an interrupted search goes on. A line counts only for the same data and
/// settings. A last line that was cut off is trained again.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="settings">What decides an outcome besides the trial: data, rows, network, epochs.</param>
/// <param name="describe">A noise with its parameters, as text.</param>
sealed class TrialLog(string path, string settings, Func<Trial, string> describe)
{
    readonly Dictionary<string, TrialOutcome> _known = Read(path, settings);

    /// <summary>The trainings that are known from an earlier run.</summary>
    public int KnownCount => _known.Count;

    /// <summary>The outcome of an earlier run, or that of the training, which is written down.</summary>
    public TrialOutcome Get(Trial trial, Func<Trial, TrialOutcome> train)
    {
        var key = describe(trial);
        if (_known.TryGetValue(key, out var known))
            return known;
        var outcome = _known[key] = train(trial);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        // The break comes first, so that a line that was cut off does not take this one with it.
        File.AppendAllText(path, "\n" + JsonSerializer.Serialize(new Line(settings, key, outcome)));
        return outcome;
    }

    static Dictionary<string, TrialOutcome> Read(string path, string settings)
    {
        Dictionary<string, TrialOutcome> known = [];
        foreach (var text in File.Exists(path) ? File.ReadLines(path).Where(line => line.Length > 0) : [])
        {
            try
            {
                if (JsonSerializer.Deserialize<Line>(text) is { Outcome: not null } line && line.Settings == settings)
                    known[line.Trial] = line.Outcome;
            }
            catch (JsonException)
            {
                // Cut off by a failure: the training is repeated.
            }
        }
        return known;
    }

    sealed record Line(string Settings, string Trial, TrialOutcome Outcome);
}
