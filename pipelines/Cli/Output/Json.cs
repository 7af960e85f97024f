using System.Text.Encodings.Web;
using System.Text.Json;

namespace NoisyNN.Pipelines.Cli.Output;

/// <summary>Figures for other programs: indented JSON with camel-case keys.</summary>
static class Json
{
    static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    public static void Write<T>(TextWriter output, T value) => output.WriteLine(JsonSerializer.Serialize(value, s_options));
}
