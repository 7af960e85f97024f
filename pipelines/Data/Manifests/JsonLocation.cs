using System.Text.Json;

namespace NoisyNN.Pipelines.Data.Manifests;

/// <summary>A JSON value with its location, so that every error names the file and the JSON path.</summary>
readonly record struct JsonLocation(string File, string Path, JsonElement Value)
{
    public JsonLocation this[string name] => Find(name) ?? throw Error($"lacks \"{name}\"");

    public JsonLocation? Find(string name)
    {
        if (Value.ValueKind != JsonValueKind.Object)
            throw Error($"must be an object, not {Kind}");
        return Value.TryGetProperty(name, out var child) ? new JsonLocation(File, PathOf(name), child) : null;
    }

    /// <summary>The elements of a list. JSON-LD allows a list of one element without brackets.</summary>
    public IEnumerable<JsonLocation> Items
    {
        get
        {
            if (Value.ValueKind != JsonValueKind.Array)
            {
                yield return this;
                yield break;
            }
            var index = 0;
            foreach (var item in Value.EnumerateArray())
                yield return new JsonLocation(File, $"{Path}[{index++}]", item);
        }
    }

    public string Text =>
        Value.ValueKind == JsonValueKind.String && Value.GetString() is { Length: > 0 } text
            ? text
            : throw Error($"must be a text, not {Kind}");

    public int Integer =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out var number)
            ? number
            : throw Error($"must be a whole number, not {Kind}");

    public bool HasText(string text) => Items.Any(item => item.Value.ValueKind == JsonValueKind.String && item.Value.ValueEquals(text));

    public InvalidDataException Error(string complaint) => new($"{File}: {Path} {complaint}.");

    string Kind =>
        Value.ValueKind switch
        {
            JsonValueKind.String => $"\"{Value.GetString()}\"",
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.Null or JsonValueKind.Undefined => "nothing",
            _ => Value.GetRawText(),
        };

    string PathOf(string name) => name.All(character => char.IsAsciiLetterOrDigit(character)) ? $"{Path}.{name}" : $"{Path}['{name}']";
}
