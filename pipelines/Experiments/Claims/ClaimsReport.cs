using NoisyNN.Pipelines.Reports;
using NoisyNN.Pipelines.Reports.Templates;

namespace NoisyNN.Pipelines.Experiments.Claims;

/// <summary>The page over all claims: a row for each, with its verdict and what the verdict rests on.</summary>
public static class ClaimsReport
{
    /// <summary>Its file in the folder of the runs.</summary>
    public const string FileName = "claims.html";

    /// <summary>Renders the page. It loads nothing; links lead to the runs.</summary>
    /// <param name="results">The claims.</param>
    /// <param name="folder">The folder of the page, from which links lead.</param>
    public static string Render(IReadOnlyList<ClaimResult> results, string folder)
    {
        ArgumentNullException.ThrowIfNull(results);
        return ReportTemplate.Render(
            "claims",
            new
            {
                Summary = new { Name = "Claims", Claim = (string?)null },
                Supported = results.Count(result => result.Verdict is ClaimVerdict.Supported),
                Refuted = results.Count(result => result.Verdict is ClaimVerdict.Refuted),
                Open = results.Count(result => result.Verdict is ClaimVerdict.Open),
                Unjudged = results.Count(result => result.Verdict is null),
                Papers = results
                    .GroupBy(result => result.Paper)
                    .Select(paper => new { Name = paper.Key, Claims = paper.Select(result => Row(result, folder)) }),
            }
        );
    }

    static object Row(ClaimResult result, string folder)
    {
        var isBound = !ClaimWords.IsFraction(result);
        return new
        {
            result.Name,
            result.Claim,
            result.Source,
            result.Rule,
            result.Expected,
            result.Form,
            result.Figure,
            result.Low,
            result.High,
            result.Unit,
            result.Minutes,
            result.Seconds,
            result.Finished,
            result.Command,
            Verdict = ClaimWords.Verdict(result),
            IsBound = isBound,
            EffectUnit = ClaimWords.Unit(result),
            Run = result.Folder is { } run && File.Exists(Path.Combine(run, "report.html"))
                ? Path.GetRelativePath(folder, Path.Combine(run, "report.html")).Replace('\\', '/')
                : null,
            Data = result.Dataset?.Name,
            Sha256 = result.Dataset?.Sha256[..8],
            Torch = result.Engines?.Torch,
            Seeds = result.Seeds?.Count,
            Effects = (result.Effects ?? []).Select(effect => new
            {
                effect.Name,
                effect.Effect.Mean,
                effect.Effect.Interval?.Low,
                effect.Effect.Interval?.High,
                effect.Effect.Count,
                effect.Effect.SmallestDetectable,
                Verdict = EffectText.Word(effect.Effect.Verdict),
            }),
        };
    }
}
