using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using NoisyNN.Transforms.Text;
using static System.FormattableString;

namespace NoisyNN.Pipelines.Reports.Cards;

/// <summary>
/// The YAML at the head of a model card, with the keys of <see href="https://huggingface.co/docs/hub/model-cards">Hugging Face's model
/// cards</see>. Texts are in double quotes with the escapes of JSON, which are those of YAML, too.
/// </summary>
static partial class FrontMatter
{
    static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The lines between the two marks.</summary>
    /// <param name="summary">The run.</param>
    /// <param name="network">The network in the file.</param>
    public static IEnumerable<string> Lines(Summary summary, RunSummary network)
    {
        yield return "---";
        yield return "# Add your license before you share the model, such as: license: mit";
        yield return "library_name: onnx";
        yield return "pipeline_tag: image-classification";
        yield return "tags:";
        foreach (var tag in (string[])["image-classification", "onnx", "ml.net", "noisynn"])
            yield return $"- {tag}";
        if (DataSetName().IsMatch(summary.Dataset.Name))
        {
            yield return "datasets:";
            yield return $"- {Quoted(summary.Dataset.Name)}";
        }
        if (!network.BatchInvariant || network.TestAccuracy is null)
        {
            // An accuracy that depends on the batches is no figure of the model.
            yield return "---";
            yield break;
        }
        yield return "metrics:";
        yield return "- accuracy";
        yield return "model-index:";
        yield return $"- name: {Quoted(summary.Name)}";
        yield return "  results:";
        yield return "  - task:";
        yield return "      type: image-classification";
        yield return "    dataset:";
        yield return $"      type: {Quoted(summary.Dataset.Name)}";
        yield return $"      name: {Quoted(summary.Dataset.Name)}";
        yield return "      split: test";
        yield return "    metrics:";
        foreach (var (type, name, value) in Metrics(network))
        {
            yield return $"    - type: {type}";
            yield return $"      name: {Quoted(name)}";
            yield return Invariant($"      value: {value:0.######}");
        }
        yield return "---";
    }

    static IEnumerable<(string Type, string Name, double Value)> Metrics(RunSummary network)
    {
        yield return (
            "accuracy",
            Invariant($"Accuracy, 95 % interval {network.TestAccuracyLow:0.0000} to {network.TestAccuracyHigh:0.0000}"),
            network.TestAccuracy!.Value
        );
        if (network.Classification is not { } figures)
            yield break;
        yield return ("f1", "Mean F1 of the classes", figures.MacroF1);
        if (figures.Calibration is { } calibration)
            yield return ("expected_calibration_error", "Expected calibration error, 15 bins", calibration.ExpectedError);
    }

    static string Quoted(string text)
    {
        var quoted = JsonSerializer.Serialize(Printable.Line(text), s_readable);
        // JSON writes a letter beyond 16 bits as two halves, which YAML reads as two letters that are none.
        return Halves().Replace(quoted, pair => char.ConvertFromUtf32(char.ConvertToUtf32(Half(pair, 1), Half(pair, 2))));
    }

    static char Half(Match pair, int group) =>
        (char)ushort.Parse(pair.Groups[group].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>What the hub takes for the name of a data set; others are named in the text alone.</summary>
    [GeneratedRegex(@"^([a-zA-Z0-9][\w.-]*/)?[a-zA-Z0-9][\w.-]*$")]
    private static partial Regex DataSetName();

    [GeneratedRegex(@"\\u(D[89AB][0-9A-F]{2})\\u(D[C-F][0-9A-F]{2})", RegexOptions.IgnoreCase)]
    private static partial Regex Halves();
}
