using System.Globalization;
using NoisyNN.Pipelines.Reports.Templates;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Experiments.Listing;

/// <summary>The page <c>index.html</c> in a folder of runs: a row for each run, the newest first.</summary>
static class RunsIndex
{
    /// <summary>The page's name.</summary>
    public const string FileName = "index.html";

    // Each page of this program has it; no page of others may be replaced.
    const string Mark = "· NoisyNN for ML.NET</title>";

    // Among so many earlier runs the most similar one is looked for.
    const int MostCompared = 50;

    const int MostChanges = 6,
        MostFigures = 6;

    /// <summary>Writes the page anew.</summary>
    /// <param name="root">The folder of the runs.</param>
    /// <returns>The page.</returns>
    /// <exception cref="IOException">It cannot be written, or somebody else's page has its name.</exception>
    public static string Write(string root)
    {
        var path = Path.Combine(root, FileName);
        if (File.Exists(path) && !File.ReadAllText(path).Contains(Mark, StringComparison.Ordinal))
            throw new IOException($"{path} is not a page of this program. Move it away, or keep the runs in another folder.");
        AtomicFile.WriteText(path, Render(root));
        return path;
    }

    static string Render(string root)
    {
        var (runs, damaged) = Read(root);
        var settings = runs.Select(run => RunSettings.Of(run.ReadDeclaration())).ToList();
        return ReportTemplate.Render(
            "runs",
            new
            {
                Summary = new { Name = "Runs" },
                Damaged = damaged,
                Runs = Enumerable.Range(0, runs.Count).Reverse().Select(index => Row(runs, settings, index)),
            }
        );
    }

    static (IReadOnlyList<RunRecord> Runs, IReadOnlyList<string> Damaged) Read(string root)
    {
        var (runs, damaged) = (new List<RunRecord>(), new List<string>());
        foreach (var folder in RunRecord.FoldersOf(root))
            try
            {
                runs.Add(RunRecord.Read(folder));
            }
            catch (InvalidDataException)
            {
                damaged.Add(Path.GetFileName(folder));
            }
        return (RunRecord.InOrder(runs), damaged);
    }

    static object Row(IReadOnlyList<RunRecord> runs, List<IReadOnlyDictionary<string, string>> settings, int index)
    {
        var run = runs[index];
        var (other, changes) = Nearest(settings, index);
        return new
        {
            run.Name,
            Report = run.Finished is null ? null : $"{Uri.EscapeDataString(run.Name)}/report.html",
            Finished = run.Finished?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
            run.Data,
            run.Trials,
            run.Verdict,
            Figures = run.Figures.Take(MostFigures).Select(figure => new { figure.Name, Text = Written(figure) }),
            MoreFigures = Math.Max(0, run.Figures.Count - MostFigures),
            Other = other is { } earlier ? runs[earlier].Name : null,
            Changes = changes.Take(MostChanges).Select(change => new { change.Key, change.Value }),
            MoreChanges = Math.Max(0, changes.Count - MostChanges),
            Curve = RunCurves.Draw(run),
        };
    }

    /// <summary>The earlier run that differs in the fewest settings, the latest of equal ones, and in which settings.</summary>
    static (int? Other, IReadOnlyList<(string Key, string Value)> Changes) Nearest(
        List<IReadOnlyDictionary<string, string>> settings,
        int index
    )
    {
        (int? Other, IReadOnlyList<(string Key, string Value)> Changes) nearest = (null, []);
        for (var earlier = index - 1; earlier >= Math.Max(0, index - MostCompared); earlier--)
            if (
                RunSettings.Changes(settings[earlier], settings[index]) is var changes
                && (nearest.Other is null || changes.Count < nearest.Changes.Count)
            )
                nearest = (earlier, changes);
        return nearest;
    }

    static string Written(RunFigure figure) =>
        figure.Unit is null
            ? ReportFigures.Percent(figure.Mean) + (figure.Deviation is { } spread ? $" ± {ReportFigures.Deviation(spread)}" : "")
            : $"{ReportFigures.NatsPerImage(figure.Mean)} {figure.Unit}"
                + (figure.Deviation is { } deviation ? $" ± {ReportFigures.NatsPerImage(deviation)}" : "");
}
