using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Listing;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>schema</c>: prints the JSON schema of experiment files, or of the summaries of runs.</summary>
sealed class SchemaCommand : Command
{
    // The output is not HTML, so formulas and Greek letters need no escapes.
    static readonly JsonSerializerOptions s_readable = new(JsonSerializerOptions.Default)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="terminal">Receives the schema.</param>
    public SchemaCommand(Terminal terminal)
        : base(
            "schema",
            """
            Prints the JSON schema (draft 2020-12) of experiment files: every key with its type, range, default and meaning. An editor
            completes and checks a file that names the schema in its first line. With --summary, prints the schema of summary.json.

            Example:  noisynn schema > experiment.schema.json
                      # yaml-language-server: $schema=experiment.schema.json      (the first line of your file)
            """
        )
    {
        var summary = new Option<bool>("--summary") { Description = "Print the schema of the summary.json that every run writes." };
        Add(summary);
        SetAction(parsed =>
            terminal.Output.WriteLine(
                (parsed.GetValue(summary) ? SummarySchema.Create() : ExperimentSchema.Create()).ToJsonString(s_readable)
            )
        );
    }
}
