using NoisyNN.Pipelines.Yaml.Assignments;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace NoisyNN.Pipelines.Yaml;

/// <summary>
/// Reads text as YAML nodes within limits. It counts the depth and the size, including what aliases repeat, before it builds any node.
/// Building and walking nodes recurses, and a few lines of aliases can stand for billions of nodes.
/// </summary>
static class YamlText
{
    const int DeepestNesting = 64,
        MostNodes = 100_000;

    /// <summary>The documents of a text.</summary>
    /// <exception cref="YamlException">The text is not YAML or exceeds the limits. <see cref="Explain"/> words the reason.</exception>
    public static IList<YamlDocument> Load(string text)
    {
        RequireLimits(new Parser(new StringReader(text)));
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents;
    }

    /// <summary>A text of one document as keys with dots, such as <c>training.epochs</c>, and the text of each value.</summary>
    /// <exception cref="YamlException">The text is not YAML or exceeds the limits.</exception>
    public static IReadOnlyDictionary<string, string> Flatten(string text) => FlatDeclaration.Of(Load(text).Single().RootNode);

    /// <summary>The same, or null for a text that is not YAML or exceeds the limits.</summary>
    public static IReadOnlyDictionary<string, string>? TryFlatten(string text)
    {
        try
        {
            return Load(text) is [var document] ? FlatDeclaration.Of(document.RootNode) : null;
        }
        catch (YamlException)
        {
            return null;
        }
    }

    /// <summary>The line of the error, from 1, and the end of a sentence that says what the text is.</summary>
    /// <param name="refused">What <see cref="Load"/> threw.</param>
    /// <param name="text">The text.</param>
    public static (long Line, string Problem) Explain(YamlException refused, string text)
    {
        if (refused is BeyondLimitsException)
            return (refused.Start.Line, refused.Message);
        // For a tab, the scanner reports the beginning of the structure that the tab breaks.
        var lines = text.Split('\n');
        if (Array.FindIndex(lines, line => line[..^line.TrimStart().Length].Contains('\t')) is >= 0 and var tab)
            return (tab + 1, "not valid YAML: the line is indented with a tab; use spaces");
        var cause = refused.InnerException is ArgumentException duplicate ? duplicate.Message : refused.Message;
        // YamlDotNet refuses some anchors within braces that the specification allows.
        var remedy =
            cause.Contains("flow", StringComparison.Ordinal) && lines.ElementAtOrDefault((int)refused.Start.Line - 1)?.Contains('&') == true
                ? " Anchors within braces are not supported: write the section on lines of its own."
                : "";
        return (refused.Start.Line, $"not valid YAML: {OneLine.Of(new FormatException(cause))}{remedy}");
    }

    static void RequireLimits(Parser parser)
    {
        var open = new Stack<(AnchorName Anchor, long Nodes)>();
        var sizes = new Dictionary<AnchorName, long>();
        while (parser.MoveNext())
        {
            switch (parser.Current)
            {
                case DocumentStart:
                    sizes.Clear();
                    break;
                case SequenceStart or MappingStart:
                    open.Push((((NodeEvent)parser.Current).Anchor, 1));
                    if (open.Count > DeepestNesting)
                        throw new BeyondLimitsException(
                            parser.Current,
                            $"nested more than {DeepestNesting} levels deep; a declaration needs 6 at most"
                        );
                    break;
                case SequenceEnd or MappingEnd:
                    var (anchor, nodes) = open.Pop();
                    Add(parser.Current, anchor, nodes);
                    break;
                case AnchorAlias alias:
                    if (open.Any(parent => parent.Anchor == alias.Value))
                        throw new BeyondLimitsException(alias, $"endless: the alias *{alias.Value} stands inside the node that it repeats");
                    Add(alias, AnchorName.Empty, sizes.GetValueOrDefault(alias.Value, 1));
                    break;
                case Scalar scalar:
                    Add(scalar, scalar.Anchor, 1);
                    break;
                default:
                    break;
            }
        }

        void Add(ParsingEvent place, AnchorName anchor, long nodes)
        {
            if (!anchor.IsEmpty)
                sizes[anchor] = nodes;
            if (open.TryPop(out var parent))
            {
                nodes += parent.Nodes;
                open.Push((parent.Anchor, nodes));
            }
            if (nodes > MostNodes)
                throw new BeyondLimitsException(
                    place,
                    $"too long: it has more than {MostNodes} values, including those that aliases repeat"
                );
        }
    }

    sealed class BeyondLimitsException(ParsingEvent place, string message) : YamlException(place.Start, place.End, message);
}
