using System.Globalization;
using System.Text;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Data.Manifests;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Scoring;

/// <summary>The fingerprint of a request to score. Requests with different tables have different fingerprints.</summary>
static class ScoringFingerprint
{
    /// <param name="request">The rows of a data set.</param>
    /// <param name="parts">The files of the model, whose content counts.</param>
    /// <param name="options">The options that decide what the table holds.</param>
    /// <param name="files">The files to score, whose name, length and time count.</param>
    public static string Of(DataRequest request, IReadOnlyList<string> parts, string options, IReadOnlyList<string> files)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            using var content = File.OpenRead(part);
            text.Append(ContentHash.Of(content)).Append('\n');
        }
        text.Append(CultureInfo.InvariantCulture, $"{request.Source}\n{request.Split}\n{request.Seed}\n{options}\n");
        // A file whose name is not UTF-8 has no status. Scoring reports it and leaves it out.
        foreach (var file in files.Select(file => new FileInfo(file)))
            text.Append(CultureInfo.InvariantCulture, $"{(file.Exists ? file.Length : -1)} {file.LastWriteTimeUtc.Ticks} {file}\n");
        return ContentHash.Of(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
