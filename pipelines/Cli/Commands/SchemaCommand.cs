using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments.Declared;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>schema</c>: prints the JSON schema of experiment files.</summary>
sealed class SchemaCommand : Command
{
    // The output is not HTML, so formulas and Greek letters need no escapes.
    static readonly JsonSerializerOptions s_readable = new(JsonSerializerOptions.Default)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    readonly Argument<string> _kind = new("KIND")
    {
        HelpName = "KIND",
        Description = "experiment, for the files of 'train', or bounds, for the files of 'bounds'.",
        DefaultValueFactory = _ => ExperimentSchema.Experiment,
    };

    /// <param name="terminal">Receives the schema.</param>
    public SchemaCommand(Terminal terminal)
        : base(
            "schema",
            """
            Prints the JSON schema (draft 2020-12) of experiment files: every key with its type, range, default and meaning. An editor
            completes and checks a file that names the schema in its first line.

            Example:  noisynn schema > experiment.schema.json
                      # yaml-language-server: $schema=experiment.schema.json      (the first line of your file)
            """
        )
    {
        _kind.AcceptOnlyFromAmong(ExperimentSchema.Experiment, ExperimentSchema.Bounds);
        Add(_kind);
        SetAction(parsed => terminal.Output.WriteLine(ExperimentSchema.Of(parsed.GetValue(_kind)!).ToJsonString(s_readable)));
    }
}
